using System.Globalization;
using Slipway.Core.Analysis.Judging;
using Slipway.Core.Analysis.Latency;
using Slipway.Core.Analysis.Promotion;
using Slipway.Core.Planning;
using Slipway.Core.Planning.Checks;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Strategies;

namespace Slipway.Core.Analysis.Bands;

/// <summary>
/// The conditions of a promotion that the request states in numbers: targets, the distance to the baseline, the stage before, and time without
/// a warning. They roll nothing back; a stage that does not meet them is not promoted. Targets are compared with the stage's own value, which
/// has at least the fewest requests that any stage needs; "worse than" is said only where the counts show it with 99 %. Pure.
/// </summary>
internal static class BandWatch
{
    private const double Sure = 0.99;

    /// <summary>Every condition of a stage, met or not.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="state">What was seen.</param>
    /// <param name="stage">The stage under judgement.</param>
    /// <param name="sight">What its evidence is made of.</param>
    public static IEnumerable<StageProof> Conditions(ReleasePlan plan, JudgeState state, StageUnderJudgement stage, StageSight sight)
    {
        if (stage.Index < 0 || stage.Index >= plan.Stages.Count) yield break;
        var totals = state.Totals;
        if (totals.Subject is { Requests: > 0 } subject)
        {
            foreach (var band in plan.Evidence.Bands)
            {
                if (band.Target is { } target && sight.Kind != StageKind.Dark) yield return Target(band, target, subject) with { Check = CheckNames.Target(band.Metric) };
                if (band is { Within: { } within, Metric: MetricNames.LatencyP95 } && sight.Kind != StageKind.Dark) yield return Within(band, within, subject, totals.Control) with { Check = CheckNames.Within(band.Metric) };
                if (band is { Baseline: { } baseline, Metric: MetricNames.ErrorRate } && (sight.Kind == StageKind.Dark || stage.Percentage == Percentage.Full)) yield return NoIncrease(baseline, subject) with { Check = CheckNames.NoIncrease(band.Metric) };
            }

            if (plan.Evidence.StageToStage is { } tolerated && Before(plan, state, stage) is { Subject: { Requests: > 0 } earlier })
            {
                yield return NotMoreErrors(subject, earlier, tolerated, stage) with { Check = CheckNames.StageBefore };
                if (subject.Latency.Total > 0 && earlier.Latency.Total > 0) yield return NotSlower(subject, earlier, tolerated, stage) with { Check = CheckNames.StageBefore };
            }
        }

        if (Quiet(plan, state, stage) is { } quiet) yield return quiet with { Check = CheckNames.Quiet };
    }

    /// <summary>The stage before, where users were on the new version in it as in this one; null: there is none.</summary>
    public static StageTotals? Before(ReleasePlan plan, JudgeState state, StageUnderJudgement stage) =>
        stage.Index > 0 && plan.Stages[stage.Index].Environment == plan.Stages[stage.Index - 1].Environment
        && plan.Stages[stage.Index - 1].Percentage > Percentage.Zero && stage.Percentage > Percentage.Zero ? state.TotalsBefore : null;

    /// <summary>Better than the target: at the target is not better.</summary>
    private static StageProof Target(PlannedBand band, decimal target, ArmSample subject)
    {
        if (band.Metric == MetricNames.LatencyP95)
        {
            if (subject.Latency.Total == 0) return Unseen(band.Metric, "latency", Text(target, "ms"));
            var (slow, total) = (subject.SlowerThan((double)PlannedBand.JustBelow(target)), subject.Latency.Total);
            return Proof(
                band.Metric, slow <= SlowRequests.Share * total,
                $"{EvidenceText.Percent((double)slow / total)} of {total:N0} requests at {Text(target, "ms")} or slower", "below", Text(target, "ms"));
        }

        // Compared as counts, so that no rounding decides at the target itself.
        var errors = (decimal)Math.Min(subject.Errors, subject.Requests);
        var met = band.HigherIsWorse ? 100 * errors < target * subject.Requests : 100 * (subject.Requests - errors) > target * subject.Requests;
        var value = band.HigherIsWorse ? 100 * errors / subject.Requests : 100 * (subject.Requests - errors) / subject.Requests;
        return Proof(band.Metric, met, $"{Text(value, "%")} over {subject.Requests:N0} requests", band.HigherIsWorse ? "below" : "above", Text(target, "%"));
    }

    /// <summary>Within a share of the stated baseline, or of the control arm's value where none is stated; exactly at it is within.</summary>
    private static StageProof Within(PlannedBand band, decimal within, ArmSample subject, LatencyHistogram control)
    {
        var rule = $"within {Text(100 * within, "%")} of the baseline";
        if (subject.Latency.Total == 0) return Unseen(band.Metric, "latency", rule);
        var p95 = subject.Latency.Percentile(SlowRequests.Percentile);
        if (band is { MostWithinBaseline: { } most, Baseline: { } baseline })
        {
            var slower = subject.SlowerThan((double)most);
            return new StageProof(
                band.Metric, slower <= SlowRequests.Share * subject.Latency.Total,
                string.Create(CultureInfo.InvariantCulture, $"{band.Metric}: {EvidenceText.Percent((double)slower / subject.Latency.Total)} of {subject.Latency.Total:N0} requests slower than {Text(most, "ms")}, {rule} {Text(baseline, "ms")}"),
                Missing(slower <= SlowRequests.Share * subject.Latency.Total, $"{band.Metric}: {rule}, at most {Text(most, "ms")}"));
        }

        if (control.Total == 0) return new StageProof(band.Metric, true, $"{band.Metric}: no control arm to compare with", []);
        var usual = control.Percentile(SlowRequests.Percentile);
        var met = p95 <= usual * (1 + (double)within);
        return new StageProof(
            band.Metric, met, string.Create(CultureInfo.InvariantCulture, $"{band.Metric}: {p95:0} ms, control {usual:0} ms, {rule}"), Missing(met, $"{band.Metric}: {rule}, {usual:0} ms"));
    }

