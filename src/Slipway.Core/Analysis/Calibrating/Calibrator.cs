using Slipway.Core.Analysis.Promotion;
using Slipway.Core.Analysis.Sequential;
using Slipway.Core.Releases;

namespace Slipway.Core.Analysis.Calibrating;

/// <summary>What a metric source said of one stage's cohort.</summary>
/// <param name="Percentage">The stage's percentage.</param>
/// <param name="Reading">The cohort against the others, over <see cref="Calibrator.LookBack"/> or, except for the smallest percentage, at
/// least <see cref="AaOffset.Span"/>.</param>
public sealed record StageCohort(Percentage Percentage, CohortReading Reading);

/// <summary>
/// Learns from the time in which nobody was exposed: by how much each stage's users differ from the others anyway, and whether noise has
/// memory. Pure.
/// </summary>
public static class Calibrator
{
    /// <summary>No older interval is looked at.</summary>
    public static readonly TimeSpan MostLookBack = TimeSpan.FromHours(6);

    /// <summary>The fewest failures of the cohort in an interval, on average, for an estimate of memory: with fewer, what is seen is the
    /// chance of each failure.</summary>
    public const double FewestFailures = 1;

    /// <summary>The metric of failed requests.</summary>
    public const string ErrorRate = "error_rate";

    /// <summary>The metric of slow requests.</summary>
    public const string LatencyP95 = "latency_p95";

    private const string Pool = "all";

    /// <summary>How far back the smallest cohort is read: enough for the offset and for the memory of noise, at most
    /// <see cref="MostLookBack"/>; a multiple of the interval.</summary>
    public static TimeSpan LookBack(TimeSpan interval)
    {
        var wanted = interval * NoiseMemory.FewestIntervals;
        if (wanted < AaOffset.Span) wanted = AaOffset.Span;
        if (wanted > MostLookBack) wanted = MostLookBack;
        return Whole(wanted, interval);
    }

    /// <summary>How far back the larger cohorts are read: <see cref="AaOffset.Span"/>, as a multiple of the interval.</summary>
    public static TimeSpan OffsetSpan(TimeSpan interval) => Whole(AaOffset.Span, interval);

    /// <summary>The calibration that the readings give.</summary>
    /// <param name="plan">What was asked for.</param>
    /// <param name="cohorts">One reading a percentage, ascending; the smallest also serves the memory of noise.</param>
    /// <param name="interval">Length of an interval.</param>
    /// <param name="until">End of the last interval that was read.</param>
    public static Calibration Measure(CalibrationPlan plan, IReadOnlyList<StageCohort> cohorts, TimeSpan interval, DateTimeOffset until)
    {
        if (plan.Why.Length > 0) return Calibration.WithoutCohort(plan.Why);
        if (cohorts.Count == 0) return Calibration.Unmeasured("no cohort was read");
        if (cohorts.All(cohort => cohort.Reading.Sight != CohortSight.Seen)) return Calibration.Unmeasured(CalibrationNotes.Why(cohorts[0].Reading.Sight));

        var from = until - OffsetSpan(interval);
        List<MetricOffset> offsets = [.. cohorts.SelectMany(cohort => Offsets(plan, cohort.Percentage, [.. cohort.Reading.Observations.Where(row => row.Start >= from && row.Start < until)]))];
        var logRatios = LogRatios(cohorts[0].Reading.Observations, out var failures);
        var enough = logRatios.Count > 0 && failures >= FewestFailures * logRatios.Count;
        var memory = enough ? NoiseMemory.Lag1(logRatios) : null;
        var block = NoiseMemory.BlockOf(memory, plan.Tolerated);
        return new Calibration
        {
            Offsets = offsets,
            Autocorrelation = memory,
            BlockIntervals = block,
            Notes =
            [
                CalibrationNotes.Offsets(offsets, OffsetSpan(interval).Ticks / interval.Ticks),
                .. plan.HasAudience ? new[] { CalibrationNotes.Audience } : [],
                CalibrationNotes.Memory(memory, block, plan.Tolerated, logRatios.Count, failures),
            ],
        };
    }

    /// <summary>Each region where several are planned or seen, then all of them.</summary>
    private static IEnumerable<MetricOffset> Offsets(CalibrationPlan plan, Percentage percentage, IReadOnlyList<Observation> rows)
    {
        rows = [.. rows.Where(HasBoth)];
        var regions = rows.GroupBy(row => row.Region, StringComparer.Ordinal).OrderBy(region => region.Key, StringComparer.Ordinal).ToList();
        var scopes = regions.Where(_ => plan.HasRegions || regions.Count > 1).Select(region => (region.Key, Rows: region.ToList())).Append((Pool, Pooled(rows)));
        foreach (var (region, own) in scopes)
        {
            if (Offset(ErrorRate, region, percentage, own.Select(CountFailures)) is { } errors) yield return errors;
            var slow = LatencyHistogram.Empty;
            foreach (var row in own) slow = slow.Add(row.Control!.Latency);
            if (Offset(LatencyP95, region, percentage, own.Select(row => Slower(row, slow.Percentile(0.95)))) is { } latency) yield return latency;
        }
    }

    private static MetricOffset? Offset(string metric, string region, Percentage percentage, IEnumerable<ArmCounts> counts)
    {
        var sums = counts.Where(interval => interval.Comparable).Aggregate(default(CountSums), (sum, interval) => sum + CountSums.Of(interval));
        return !sums.Counts.Informative ? null : new MetricOffset(
            metric, region, percentage.Value, sums.LogRatio, sums.Variance, AaOffset.Estimate(sums, percentage.Fraction), sums.Intervals);
    }

    /// <summary>The memory of noise shows in the ratio of failures, an interval with any failure after the other.</summary>
    private static List<double> LogRatios(IReadOnlyList<Observation> rows, out long failures)
    {
        List<ArmCounts> intervals = [.. Pooled(rows).Select(CountFailures).Where(counts => counts.Informative)];
        failures = intervals.Sum(counts => counts.CanaryBad);
        return [.. intervals.Select(counts => Math.Log((counts.CanaryBad + 0.5) / counts.Canary) - Math.Log((counts.ControlBad + 0.5) / counts.Control))];
    }

    private static List<Observation> Pooled(IEnumerable<Observation> rows) =>
    [
        .. rows.Where(HasBoth).GroupBy(row => row.Start).OrderBy(interval => interval.Key)
            .Select(interval => interval.Aggregate((left, right) => left with { Canary = left.Canary!.Add(right.Canary!), Control = left.Control!.Add(right.Control!) })),
    ];

    private static bool HasBoth(Observation row) => row is { Canary: not null, Control: not null };

    private static ArmCounts CountFailures(Observation row) => Failures.Count(row.Canary!, row.Control!);

    /// <summary>Slow is slower than the others' own 95th percentile, in both arms.</summary>
    private static ArmCounts Slower(Observation row, double edge)
    {
        var (cohort, others) = (row.Canary!.Latency, row.Control!.Latency);
        return new ArmCounts(cohort.SlowerThan(edge), cohort.Total, others.SlowerThan(edge), others.Total);
    }

    private static TimeSpan Whole(TimeSpan wanted, TimeSpan interval) => interval * Math.Max(1, wanted.Ticks / interval.Ticks);
}
