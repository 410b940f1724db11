using System.Text.Json;
using Slipway.Benchmarks.Measuring;
using Slipway.Benchmarks.Statistics;

namespace Slipway.Benchmarks.Reporting;

/// <summary>The table as one JSON document. What is infinite ("never") or unknown is null.</summary>
internal static class JsonReport
{
    private const string Schema = "slipway.verdict-benchmark.v1";

    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Writes it.</summary>
    public static string Write(Report report) => JsonSerializer.Serialize(
        new
        {
            Schema,
            report.Mode,
            report.System,
            report.Processor,
            report.Runtime,
            Report.Seeds,
            report.Runs,
            Seconds = Math.Round(report.Took.TotalSeconds, 1),
            Rows = report.Rows.Select(Of),
        },
        Options);

    private static object Of(Row row) => new
    {
        row.Section,
        row.Case,
        row.Tolerance,
        row.Runs,
        Goals = row.Goals.Select(goal => new { goal.Text, State = Word(goal.State) }),
        State = Word(row.State),
        Result = row.Result is { } result ? Of(result) : null,
        Worst = row.Worst is { } worst ? Of(worst) : null,
        row.WorstCell,
        OfTwoMetrics = row.TwoMetrics is { } two ? Of(two) : null,
        Detections = row.Detections is { } found ? Of(found) : null,
        LimitMinutes = row.LimitMinutes is { } limit ? Finite(limit) : null,
        TimesLimit = row.OverLimit is { } over ? Finite(over) : null,
        Figures = row.Figures.ToDictionary(figure => figure.Name, figure => Finite(figure.Value)),
        Rivals = row.Rivals.Select(rival => new { rival.Name, Result = Of(rival.Result) }),
    };

    private static object Of(Share share) => new { Rate = Finite(share.Rate), Low = Finite(share.Low), High = Finite(share.High), share.Hits, share.Of };

    private static object Of(Detections found) => new
    {
        Caught = Of(found.Caught),
        BeforeItBegan = Of(found.Early),
        MedianMinutes = Finite(found.Median),
        MedianLow = Finite(found.MedianLow),
        MedianHigh = Finite(found.MedianHigh),
        P90Minutes = Finite(found.P90),
        Harmed = Finite(found.Harmed),
    };

    private static string Word(GoalState state) => state switch
    {
        GoalState.Met => "met",
        GoalState.Open => "open",
        GoalState.Missed => "missed",
        _ => "none",
    };

    private static double? Finite(double value) => double.IsFinite(value) ? Math.Round(value, 6) : null;
}
