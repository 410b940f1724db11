using System.Globalization;
using Slipway.Core.Documents.Markdown;
using Slipway.Core.Gates;
using Slipway.Rehearsal.Running;

namespace Slipway.Cli.Rehearsing;

/// <summary>The scenarios of a rehearsal, each as one row over all of its seeds.</summary>
internal static class RehearsalRows
{
    /// <summary>The rows that go with a start: those with broken promises first where there are more than are taken.</summary>
    public static IReadOnlyList<RehearsalRow> Of(RehearsalReport report)
    {
        var rows = report.Scenarios.Select(Of).ToList();
        return rows.Count <= RehearsalBounds.MostRows ? rows : [.. rows.OrderBy(row => row.Kept != false).Take(RehearsalBounds.MostRows)];
    }

    /// <summary>One row.</summary>
    public static RehearsalRow Of(ScenarioResult scenario)
    {
        var runs = scenario.Runs;
        var name = Cut(scenario.Name, RehearsalBounds.LongestName);
        if (scenario.NotApplicable is { } why) return new RehearsalRow { Scenario = name, Remark = Cut(why, RehearsalBounds.LongestRemark) };
        return new RehearsalRow
        {
            Scenario = name,
            Stage = scenario.Stage,
            Outcomes = runs.GroupBy(scenario.OutcomeOf, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count()),
            MinutesToDetect = Median(runs.Select(run => run.MinutesToDetect)),
            RequestsHarmed = (long?)Median(runs.Select(run => (double?)run.RequestsHarmed)),
            PeakExposure = runs.Select(run => (double?)run.PeakExposure).Max(),
            MinutesToSafe = runs.Max(run => run.MinutesToSafe),
            Kept = scenario.Passed,
            Remark = scenario.Passed ? "" : Cut(Broken(scenario), RehearsalBounds.LongestRemark),
        };
    }

    private static string Broken(ScenarioResult scenario)
    {
        var all = scenario.Refuted.Concat(scenario.Runs.SelectMany(run => run.Broken)).Distinct(StringComparer.Ordinal).ToList();
        return all.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $"{Cut(all[0], RehearsalBounds.LongestRemark - 20)}; {all.Count - 1} more") : all[0];
    }

    // The ellipsis of a cut text counts too.
    private static string Cut(string text, int most) => text.Length <= most ? MarkdownText.Clean(text, most) : MarkdownText.Clean(text, most - 1);

    private static double? Median(IEnumerable<double?> values)
    {
        var known = values.OfType<double>().Order().ToList();
        return known.Count == 0 ? null : known[(known.Count - 1) / 2];
    }
}
