namespace Slipway.Core.Requests;

/// <summary>The metrics that every release has. Beside them there are the request's own KPIs.</summary>
public static class MetricNames
{
    /// <summary>Failed requests in percent.</summary>
    public const string ErrorRate = "error_rate";

    /// <summary>Median latency in milliseconds.</summary>
    public const string LatencyP50 = "latency_p50";

    /// <summary>95th percentile latency in milliseconds.</summary>
    public const string LatencyP95 = "latency_p95";

    /// <summary>99th percentile latency in milliseconds.</summary>
    public const string LatencyP99 = "latency_p99";

    /// <summary>Successful requests in percent.</summary>
    public const string SuccessRate = "success_rate";

    /// <summary>Availability in percent.</summary>
    public const string Availability = "availability";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [ErrorRate, LatencyP50, LatencyP95, LatencyP99, SuccessRate, Availability];

    /// <summary>Whether the metric is a share in percent.</summary>
    public static bool IsShare(string metric) => metric is ErrorRate or SuccessRate or Availability;

    /// <summary>Whether the metric is a latency in milliseconds.</summary>
    public static bool IsLatency(string metric) => metric is LatencyP50 or LatencyP95 or LatencyP99;
}
