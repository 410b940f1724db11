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
    /// <summary>Open questions that are written out; all of them stand in the clarifying questions, and in what <c>slipway validate --questions</c> says.</summary>
    private const int MostOpen = 5;

    public static string Render(ReleaseDossier dossier)
    {
        var document = new MarkdownBuilder();
        var open = dossier.Gaps.Gaps.Where(gap => !gap.Blocking).ToList();
        foreach (var gap in dossier.Gaps.Gaps.Where(gap => gap.Blocking)) document.Bullet($"{DocumentParts.Question(gap.Question)} (blocks the start)");
        foreach (var gap in open.Take(MostOpen)) document.Bullet(DocumentParts.Question(gap.Question));
        if (open.Count > MostOpen)
            document.Bullet(string.Create(CultureInfo.InvariantCulture, $"🚧 and {open.Count - MostOpen} more, none of which blocks: {MarkdownText.Link("all questions by topic", dossier.Link(DocumentNames.ClarifyingQuestions))}"));
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
