using Slipway.Core.Requests;

namespace Slipway.Core.Planning;

/// <summary>What is asked of one metric beside its limit, in its unit.</summary>
/// <param name="Metric">error_rate, latency_p95 or availability.</param>
/// <param name="Baseline">What the present version has; null: not stated.</param>
/// <param name="Target">What a stage must be better than to be promoted; null: nothing.</param>
/// <param name="Warning">What warns; null: nothing.</param>
/// <param name="Critical">The limit.</param>
/// <param name="Within">How far above the baseline a promotion may be, as a fraction; null: it does not matter.</param>
public sealed record PlannedBand(string Metric, decimal? Baseline, decimal? Target, decimal? Warning, decimal Critical, decimal? Within = null)
{
    /// <summary>Which way is worse.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool HigherIsWorse => Metric != MetricNames.Availability;

    /// <summary>The largest value that is within the baseline; null where there is no stated baseline, or it does not matter.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public decimal? MostWithinBaseline => Baseline * (1 + Within);

    /// <summary>The latency above which a request is not below a target: latencies are kept to a tenth of a millisecond.</summary>
    public static decimal JustBelow(decimal target) => target - 0.1m;

    /// <summary>Of the guardrails that state anything beside their limit.</summary>
    /// <param name="guardrails">The request's guardrails.</param>
    internal static IReadOnlyList<PlannedBand> Of(GuardrailSpec guardrails)
    {
        var profile = GuardrailProfile.Default;
        return
        [
            .. Band(MetricNames.ErrorRate, guardrails.ErrorRate?.Band, guardrails.ErrorRate?.Limit ?? profile.ErrorRatePercent, null),
            .. Band(MetricNames.LatencyP95, guardrails.LatencyP95?.Band, guardrails.LatencyP95?.Limit ?? profile.LatencyP95Milliseconds, guardrails.LatencyP95?.WithinBaseline?.Value / 100),
            .. Band(MetricNames.Availability, guardrails.AvailabilityBand, guardrails.Availability?.Value ?? profile.AvailabilityPercent, null),
        ];

        static IEnumerable<PlannedBand> Band(string metric, MetricBand? band, decimal critical, decimal? within) =>
            band is null && within is null ? [] : [new PlannedBand(metric, band?.Baseline, band?.Target, band?.Warning, critical, within)];
    }

    /// <summary>Every latency of a request at which something is decided, ascending: requests above each are counted exactly.</summary>
    /// <param name="guardrails">The request's guardrails.</param>
    internal static IReadOnlyList<double> LatencyEdges(GuardrailSpec guardrails)
    {
        var band = Of(guardrails).FirstOrDefault(known => known.Metric == MetricNames.LatencyP95);
        decimal?[] edges =
        [
            guardrails.LatencyP95?.Limit ?? GuardrailProfile.Default.LatencyP95Milliseconds, band?.Target is { } target ? JustBelow(target) : null, band?.Warning, band?.MostWithinBaseline,
            .. guardrails.Triggers.Where(trigger => MetricNames.IsLatency(trigger.Metric)).Select(trigger => trigger.Above ?? trigger.Below),
        ];
        return [.. edges.OfType<decimal>().Select(edge => (double)edge).Distinct().Order()];
    }
}
