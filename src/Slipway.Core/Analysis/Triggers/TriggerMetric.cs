using System.Globalization;
using Slipway.Core.Requests;

namespace Slipway.Core.Analysis.Triggers;

/// <summary>
/// A metric that a trigger can watch. The built-in ones are reduced to "bad events among requests": an error rate counts errors; a latency
/// percentile above a limit is the statement that more than its complement of the requests are slower than the limit. That gives them
/// an exact binomial bound. Every other name is a business metric: the mean of its values, with the normal bound of a mean.
/// </summary>
public sealed record TriggerMetric
{
    /// <summary>A business metric has a bound only from this many values on: before, the normal approximation of a mean says too much.</summary>
    public const int FewestValues = 30;

    /// <summary>The normal quantile that belongs to <see cref="BinomialBounds.CrossingConfidence"/>.</summary>
    private const double CrossingDeviations = 3.719016485455709;

    private readonly double _quantile;

    private TriggerMetric(string name, MetricUnit unit, double quantile) => (Name, Unit, _quantile) = (name, unit, quantile);

    /// <summary>error_rate, latency_p50, latency_p95, latency_p99, success_rate, availability, or a business metric's name.</summary>
    public string Name { get; }

    /// <summary>The unit of values and limits.</summary>
    public MetricUnit Unit { get; }

    /// <summary>The metric of that name.</summary>
    public static TriggerMetric Of(string name) => name switch
    {
        MetricNames.ErrorRate or MetricNames.SuccessRate or MetricNames.Availability => new(name, MetricUnit.Percent, 0),
        MetricNames.LatencyP50 => new(name, MetricUnit.Milliseconds, 0.50),
        MetricNames.LatencyP95 => new(name, MetricUnit.Milliseconds, 0.95),
        MetricNames.LatencyP99 => new(name, MetricUnit.Milliseconds, 0.99),
        _ => new(name, MetricUnit.None, 0),
    };

    /// <summary>The value in the metric's unit; null without requests, or without a value of the business metric.</summary>
    public double? Value(ArmSample sample)
    {
        if (Unit == MetricUnit.None) return sample.Kpis.TryGetValue(Name, out var kpi) && kpi.Count > 0 ? kpi.Sum / kpi.Count : null;
        if (sample.Requests == 0) return null;
        return Name switch
        {
            MetricNames.ErrorRate => 100.0 * sample.Errors / sample.Requests,
            MetricNames.SuccessRate or MetricNames.Availability => 100.0 * (sample.Requests - sample.Errors) / sample.Requests,
            _ => sample.Latency.Total == 0 ? null : sample.Latency.Percentile(_quantile),
        };
    }

    /// <summary>Whether <see cref="Bound"/> is beyond a limit; cheaper than the bound itself.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="above">Whether beyond means above.</param>
    /// <param name="limit">In the metric's unit.</param>
    public bool IsBeyond(ArmSample sample, bool above, double limit)
    {
        if (Unit == MetricUnit.Percent && sample.Requests > 0)
        {
            var errors = Math.Min(sample.Errors, sample.Requests);
            var share = Name == MetricNames.ErrorRate ? limit / 100 : 1 - (limit / 100);
            return Name == MetricNames.ErrorRate == above
                ? BinomialBounds.Exceeds(errors, sample.Requests, share)
                : BinomialBounds.FallsBelow(errors, sample.Requests, share);
        }

        if (Unit == MetricUnit.Milliseconds && above && sample.Requests > 0)
        {
            if (sample.CountsAbove(limit)) return BinomialBounds.Exceeds(sample.SlowerThan(limit), sample.Latency.Total, 1 - _quantile);

            // The first bucket whose upper edge is beyond the limit: what lies above it is slower for certain.
            var bucket = LatencyHistogram.BucketOf(limit);
            if (LatencyHistogram.UpperEdge(bucket) <= limit) bucket++;
            return bucket < LatencyHistogram.LastBucket && BinomialBounds.Exceeds(sample.Latency.Above(bucket), sample.Latency.Total, 1 - _quantile);
        }

        return Bound(sample, above) is { } bound && (above ? bound > limit : bound < limit);
    }

    /// <summary>
    /// The value that the true one is beyond with 99.99 % confidence, on the limit's far side: a lower bound for "above", an upper bound
    /// for "below". Null without requests, and for a business metric with fewer than <see cref="FewestValues"/> values.
    /// </summary>
    public double? Bound(ArmSample sample, bool above)
    {
        if (Unit == MetricUnit.None) return MeanBound(sample, above);
        if (sample.Requests == 0) return null;
        if (Unit == MetricUnit.Percent)
        {
            var errors = Math.Min(sample.Errors, sample.Requests);
            var rising = Name == MetricNames.ErrorRate ? above : !above;
            var share = rising ? BinomialBounds.Lower(errors, sample.Requests) : BinomialBounds.Upper(errors, sample.Requests);
            return 100 * (Name == MetricNames.ErrorRate ? share : 1 - share);
        }

        return above ? LatencyAtLeast(sample.Latency) : LatencyAtMost(sample.Latency);
    }

    /// <summary>A value in the metric's unit, for people.</summary>
    public string Text(double value) => Unit switch
    {
        MetricUnit.Milliseconds => string.Create(CultureInfo.InvariantCulture, $"{value:0} ms"),
        MetricUnit.Percent => string.Create(CultureInfo.InvariantCulture, $"{value:0.##} %"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value:G4}"),
    };

    private double? MeanBound(ArmSample sample, bool above)
    {
        if (!sample.Kpis.TryGetValue(Name, out var kpi) || kpi.Count < FewestValues) return null;
        var mean = kpi.Sum / kpi.Count;
        var variance = Math.Max(0, (kpi.SumOfSquares - (kpi.Count * mean * mean)) / (kpi.Count - 1));
        var slack = CrossingDeviations * Math.Sqrt(variance / kpi.Count);
        return above ? mean - slack : mean + slack;
    }

    /// <summary>The smallest bucket edge that the percentile stays below with confidence; the largest edge of all when none.</summary>
    private double LatencyAtMost(LatencyHistogram latency)
    {
        var total = latency.Total;
        long slower = total;
        foreach (var (bucket, count) in latency.Counts)
        {
            slower -= count;
            if (BinomialBounds.FallsBelow(slower, total, 1 - _quantile)) return LatencyHistogram.UpperEdge(bucket);
        }

        return LatencyHistogram.UpperEdge(LatencyHistogram.LastBucket);
    }

    /// <summary>The largest bucket edge that the percentile exceeds with confidence: 0 when none.</summary>
    private double LatencyAtLeast(LatencyHistogram latency)
    {
        var total = latency.Total;
        long slower = 0;
        foreach (var (bucket, count) in latency.Counts.Reverse())
        {
            slower += count;
            if (BinomialBounds.Exceeds(slower, total, 1 - _quantile)) return bucket == 0 ? 0 : LatencyHistogram.UpperEdge(bucket - 1);
        }

        return 0;
    }
}

/// <summary>The unit of a metric's values and limits.</summary>
public enum MetricUnit
{
    /// <summary>Percent, 0 to 100.</summary>
    Percent,

    /// <summary>Milliseconds.</summary>
    Milliseconds,

    /// <summary>Whatever the business metric is counted in.</summary>
    None,
}