    /// <summary>Without a control arm: that the error rate is above the stated baseline is not shown.</summary>
    private static StageProof NoIncrease(decimal baseline, ArmSample subject)
    {
        var increased = BinomialBounds.Exceeds(Math.Min(subject.Errors, subject.Requests), subject.Requests, (double)baseline / 100, Sure);
        var value = EvidenceText.Rate(Math.Min(subject.Errors, subject.Requests), subject.Requests);
        return new StageProof(
            MetricNames.ErrorRate, !increased, string.Create(CultureInfo.InvariantCulture, $"{MetricNames.ErrorRate}: {value} over {subject.Requests:N0} requests, {(increased ? "an increase over" : "no increase over")} the baseline of {Text(baseline, "%")}"),
            Missing(!increased, $"{MetricNames.ErrorRate}: no increase over the baseline of {Text(baseline, "%")}"));
    }

    private static StageProof NotMoreErrors(ArmSample now, ArmSample before, double tolerated, StageUnderJudgement stage)
    {
        // Given all errors of both stages, so many in this one would be rare at the tolerated ratio.
        var expected = now.Requests * tolerated;
        var (left, right) = (Math.Min(now.Errors, now.Requests), Math.Min(before.Errors, before.Requests));
        var worse = left > 0 && 1 - PromotionRule.Below(left - 1, left + right, expected / (expected + before.Requests)) < 1 - Sure;
        return Compared(
            MetricNames.ErrorRate, !worse, $"{EvidenceText.Rate(left, now.Requests)} at {stage.Percentage}, {EvidenceText.Percent((double)right / before.Requests)} in the stage before", tolerated);
    }

    private static StageProof NotSlower(ArmSample now, ArmSample before, double tolerated, StageUnderJudgement stage)
    {
        var edge = Math.Min(LatencyHistogram.LastBucket, before.Latency.PercentileBucket(SlowRequests.Percentile) + SlowRequests.Buckets(tolerated));
        var worse = BinomialBounds.Exceeds(now.Latency.Above(edge), now.Latency.Total, SlowRequests.Share, Sure);
        return Compared(
            MetricNames.LatencyP95, !worse,
            string.Create(CultureInfo.InvariantCulture, $"{now.Latency.Percentile(SlowRequests.Percentile):0} ms at {stage.Percentage}, {before.Latency.Percentile(SlowRequests.Percentile):0} ms in the stage before"), tolerated);
    }

    private static StageProof Compared(string metric, bool met, string values, double tolerated)
    {
        var rule = $"tolerated {EvidenceText.Times(tolerated)} times";
        return new StageProof(metric, met, $"{metric}: {values}, {rule}", Missing(met, $"{metric}: no degradation against the stage before, {rule}"));
    }

    /// <summary>Nothing has warned or been critical for long enough; null where that does not matter.</summary>
    private static StageProof? Quiet(ReleasePlan plan, JudgeState state, StageUnderJudgement stage)
    {
        if (plan.Evidence.QuietFor is not { } asked) return null;
        var bake = plan.Stages[stage.Index].Bake;
        var needed = asked < bake ? asked : bake;
        if (state.LoudUntil is not { } loud) return new StageProof("alerts", true, $"no warning and no critical value for {DurationText.Format(needed)}", []);
        var since = state.JudgedUntil - loud;
        var met = since >= needed;
        var sentence = $"alerts: {state.LoudRule} was crossed until {EvidenceText.Clock(loud)}, {DurationText.Format(since)} ago; {DurationText.Format(needed)} without a warning or a critical value are asked for";
        return new StageProof("alerts", met, sentence, Missing(met, $"alerts: {DurationText.Format(met ? TimeSpan.Zero : needed - since)} more without a warning or a critical value"));
    }

    private static StageProof Proof(string metric, bool met, FormattableString value, string side, string target) =>
        new(metric, met, $"{metric}: {value.ToString(CultureInfo.InvariantCulture)}, target {side} {target}", Missing(met, $"{metric}: {side} its target of {target}"));

    private static StageProof Unseen(string metric, string what, string target) =>
        new(metric, false, $"{metric}: no {what} was seen, target {target}", [$"{metric}: {what} of the canary"]);

    private static IReadOnlyList<string> Missing(bool met, string line) => met ? [] : [line];

    private static string Text(decimal value, string unit) => string.Create(CultureInfo.InvariantCulture, $"{value:0.####} {unit}");
}
