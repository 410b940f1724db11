namespace Slipway.Core.Reporting.Contract;

/// <summary>What the evidence says.</summary>
/// <param name="TrafficPercentage">Actual share of the canary, in percent.</param>
/// <param name="DurationMinutes">Time analysed so far.</param>
/// <param name="Metrics">Both arms.</param>
/// <param name="StatisticalConfidence">1 - p of the two-sided two-proportion z test on the error counts.</param>
/// <param name="Recommendation">The decision taken.</param>
public sealed record CanaryAnalysis(
    double TrafficPercentage,
    double DurationMinutes,
    CanaryMetrics Metrics,
    double StatisticalConfidence,
    Recommendation Recommendation);

/// <summary>Both arms, by metric.</summary>
/// <param name="ErrorRate">Failed requests, percent.</param>
/// <param name="LatencyP95">95th percentile, milliseconds.</param>
/// <param name="SuccessRate">Good requests, percent.</param>
/// <param name="CustomMetrics">Every declared business metric, and every measurement that was seen.</param>
public sealed record CanaryMetrics(
    GuardMetric ErrorRate,
    GuardMetric LatencyP95,
    GuardMetric SuccessRate,
    IReadOnlyList<CustomMetric> CustomMetrics);

/// <summary>One guarded metric.</summary>
/// <param name="Baseline">The control arm.</param>
/// <param name="Canary">The canary.</param>
/// <param name="Delta">Canary minus baseline.</param>
/// <param name="Verdict">Pass also while undecided; fail also while blind.</param>
public sealed record GuardMetric(double Baseline, double Canary, double Delta, MetricVerdict Verdict);

/// <summary>One business metric.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Baseline">Mean of the control arm.</param>
/// <param name="Canary">Mean of the canary.</param>
/// <param name="Verdict">As for guarded metrics.</param>
public sealed record CustomMetric(string Name, double Baseline, double Canary, MetricVerdict Verdict);

/// <summary>The contract's verdict on one metric.</summary>
public enum MetricVerdict
{
    /// <summary>Nothing stands against promotion by it.</summary>
    Pass,

    /// <summary>It stands against promotion.</summary>
    Fail,
}

/// <summary>The decision taken.</summary>
public enum Recommendation
{
    /// <summary>Go on.</summary>
    Promote,

    /// <summary>Go back.</summary>
    Rollback,

    /// <summary>Look longer.</summary>
    ExtendAnalysis,
}
