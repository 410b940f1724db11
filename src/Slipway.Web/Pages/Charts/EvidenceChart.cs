using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Slipway.Core.Outlook;

namespace Slipway.Web.Pages.Charts;

/// <summary>
/// The evidence of one metric as a drawing: both arms over time, the new version's 99 % band, the limit, the stages, and where it was decided to
/// go back. All geometry is made here, in whole tenths of a unit, so that the same ledger gives the same picture. Pure.
/// </summary>
public sealed record EvidenceChart
{
    /// <summary>The drawing's width.</summary>
    public const int Width = 760;

    /// <summary>The drawing's height.</summary>
    public const int Height = 260;

    internal const int Left = 56;
    internal const int Right = 16;
    internal const int Top = 22;
    internal const int Bottom = 30;

    /// <summary>The metric.</summary>
    public required ChartMetric Metric { get; init; }

    /// <summary>The same data as numbers, oldest first.</summary>
    public required IReadOnlyList<ChartRow> Rows { get; init; }

    /// <summary>How long one row is.</summary>
    public required TimeSpan RowLength { get; init; }

    /// <summary>The new version's band, as an SVG path; empty where there is none.</summary>
    public required string Band { get; init; }

    /// <summary>The new version's line.</summary>
    public required string CanaryLine { get; init; }

    /// <summary>The old version's line.</summary>
    public required string ControlLine { get; init; }

    /// <summary>The limit; null: the plan has none.</summary>
    public required ChartTick? Limit { get; init; }

    /// <summary>Stages and the decision to go back.</summary>
    public required IReadOnlyList<ChartMark> Marks { get; init; }

    /// <summary>The value axis.</summary>
    public required IReadOnlyList<ChartTick> Values { get; init; }

    /// <summary>The time axis.</summary>
    public required IReadOnlyList<ChartTick> Times { get; init; }

    /// <summary>What the picture shows, in one sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>A timeline is immutable, and an open page asks for its chart every few seconds: the bands of its slots are worked out once while it lives.</summary>
    private static readonly ConditionalWeakTable<EvidenceTimeline, ConcurrentDictionary<(string Id, string Title, double? Limit), EvidenceChart?>> Drawn = [];

    /// <summary>The chart of a metric; null where fewer than two rows hold anything of the new version.</summary>
    /// <param name="timeline">What was judged.</param>
    /// <param name="metric">The metric.</param>
    /// <param name="limit">The plan's limit in the metric's unit; null: none.</param>
    public static EvidenceChart? Of(EvidenceTimeline timeline, ChartMetric metric, double? limit) =>
        timeline.Slots.Count < 2 ? null : Drawn.GetValue(timeline, static _ => new()).GetOrAdd((metric.Id, metric.Title, limit), _ => Draw(timeline, metric, limit));

    private static EvidenceChart? Draw(EvidenceTimeline timeline, ChartMetric metric, double? limit)
    {
        var rows = timeline.Slots
            .Select(slot => new ChartRow(slot.Start, metric.Value(slot.Canary), metric.Count(slot.Canary), metric.Value(slot.Control), metric.Count(slot.Control)))
            .Where(row => row.Canary is not null || row.Control is not null)
            .ToList();
        if (rows.Count(row => row.Canary is not null) < 2) return null;

        var scale = ChartScale.Of(rows, timeline.Length, limit, timeline.Marks.Find(mark => mark.Kind == EvidenceMarkKind.Rollback)?.At);
        var marks = timeline.Marks
            .Where(mark => mark.At >= scale.From - timeline.Length && mark.At <= scale.To)
            .Select(mark => new ChartMark(scale.X(mark.At), mark.Kind, mark.Kind == EvidenceMarkKind.Stage ? mark.Text : "rolled back"))
            .ToList();
        return new EvidenceChart
        {
            Metric = metric,
            Rows = rows,
            RowLength = timeline.Length,
            Band = BandOf(rows, scale),
            CanaryLine = Line(rows, scale, row => row.Canary),
            ControlLine = Line(rows, scale, row => row.Control),
            Limit = limit is { } value ? new ChartTick(scale.Y(value), $"limit {metric.Text(value)}") : null,
            Marks = marks,
            Values = [.. scale.Steps().Select(step => new ChartTick(scale.Y(step), metric.Text(step)))],
            Times = [.. scale.Moments().Select(at => new ChartTick(scale.X(at), at.UtcDateTime.ToString(scale.TimeFormat, CultureInfo.InvariantCulture)))],
            Summary = Words(rows, metric, limit),
        };
    }

    private static string Words(List<ChartRow> rows, ChartMetric metric, double? limit)
    {
        var last = rows.FindLast(row => row.Canary is not null)!;
        var control = last.Control is { } old ? $", old version {metric.Text(old.Value)}" : "";
        var against = limit is { } value ? $"; the limit is {metric.Text(value)}" : "";
        return $"{metric.Title}: new version {metric.Text(last.Canary!.Value)} (99 % between {metric.Text(last.Canary.Low)} and {metric.Text(last.Canary.High)}){control} in the newest interval{against}.";
    }

    private static string Line(List<ChartRow> rows, ChartScale scale, Func<ChartRow, ChartValue?> arm)
    {
        var path = new StringBuilder();
        ChartRow? before = null;
        foreach (var row in rows)
        {
            if (arm(row) is not { } value) continue;
            // A gap in the telemetry is a gap in the line.
            var joined = before is not null && row.Start - before.Start <= scale.RowLength * 1.5;
            path.Append(CultureInfo.InvariantCulture, $"{(joined ? 'L' : 'M')}{scale.Middle(row):0.#} {scale.Y(value.Value):0.#}");
            before = row;
        }

        return path.ToString();
    }

    private static string BandOf(List<ChartRow> rows, ChartScale scale)
    {
        var path = new StringBuilder();
        var run = new List<ChartRow>();
        foreach (var row in rows.Where(row => row.Canary is not null))
        {
            if (run.Count > 0 && row.Start - run[^1].Start > scale.RowLength * 1.5) Close(path, run, scale);
            run.Add(row);
        }

        Close(path, run, scale);
        return path.ToString();
    }

    private static void Close(StringBuilder path, List<ChartRow> run, ChartScale scale)
    {
        if (run.Count > 1)
        {
            for (var i = 0; i < run.Count; i++)
                path.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? 'M' : 'L')}{scale.Middle(run[i]):0.#} {scale.Y(run[i].Canary!.High):0.#}");
            for (var i = run.Count - 1; i >= 0; i--)
                path.Append(CultureInfo.InvariantCulture, $"L{scale.Middle(run[i]):0.#} {scale.Y(run[i].Canary!.Low):0.#}");
            path.Append('Z');
        }

        run.Clear();
    }
}

/// <summary>A place on an axis.</summary>
/// <param name="At">Its coordinate.</param>
/// <param name="Text">What stands there.</param>
public sealed record ChartTick(double At, string Text);

/// <summary>A line across the chart.</summary>
/// <param name="X">Where.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Text">In words.</param>
public sealed record ChartMark(double X, EvidenceMarkKind Kind, string Text);
