namespace Slipway.Core.Reporting.Contract;

/// <summary>The newest interval with telemetry, both arms together.</summary>
/// <param name="Availability">Good requests.</param>
/// <param name="ErrorRate">Failed requests.</param>
/// <param name="Latency">Latencies.</param>
/// <param name="Throughput">Load.</param>
/// <param name="BusinessKpis">Every declared business metric.</param>
public sealed record HealthMetrics(
    AvailabilityHealth Availability,
    ErrorRateHealth ErrorRate,
    LatencyHealth Latency,
    ThroughputHealth Throughput,
    IReadOnlyList<BusinessKpi> BusinessKpis);

/// <summary>Availability against its objective.</summary>
/// <param name="Current">Percent.</param>
/// <param name="Sla">Percent.</param>
/// <param name="Status">How they compare.</param>
public sealed record AvailabilityHealth(double Current, double Sla, AvailabilityStatus Status);

/// <summary>Availability against its objective.</summary>
public enum AvailabilityStatus
{
    /// <summary>At the objective or above.</summary>
    Healthy,

    /// <summary>Below it by no more than the error budget once more; or not measured.</summary>
    Warning,

    /// <summary>Further below.</summary>
    Critical,
}

/// <summary>Error rate against its threshold.</summary>
/// <param name="Current">Percent.</param>
/// <param name="Threshold">Percent.</param>
/// <param name="Trend">From at least three intervals.</param>
public sealed record ErrorRateHealth(double Current, double Threshold, ErrorTrend Trend);

/// <summary>Where the error rate goes.</summary>
public enum ErrorTrend
{
    /// <summary>No clear direction.</summary>
    Stable,

    /// <summary>Up.</summary>
    Increasing,

    /// <summary>Down.</summary>
    Decreasing,
}

/// <summary>Latencies in milliseconds.</summary>
/// <param name="P50">Median.</param>
/// <param name="P95">95th percentile.</param>
/// <param name="P99">99th percentile.</param>
/// <param name="Budget">The budget for the 95th percentile.</param>
public sealed record LatencyHealth(double P50, double P95, double P99, double Budget);

/// <summary>Load.</summary>
/// <param name="RequestsPerSecond">Requests a second.</param>
/// <param name="CapacityUsed">Percent of the stated capacity; 0 when none is stated.</param>
public sealed record ThroughputHealth(double RequestsPerSecond, double CapacityUsed);

/// <summary>One business metric.</summary>
/// <param name="Metric">Its name.</param>
/// <param name="Value">Mean of the canary.</param>
/// <param name="Baseline">Mean of the control arm.</param>
/// <param name="Impact">For better or worse, beyond the tolerated drop.</param>
public sealed record BusinessKpi(string Metric, double Value, double Baseline, KpiImpact Impact);

/// <summary>For better or worse.</summary>
public enum KpiImpact
{
    /// <summary>Better.</summary>
    Positive,

    /// <summary>No clear change.</summary>
    Neutral,

    /// <summary>Worse.</summary>
    Negative,
}
