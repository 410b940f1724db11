namespace Slipway.Core.Analysis;

/// <summary>
/// A metric that a trigger can watch, reduced to "bad events among requests": an error rate counts errors; a latency percentile above a
/// limit is the statement that more than its complement of the requests are slower than the limit. That gives every trigger an exact
/// binomial bound.
/// </summary>
public sealed record TriggerMetric
{
    private readonly double _quantile;

    private TriggerMetric(string name, bool latency, double quantile) => (Name, IsLatency, _quantile) = (name, latency, quantile);

    /// <summary>error_rate, latency_p50, latency_p95, latency_p99, success_rate or availability.</summary>
    public string Name { get; }

    /// <summary>Whether values are milliseconds; otherwise percent.</summary>
    public bool IsLatency { get; }

    /// <summary>The built-in metrics' names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["error_rate", "latency_p50", "latency_p95", "latency_p99", "success_rate", "availability"];

    /// <summary>The metric of that name; null when it is not built in (a business metric).</summary>
    public static TriggerMetric? Find(string name) => name switch
    {
        "error_rate" or "success_rate" or "availability" => new(name, false, 0),
        "latency_p50" => new(name, true, 0.50),
        "latency_p95" => new(name, true, 0.95),
        "latency_p99" => new(name, true, 0.99),
        _ => null,
    };

    /// <summary>The value in percent or milliseconds; null without requests.</summary>
    public double? Value(ArmSample sample)
    {
        if (sample.Requests == 0) return null;
        return Name switch
        {
            "error_rate" => 100.0 * sample.Errors / sample.Requests,
            "success_rate" or "availability" => 100.0 * (sample.Requests - sample.Errors) / sample.Requests,
            _ => sample.Latency.Total == 0 ? null : sample.Latency.Percentile(_quantile),
        };
    }

    /// <summary>
    /// The value that the true one is beyond with 99.99 % confidence, on the limit's far side: a lower bound for "above", an upper bound
    /// for "below". Null without requests, or for "below" on a latency, which no trigger needs.
    /// </summary>
    public double? Bound(ArmSample sample, bool above)
    {
        if (sample.Requests == 0) return null;
        if (!IsLatency)
        {
            var errors = Math.Min(sample.Errors, sample.Requests);
            var rising = Name == "error_rate" ? above : !above;
            var share = rising ? BinomialBounds.Lower(errors, sample.Requests) : BinomialBounds.Upper(errors, sample.Requests);
            return 100 * (Name == "error_rate" ? share : 1 - share);
        }

        return above ? LatencyBound(sample.Latency) : null;
    }

    /// <summary>The largest bucket edge that the percentile exceeds with confidence: 0 when none.</summary>
    private double LatencyBound(LatencyHistogram latency)
    {
        var total = latency.Total;
        long slower = 0;
        foreach (var (bucket, count) in latency.Counts.Reverse())
        {
            slower += count;
            if (BinomialBounds.Lower(slower, total) > 1 - _quantile) return bucket == 0 ? 0 : LatencyHistogram.UpperEdge(bucket - 1);
        }

        return 0;
    }
}
