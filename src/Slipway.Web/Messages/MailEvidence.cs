using System.Globalization;
using Slipway.Core.Documents.Evidence;

namespace Slipway.Web.Messages;

/// <summary>A part of a mail behind its link; the same in the text and the HTML part.</summary>
/// <param name="Heading">What it is about.</param>
/// <param name="Before">What stands above the table, a paragraph each.</param>
/// <param name="Titles">The columns.</param>
/// <param name="Widths">The most characters of each column in the text part: with the gaps 78 in all.</param>
/// <param name="Rows">The cells; empty: no table.</param>
/// <param name="After">What stands below the table, a paragraph each.</param>
/// <param name="Link">Where there is more; empty: nowhere.</param>
internal sealed record MailBlock(
    string Heading, IReadOnlyList<string> Before, IReadOnlyList<string> Titles, IReadOnlyList<int> Widths, IReadOnlyList<IReadOnlyList<string>> Rows, IReadOnlyList<string> After, string Link);

/// <summary>Rehearsal and power for who is asked to approve: what decides, and a link to all of it. Bounded, whatever was stated.</summary>
internal static class MailEvidence
{
    private const int MostScenarios = 32, MostStages = 24, MostBroken = 5;

    private static readonly string[] ScenarioTitles = ["Scenario", "Outcome", "Detected", "Safe", "Kept"], PowerTitles = ["Stage", "Metric", "80 %", "95 %", "Doubling"];
    private static readonly int[] ScenarioWidths = [22, 26, 9, 9, 4], PowerWidths = [30, 12, 7, 7, 13];

    public static IReadOnlyList<MailBlock> Of(StartEvidence evidence) => [Rehearsal(evidence), Power(evidence)];

    private static MailBlock Rehearsal(StartEvidence evidence)
    {
        var fit = evidence.Scenarios.Where(line => line.Kept is not null).ToList();
        var shown = fit.Count <= MostScenarios ? fit : [.. fit.OrderBy(line => line.Kept != false).Take(MostScenarios)];
        var broken = fit.Where(line => line.Kept == false).ToList();
        var after = broken.Take(MostBroken).Select(line => $"{line.Scenario}: {line.Promises}").ToList();
        if (broken.Count > MostBroken) after.Add(string.Create(CultureInfo.InvariantCulture, $"{broken.Count - MostBroken} more are broken."));
        if (fit.Count > shown.Count) after.Add(string.Create(CultureInfo.InvariantCulture, $"{fit.Count - shown.Count} more scenarios are not shown here."));
        if (evidence.Scenarios.Count - fit.Count is > 0 and var unfit) after.Add(string.Create(CultureInfo.InvariantCulture, $"{unfit} {(unfit == 1 ? "scenario does" : "scenarios do")} not apply to this plan."));
        if (shown.Count > 0) after.Add("Detected: median. Safe: the worst time from the decision to go back until nobody had the new version.");
        if (evidence.Command.Length > 0) after.Add($"Before a start, {evidence.Command} makes one.");
        return Block(
            "Rehearsal of the way back", [evidence.Result, evidence.Statement], ScenarioTitles, ScenarioWidths,
            shown.Select(line => new[] { line.Scenario, line.Outcome, line.Detected, line.Safe, line.Kept == true ? "yes" : "NO" }), after, "");
    }

    private static MailBlock Power(StartEvidence evidence)
    {
        List<string> after = evidence.Power.Count > MostStages ? [string.Create(CultureInfo.InvariantCulture, $"{evidence.Power.Count - MostStages} more rows are not shown here.")] : [];
        if (evidence.Power.Count > 0) after.Add("80 % and 95 %: the smallest regression found with this chance, as a multiple of the old version. Doubling: when, or how likely, twice the rate is found.");
        return Block(
            "How small a regression each stage finds", evidence.Assumptions, PowerTitles, PowerWidths,
            evidence.Power.Take(MostStages).Select(line => new[] { line.Stage, line.Metric, line.Likely, line.NearlySure, line.Twice }), after, evidence.Page);
    }

    private static MailBlock Block(string heading, IEnumerable<string> before, string[] titles, int[] widths, IEnumerable<string[]> rows, IEnumerable<string> after, string link) => new(
        heading,
        Paragraphs(before),
        titles,
        widths,
        [.. rows.Select(row => (IReadOnlyList<string>)[.. row.Select(MessageText.Line)])],
        Paragraphs(after),
        Uri.TryCreate(link, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? MessageText.Line(link) : "");

    private static IReadOnlyList<string> Paragraphs(IEnumerable<string> texts) =>
        [.. texts.Select(MessageText.Line).Where(text => text.Length > 0)];
}
