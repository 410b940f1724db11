using Slipway.Core.Documents.Markdown;

namespace Slipway.Core.Documents.Evidence;

/// <summary>What was rehearsed of the way back, and how small a regression each stage can see.</summary>
internal static class RehearsalDocument
{
    public static string Render(ReleaseDossier dossier)
    {
        var evidence = dossier.Evidence;
        var document = new MarkdownBuilder();
        document.Heading(1, $"Rehearsal and Power: {MarkdownText.Inline(dossier.Title, 120)}");
        document.Heading(2, "Rehearsal");
        document.Paragraph(MarkdownText.Inline(evidence.Result, 1000));
        if (evidence.Statement.Length > 0) document.Paragraph($"**{MarkdownText.Inline(evidence.Statement)}**");
        if (evidence.Command.Length > 0) document.Paragraph($"Make one with {MarkdownText.Code(evidence.Command)} before the start: it runs the same workflow on the same plan in virtual time, and {MarkdownText.Code("slipway start")} sends the result.");
        if (evidence.Scenarios.Count > 0)
        {
            document.Table(RehearsalLine.Titles, evidence.Scenarios.Select(Row));
            document.Paragraph(StartEvidence.Columns);
        }
        else if (evidence.Rehearsal is not null)
        {
            document.Paragraph("The scenarios were not stated one by one.");
        }

        document.Heading(2, "Power");
        foreach (var assumption in evidence.Assumptions) document.Paragraph(MarkdownText.Inline(assumption));
        if (evidence.Power.Count > 0)
        {
            document.Table(PowerLine.Titles, evidence.Power.Select(line => line.Cells.Select(cell => MarkdownText.Inline(cell)).ToList()));
            document.Paragraph($"{PowerLine.Ratios} Harmed: requests that the regression found with 80 % spoils until then.");
        }

        return document.ToString();
    }

    /// <summary>Whatever is not kept stands out.</summary>
    private static IReadOnlyList<string> Row(RehearsalLine line) =>
        [.. line.Cells.Take(line.Cells.Count - 1).Select(cell => MarkdownText.Inline(cell)), line.Kept == false ? $"**{MarkdownText.Inline(line.Promises)}**" : MarkdownText.Inline(line.Promises)];
}
