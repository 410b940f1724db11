using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Reporting.Contract;

namespace Slipway.Core.Reporting;

/// <summary>
/// What the evidence says. Values are totals of the analysed stage; a verdict is <c>fail</c> for a standing finding on that metric and
/// while sight is lost, else <c>pass</c> (also while undecided); the recommendation is the decision taken.
/// </summary>
internal static class CanarySection
{
    private static readonly string[] ErrorMetrics = ["error_rate", "success_rate", "availability"];

    public static CanaryAnalysis Of(ReportView view)
    {
        var evidence = view.Analysed?.Evidence ?? StageEvidence.Empty;
        var (canary, control) = (evidence.Canary, evidence.Control);
        var errors = Verdict(view, ErrorMetrics);
        var latency = Verdict(view, ["latency_p50", "latency_p95", "latency_p99"]);
        // A failing assessment that names no metric of the contract is a failure of the first.
        if (errors == MetricVerdict.Pass && latency == MetricVerdict.Pass && Unnamed(view)) errors = MetricVerdict.Fail;
        var seen = canary.Requests + control.Requests;
        return new CanaryAnalysis(
            seen > 0 ? 100.0 * canary.Requests / seen : (double)view.Exposure,
            view.Stages.Sum(stage => stage.Evidence.Analysed.TotalMinutes),
            new CanaryMetrics(
                Guard(control.ErrorRate, canary.ErrorRate, errors),
                Guard(P95(control), P95(canary), latency),
                Guard(100 - control.ErrorRate, 100 - canary.ErrorRate, errors),
                [
                    .. view.Request.Guardrails.Kpis.Select(kpi => new CustomMetric(
                        ReportText.OrElse(kpi.Name, "unnamed metric"), Mean(control, kpi.Name) ?? 0, Mean(canary, kpi.Name) ?? 0, Verdict(view, [kpi.Name]))),
                    .. from measurement in view.Plan.Evidence.Measurements
                       let means = MeasurementSection.Means(evidence, measurement.Name)
                       where means is not null
                       select new CustomMetric(ReportText.OrElse(measurement.Name, "unnamed metric"), means.Value.Baseline, means.Value.Canary, Verdict(view, [measurement.Name])),
                ]),
            TwoProportionTest.Confidence(canary.Errors, canary.Requests, control.Errors, control.Requests),
            RecommendationOf(view, errors == MetricVerdict.Fail || latency == MetricVerdict.Fail));
    }

    /// <summary>The mean of a business metric in one arm; null without values.</summary>
    public static double? Mean(ArmTotals arm, string kpi) =>
        arm.Kpis.TryGetValue(kpi, out var sample) && sample.Count > 0 ? sample.Sum / sample.Count : null;

    private static Recommendation RecommendationOf(ReportView view, bool failing)
    {
        if (view.Status == ReportStatus.Completed) return Recommendation.Promote;
        if (view.RollbackRequired) return Recommendation.Rollback;
        var current = view.State.Stage >= 0 && view.State.Stage < view.State.Stages.Length ? view.State.Stages[view.State.Stage] : null;
        var promoted = view.State.Phase is ReleasePhase.Validating or ReleasePhase.Concluding || current is { Status: StageStatus.Completed };
        return promoted && !failing && view.Status == ReportStatus.InProgress ? Recommendation.Promote : Recommendation.ExtendAnalysis;
    }

    private static MetricVerdict Verdict(ReportView view, IReadOnlyList<string> metrics) =>
        view.IsBlind || view.Standing.Any(finding => metrics.Contains(finding.Metric)) ? MetricVerdict.Fail : MetricVerdict.Pass;

    private static bool Unnamed(ReportView view) =>
        view.Status != ReportStatus.Completed && view.State.Assessment is { Verdict: Analysis.Verdict.Fail };

    // An arm without requests has no value of its own: 0 stands for it and for the difference.
    private static GuardMetric Guard(double? baseline, double? canary, MetricVerdict verdict) =>
        new(baseline ?? 0, canary ?? 0, baseline is { } left && canary is { } right ? right - left : 0, verdict);

    private static double? P95(ArmTotals arm) => arm.Latency.Total > 0 ? arm.Latency.Percentile(0.95) : null;
}
