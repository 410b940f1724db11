using System.Globalization;
using Slipway.Core.Documents.Markdown;
using Slipway.Core.Ledgers;

namespace Slipway.Core.Documents.Run;

/// <summary>Everything that the release did and decided, in order: one row for each line of the audit trail, with the number of its ledger entry.</summary>
internal static class DeploymentLogDocument
{
    public static string Render(ReleaseDossier dossier)
    {
        var document = new MarkdownBuilder();
        document.Heading(2, $"Deployment Log: {MarkdownText.Inline(dossier.Title, 120)}");
        if (dossier.State is not { Created: not null } state)
        {
            document.Paragraph("The release has not been started: nothing has happened yet.");
            return document.ToString();
        }

        document.Paragraph($"{MarkdownText.Code(dossier.Plan.ReleaseId.Value)} stands at {state.Phase.ToString().ToLowerInvariant()} since {DocumentNumbers.Moment(state.PhaseSince)}: {MarkdownText.Inline(state.PhaseReason.Length > 0 ? state.PhaseReason : "as recorded")}");
        if (state.Audit.Count > ReleaseState.AuditLimit)
            document.Paragraph(string.Create(CultureInfo.InvariantCulture, $"The first line and the newest {ReleaseState.AuditLimit:N0} are shown; the ledger has all."));
        document.Table(
            ["Time (UTC)", "Entry", "Who", "What", "Details"],
            state.Audit.Select(line => (IReadOnlyList<string>)
            [
                line.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                line.Sequence.ToString(CultureInfo.InvariantCulture),
                MarkdownText.Inline(line.Actor, 80),
                MarkdownText.Inline(line.Action, 120),
                MarkdownText.Inline(line.Details, 500),
            ]));
        return document.ToString();
    }
}
