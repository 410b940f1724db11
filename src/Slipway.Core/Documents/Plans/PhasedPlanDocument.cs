using System.Globalization;
using Slipway.Core.Documents.Markdown;
using Slipway.Core.Documents.Rollback;
using Slipway.Core.Documents.Stages;

namespace Slipway.Core.Documents.Plans;

/// <summary>
/// The phased plan: exactly two sections, a table of phases with five columns and the way back in at most 400 words. Questions stand before the
/// first section; where something blocks the start there are only questions.
/// </summary>
internal static class PhasedPlanDocument
{
    public static string Render(ReleaseDossier dossier)
    {
        var document = new MarkdownBuilder();
        foreach (var gap in dossier.Gaps.Gaps) document.Bullet($"{DocumentParts.Question(gap.Question)}{(gap.Blocking ? " (blocks the start)" : "")}");
        if (dossier.Gaps.Insufficient is not null) return document.ToString();
        document.Heading(2, "PhasedPlan");
        document.Table(
            ["Phase", "Goal", "Traffic %", "Required Checks", "Rollback Path"],
            StageGuide.Of(dossier).Where(guide => guide.Runs).Select(guide => Row(dossier, guide)));
        document.Heading(2, "rollbackProcedures");
        document.Numbered(CondensedRollback.Items(dossier));
        return document.ToString();
    }

    private static IReadOnlyList<string> Row(ReleaseDossier dossier, StageGuide guide)
    {
        var dashboard = dossier.DashboardOf(Requests.MetricNames.ErrorRate);
        var watched = guide.Exposes
            ? $"; alarms: {string.Join(", ", guide.Alarms.Select(alarm => MarkdownText.Inline(alarm, 60)))}; dashboard: {MarkdownText.Link(dashboard.Name, dashboard.Url)}"
            : $"; dashboard: {MarkdownText.Link(dashboard.Name, dashboard.Url)}";
        return
        [
            string.Create(CultureInfo.InvariantCulture, $"{guide.Stage.Number} {guide.Stage.Name}"),
            guide.Goal,
            DocumentNumbers.Share(guide.Stage.Share ?? default),
            string.Join("; ", guide.Criteria) + watched,
            $"{guide.Back}: {MarkdownText.Code(dossier.RollbackCommand)}. Users are on the old version within {DocumentNumbers.Minutes(dossier.Estimates.Level1)}, no request is dropped. Then verified: flags read back, smoke checks, metrics as before",
        ];
    }
}
