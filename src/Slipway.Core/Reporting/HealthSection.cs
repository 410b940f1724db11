using Slipway.Core.Ledgers;
using Slipway.Core.Reporting.Contract;
using Slipway.Core.Requests;

namespace Slipway.Core.Reporting;

/// <summary>
/// The newest interval with telemetry, both arms together. Without one every value is 0 and availability is a warning, which the check
/// "report coverage" names.
/// </summary>
internal static class HealthSection
{
    public static HealthMetrics Of(ReportView view)
    {
        var both = view.State.LastInterval?.Both is { Requests: > 0 } sample ? sample : null;
        double? rate = both is null ? null : Math.Clamp(100.0 * both.Errors / both.Requests, 0, 100);
        var sla = (double)(view.Request.Guardrails.Availability?.Value ?? LowerLimit(view) ?? 0);
        var seconds = view.State.LastInterval?.Length.TotalSeconds ?? 0;
        var rps = both is not null && seconds > 0 ? both.Requests / seconds : 0;
        var capacity = (double)(view.Request.Operations.CapacityRps ?? 0);
        return new HealthMetrics(
            new AvailabilityHealth(rate is null ? 0 : 100 - rate.Value, sla, AvailabilityOf(100 - rate, sla)),
            new ErrorRateHealth(
                rate ?? 0,
                Math.Clamp((double)(view.Limit("error_rate") ?? view.Request.Guardrails.ErrorRate?.Limit ?? 0), 0, 100),
                TrendOf(rate is null ? [] : [.. view.State.EarlierErrorRates, rate.Value])),
            new LatencyHealth(
                both?.Latency.Percentile(0.5) ?? 0, both?.Latency.Percentile(0.95) ?? 0, both?.Latency.Percentile(0.99) ?? 0,
                Math.Max(0, view.LatencyBudget ?? 0)),
            new ThroughputHealth(rps, capacity > 0 ? 100 * rps / capacity : 0),
            [.. view.Request.Guardrails.Kpis.Select(kpi => Kpi(view, kpi))]);
    }

    /// <summary>At the objective or above: healthy; below it by no more than its error budget once more: warning; further: critical. Not
    /// measured: warning.</summary>
    public static AvailabilityStatus AvailabilityOf(double? current, double sla) => current switch
    {
        null => AvailabilityStatus.Warning,
        { } value when value >= sla => AvailabilityStatus.Healthy,
        { } value when value >= sla - (100 - sla) => AvailabilityStatus.Warning,
        _ => AvailabilityStatus.Critical,
    };

    /// <summary>
    /// From at least three error rates, oldest first: the last three rise (or fall) without a break, in all by more than a tenth of the
    /// first and more than 0.05 percentage points; else stable.
    /// </summary>
    public static ErrorTrend TrendOf(IReadOnlyList<double> rates)
    {
        if (rates.Count < 3) return ErrorTrend.Stable;
        var (first, second, third) = (rates[^3], rates[^2], rates[^1]);
        var enough = Math.Max(0.05, first / 10);
        return second > first && third > second && third - first > enough ? ErrorTrend.Increasing
            : second < first && third < second && first - third > enough ? ErrorTrend.Decreasing
            : ErrorTrend.Stable;
    }

    /// <summary>Better or worse than the baseline by more than the tolerated share of it: positive or negative; else neutral.</summary>
    public static KpiImpact ImpactOf(double? value, double? baseline, KpiSpec kpi)
    {
        if (value is not { } now || baseline is not { } before || before == 0) return KpiImpact.Neutral;
        var change = (now - before) / Math.Abs(before);
        var better = kpi.Direction == KpiDirection.HigherIsBetter ? change : -change;
        return better < -kpi.ToleratedDrop.Fraction ? KpiImpact.Negative : better > kpi.ToleratedDrop.Fraction ? KpiImpact.Positive : KpiImpact.Neutral;
    }

    private static BusinessKpi Kpi(ReportView view, KpiSpec kpi)
    {
        var evidence = view.Analysed?.Evidence ?? StageEvidence.Empty;
        var (value, baseline) = (CanarySection.Mean(evidence.Canary, kpi.Name), CanarySection.Mean(evidence.Control, kpi.Name));
        return new BusinessKpi(ReportText.OrElse(kpi.Name, "unnamed metric"), value ?? 0, baseline ?? 0, ImpactOf(value, baseline, kpi));
    }

    private static decimal? LowerLimit(ReportView view) => view.Plan.Triggers
        .Where(trigger => trigger.Metric == "availability" && trigger.Below is not null)
        .Select(trigger => trigger.Below)
        .Max();
}
