using Slipway.Benchmarks.Statistics;

namespace Slipway.Benchmarks.Measuring;

/// <summary>
/// How a judge did on regressions. A regression that begins with minute i and is found when minute j is judged took j - i + 1 minutes; one
/// that is not found took for ever. Runs that were rolled back before it began are false rollbacks and count for neither.
/// </summary>
internal sealed record Detections
{
    /// <summary>Found, among runs that were not rolled back before.</summary>
    public required Share Caught { get; init; }

    /// <summary>Rolled back before the regression began.</summary>
    public required Share Early { get; init; }

    /// <summary>Median minutes; infinite where less than half were found.</summary>
    public required double Median { get; init; }

    /// <summary>The 95 % interval of the median, from order statistics.</summary>
    public required double MedianLow { get; init; }

    /// <inheritdoc cref="MedianLow"/>
    public required double MedianHigh { get; init; }

    /// <summary>Nine of ten took no longer; infinite where fewer were found.</summary>
    public required double P90 { get; init; }

    /// <summary>Mean bad canary requests above the healthy rate, until the rollback or the end of the release.</summary>
    public required double Harmed { get; init; }

    /// <summary>Sums up.</summary>
    public static Detections Of(IReadOnlyList<JudgedRun> runs, int from)
    {
        var counted = runs.Where(run => run.Alarm is not { } alarm || alarm >= from).ToArray();
        var minutes = counted.Select(run => run.Alarm - from + 1.0 ?? double.PositiveInfinity).Order().ToArray();

        // The median lies between these order statistics with 95 %: ranks n/2 -+ 1.96 sqrt(n)/2.
        var away = 0.98 * Math.Sqrt(minutes.Length);
        return new Detections
        {
            Caught = new Share(minutes.Count(double.IsFinite), minutes.Length),
            Early = new Share(runs.Count - counted.Length, runs.Count),
            Median = At(minutes, (minutes.Length - 1) / 2),
            MedianLow = At(minutes, (int)Math.Floor((minutes.Length / 2.0) - away) - 1),
            MedianHigh = At(minutes, (int)Math.Ceiling((minutes.Length / 2.0) + away)),
            P90 = At(minutes, (int)Math.Ceiling(0.9 * minutes.Length) - 1),
            Harmed = counted.Length == 0 ? 0 : counted.Average(run => run.Harmed),
        };
    }

    private static double At(double[] sorted, int index) => sorted.Length == 0 ? double.NaN : sorted[Math.Clamp(index, 0, sorted.Length - 1)];
}
