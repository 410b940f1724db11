using Slipway.Core.Analysis;

namespace Slipway.Azure.Metrics;

/// <summary>One arm of a region and interval, while its rows are read.</summary>
internal sealed class ArmCounts
{
    public long Requests { get; set; }

    public long Errors { get; set; }

    public long? Users { get; set; }

    public long? FailedUsers { get; set; }

    public Dictionary<int, long> Buckets { get; } = [];

    public Dictionary<string, long> Slower { get; } = new(StringComparer.Ordinal);

    public SortedSet<string> ErrorTypes { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, long> Dependencies { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, KpiSample> Kpis { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, MeasurementSample> Measurements { get; } = new(StringComparer.Ordinal);

    /// <summary>The counts; throws <see cref="LogTableException"/> when they cannot be of the same requests.</summary>
    /// <param name="edges">The thresholds above which requests are counted; one without a row has none.</param>
    public ArmSample ToSample(IReadOnlyList<double> edges)
    {
        var latency = new LatencyHistogram(Buckets);
        if (Errors > Requests || latency.Total > Requests || FailedUsers > Errors)
        {
            throw new LogTableException(
                $"{Requests} requests with {Errors} errors, {latency.Total} latencies and {FailedUsers ?? 0} failed users came for one arm; expected at most as many of each as requests, and of failed users as errors");
        }

        if (Kpis.Values.Any(kpi => !double.IsFinite(kpi.Sum) || !double.IsFinite(kpi.SumOfSquares)) || Measurements.Values.Any(one => !double.IsFinite(one.Sum)))
            throw new LogTableException("the values of one arm came to a sum that is no number; expected values that can be added up");

        return new ArmSample
        {
            Requests = Requests,
            Errors = Errors,
            Latency = latency,
            Users = Users,
            FailedUsers = FailedUsers,
            ErrorTypes = [.. ErrorTypes],
            DependencyFailures = Dependencies,
            Kpis = Kpis,
            Slower = [.. edges.Select(edge => new SlowCount(edge, Slower.GetValueOrDefault(ObservationTable.EdgeName(edge))))],
            Measurements = Measurements,
        };
    }
}
