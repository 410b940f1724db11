using Slipway.Core.Requests;

namespace Slipway.Core.Planning;

/// <summary>The limits that count when a request gives none. A request may be looser; the plan then says so.</summary>
/// <param name="ErrorRatePercent">Failed requests in percent; crossed above.</param>
/// <param name="LatencyP95Milliseconds">95th percentile latency; crossed above.</param>
/// <param name="AvailabilityPercent">Successful requests in percent; crossed below.</param>
public sealed record GuardrailProfile(decimal ErrorRatePercent, decimal LatencyP95Milliseconds, decimal AvailabilityPercent)
{
    /// <summary>The trigger that follows from the error-rate limit.</summary>
    public const string ErrorRateTrigger = $"{MetricNames.ErrorRate} limit";

    /// <summary>The trigger that follows from the latency limit.</summary>
    public const string LatencyTrigger = $"{MetricNames.LatencyP95} limit";

    /// <summary>The trigger that follows from the availability objective.</summary>
    public const string AvailabilityTrigger = $"{MetricNames.Availability} objective";

    /// <summary>The trigger that follows from a guardrail's warning.</summary>
    public static string WarningTrigger(string metric) => $"{metric} warning";

    /// <summary>Error rate 0.5 %, p95 500 ms, availability 99.5 %.</summary>
    public static GuardrailProfile Default { get; } = new(0.5m, 500m, 99.5m);
}
