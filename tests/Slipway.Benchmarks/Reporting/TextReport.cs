using System.Globalization;
using System.Text;
using Slipway.Benchmarks.Measuring;
using Slipway.Benchmarks.Rows;

namespace Slipway.Benchmarks.Reporting;

/// <summary>The table as plain text.</summary>
internal static class TextReport
{
    private static readonly string[] Heads =
        ["case", "tolerated", "runs", "measured [95 %]", "median/p90 min", "harmed", "x limit", "goal", "", .. Rivals.Names];

    /// <summary>Writes it.</summary>
    public static string Write(Report report)
    {
        var text = new StringBuilder();
        text.AppendLine(Invariant($"Verdicts, {report.Mode}: {report.Runs:N0} simulated releases and stages in {report.Took.TotalSeconds:0} s"));
        text.AppendLine($"{report.System}; {report.Processor}; {report.Runtime}");
        text.AppendLine($"seeds: {Report.Seeds}");
        foreach (var section in report.Rows.GroupBy(row => row.Section)) Section(text, section.Key, [.. section]);
        text.AppendLine();
        text.AppendLine("""
            Minutes: a regression that begins with minute i and is found when minute j is judged took j - i + 1; "-": less than half (nine of
            ten) were found. Harmed: bad canary requests above the healthy rate until then, mean. x limit: the median over the fewest minutes
            that any judge needs on average (ln 200 of evidence). Goal "open": too few runs to tell (measured worse, but the 95 % interval
            includes the goal; or better, but the interval reaches beyond three times the goal). Worst: the worst combination of base rate and
            traffic, with an interval that holds for all of them together. Of two: releases with two independent metrics.
            Rivals: share rolled back; for regressions the share found and the median minutes, and "!" the share rolled back before it began.
            Of healthy releases they saw the first of each combination only. limit: canary's minute above twice the healthy error rate or 1.5
            times the healthy p95 (at least 100 requests). 3 in row: three such minutes. M-W: Mann-Whitney at 98 % on minute series, every
            five minutes or at the stage's end. z each min: two-proportion z at 1 % each minute. plain e: e-process of the binomial
            likelihood, at our level.
            """);
        var counts = report.Rows.Where(row => row.Goals.Count > 0).GroupBy(row => row.State).ToDictionary(group => group.Key, group => group.Count());
        text.AppendLine(Invariant(
            $"goals: {counts.GetValueOrDefault(GoalState.Met)} met, {counts.GetValueOrDefault(GoalState.Open)} open, {counts.GetValueOrDefault(GoalState.Missed)} missed"));
        return text.ToString();
    }

    private static void Section(StringBuilder text, string name, IReadOnlyList<Row> rows)
    {
        string[][] lines = [Heads, .. rows.Select(Cells)];
        int[] columns = [.. Enumerable.Range(0, Heads.Length).Where(column => column == 0 || lines.Skip(1).Any(line => line[column].Length > 0))];
        var widths = columns.ToDictionary(column => column, column => lines.Max(line => line[column].Length));
        text.AppendLine().AppendLine(name);
        foreach (var line in lines)
            text.AppendLine(string.Join("  ", columns.Select(column => line[column].PadRight(widths[column]))).TrimEnd());
    }

    private static string[] Cells(Row row) =>
    [
        row.Case,
        row.Tolerance is { } tolerance ? Invariant($"{tolerance:0.##}") : "",
        Invariant($"{row.Runs}"),
        Measured(row),
        row.Detections is { } found ? $"{Median(found)} / {Minutes(found.P90)}" : "",
        row.Detections is { } harm ? Invariant($"{harm.Harmed:0}") : "",
        row.OverLimit is { } over ? Invariant($"{over:0.0}") : "",
        string.Join(", ", row.Goals.Select(goal => goal.Text)),
        row.State switch { GoalState.Met => "met", GoalState.Open => "open", GoalState.Missed => "MISSED", _ => "" },
        .. Rivals.Names.Select(name => row.Rivals.FirstOrDefault(rival => rival.Name == name).Result is { } result ? Rival(row, result) : ""),
    ];

    private static string Measured(Row row)
    {
        List<string> parts = [];
        if (row.Result is { } result) parts.Add($"{Percent(result.Rate)} [{Percent(result.Low)}-{Percent(result.High)}]");
        if (row.Worst is { } worst) parts.Add($"worst {Percent(worst.Rate)} [{Percent(worst.Low)}-{Percent(worst.High)}] ({row.WorstCell})");
        if (row.TwoMetrics is { } two) parts.Add($"of two {Percent(two.Rate)}");
        parts.AddRange(row.Figures.Select(figure => Invariant($"{figure.Name} {(double.IsFinite(figure.Value) ? figure.Value : "-")}")));
        return string.Join("; ", parts);
    }

    private static string Rival(Row row, Detections result)
    {
        var early = result.Early.Rate > 0.01 ? $" !{result.Early.Rate * 100:0}%" : "";
        return row.Detections is null ? Percent(result.Caught.Rate) + "%" : Invariant($"{result.Caught.Rate * 100:0}% {Minutes(result.Median)}{early}");
    }

    private static string Median(Detections found) =>
        double.IsFinite(found.Median) ? $"{Minutes(found.Median)} [{Minutes(found.MedianLow)}, {Minutes(found.MedianHigh)}]" : "-";

    private static string Percent(double share) => (share * 100).ToString(share < 0.001 ? "0.###" : share < 0.1 ? "0.00" : "0.#", CultureInfo.InvariantCulture);

    private static string Minutes(double minutes) => double.IsFinite(minutes) ? minutes.ToString("0.#", CultureInfo.InvariantCulture) : "-";

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
