using System.Globalization;
using Slipway.Core.Analysis.Latency;
using Slipway.Core.Analysis.Power;
using Slipway.Core.Analysis.Promotion;
using Slipway.Core.Planning;

namespace Slipway.Core.Analysis.Judging;

/// <summary>What the evidence of a stage proves about one metric, and what is missing for its promotion.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Proven">Whether a regression of the stage's margin is excluded.</param>
/// <param name="Sentence">The numbers, for people.</param>
/// <param name="Missing">What is missing, a line each; empty when proven.</param>
/// <param name="Reading">How the metric stands; null where there is nothing to compare.</param>
internal sealed record StageProof(string Metric, bool Proven, string Sentence, IReadOnlyList<string> Missing, TestReading? Reading = null)
{
    /// <summary>The check that it is, by <see cref="Planning.Checks.CheckNames"/>; null for a guardrail, whose tests stand for themselves.</summary>
    public string? Check { get; init; }

    private const double Sure = 0.99;

    /// <summary>Of a guardrail, from the data of the stage alone, in the pool of all regions.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="guardrail">The guardrail.</param>
    /// <param name="memory">What is remembered of it.</param>
    /// <param name="offset">The A/A offset in the log ratio.</param>
    /// <param name="block">Intervals that are judged as one.</param>
    public static StageProof Of(ReleasePlan plan, PlannedStage stage, Guardrail guardrail, GuardrailMemory memory, double offset, int block)
    {
        var whole = memory.Stage.Whole();
        var subject = EvidenceText.Subject(guardrail, memory.Usual, "all");
        if (whole.Intervals == 0)
        {
            return guardrail.IsLatency
                ? new StageProof(guardrail.Metric, false, $"{guardrail.Metric}: no latencies of both arms yet", [$"{guardrail.Metric}: latencies of both arms"])
                : new StageProof(guardrail.Metric, false, $"{guardrail.Metric}: no interval with both arms yet", [$"{guardrail.Metric}: requests of both arms"]);
        }


        var counts = whole.Counts;
        var margin = MarginOf(plan, stage, guardrail, whole);
        var asked = margin?.Ratio ?? MarginFinder.Largest(PlannedShare(stage, whole));
        var check = PromotionRule.Check(whole, asked, offset, PromotionRule.Whole);
        var half = margin is not { AlsoLastHalf: true } || PromotionRule.Check(memory.Stage.LastHalf(), asked, offset, PromotionRule.LastHalf).Excluded;
        var reading = new TestReading
        {
            Kind = TestKind.Ratio,
            Metric = guardrail.Metric,
            LogEvidence = 0,
            LogThreshold = 0,
            CanaryBad = counts.CanaryBad,
            Canary = counts.Canary,
            ControlBad = counts.ControlBad,
            Control = counts.Control,
            Ratio = counts.CanaryBad + counts.ControlBad == 0 ? null : EvidenceText.Recorded((double?)check.Ratio),
            Upper = counts.CanaryBad + counts.ControlBad == 0 ? null : EvidenceText.Recorded((double?)check.Upper),
            Margin = EvidenceText.Recorded(margin?.Ratio),
        };
        var value = string.Create(CultureInfo.InvariantCulture, $"{subject} {EvidenceText.Rate(counts.CanaryBad, counts.Canary)} over {counts.Canary:N0} requests, control {EvidenceText.Percent(counts.ControlRate)}");
        if (check.Excluded && half)
            return new StageProof(guardrail.Metric, true, $"{value}, at most {EvidenceText.Times(check.Upper)} times the control's, margin {EvidenceText.Times(asked)}", [], reading);
        if (WithinLimit(guardrail, counts.CanaryBad, counts.Canary) is { } bound)
            return new StageProof(guardrail.Metric, true, $"{value}, at most {EvidenceText.Percent(bound)}, {(guardrail.IsLatency ? "as many as the 95th percentile allows" : $"limit {EvidenceText.Percent(guardrail.Limit)}")}", [], reading);

        var upper = reading.Upper is { } known ? $"at most {EvidenceText.Times(known)} times the control's" : "no bad event yet";
        var sentence = margin is null
            ? $"{value}, {upper}; no margin up to {EvidenceText.Times(asked)} can be proven in a bake of {EvidenceText.Duration(stage.MaxBake)} at this traffic"
            : $"{value}, {upper}, margin {EvidenceText.Times(asked)}{(check.Excluded ? " (not excluded by the last half of the bake)" : "")}";
        return new StageProof(guardrail.Metric, false, sentence, [MissingFor(plan, guardrail, memory, whole, asked, offset, check.Excluded, block)], reading);
    }

    /// <summary>
    /// Where the canary has hardly a bad event, a ratio means little: then it suffices that its own rate is within the limit with 99 %. For
    /// latency this says that the canary's 95th percentile is at most the tolerated multiple of the control's; for errors it counts only
    /// while the canary has none at all.
    /// </summary>
    private static double? WithinLimit(Guardrail guardrail, long bad, long requests)
    {
        if (requests == 0 || (bad > 0 && !guardrail.IsLatency)) return null;
        var bound = BinomialBounds.Upper(bad, requests, Sure);
        return bound <= (guardrail.IsLatency ? SlowRequests.Share : guardrail.Limit) ? bound : null;
    }

    /// <summary>The margin at the traffic and the control rate that were seen, in the planned bake or, if none can be proven in it, the longest.</summary>
    private static StageMargin? MarginOf(ReleasePlan plan, PlannedStage stage, Guardrail guardrail, in CountSums whole)
    {
        var counts = whole.Counts;
        var share = PlannedShare(stage, whole);
        if (share is <= 0 or >= 1) return null;
        var requests = (double)(counts.Canary + counts.Control) / whole.Intervals;
        var rate = (counts.ControlBad + 0.5) / counts.Control;
        return MarginFinder.Find(new StageTraffic(requests, share, rate, IntervalsOf(stage.Bake)), guardrail.ToleratedRatio)
            ?? MarginFinder.Find(new StageTraffic(requests, share, rate, IntervalsOf(stage.MaxBake)), guardrail.ToleratedRatio);

        int IntervalsOf(TimeSpan bake) => Math.Max(1, (int)(bake / plan.Watch.Interval));
    }

    /// <summary>The share that was set; of a shadow, which is shown to nobody, the one that was seen.</summary>
    private static double PlannedShare(PlannedStage stage, in CountSums whole) => stage.Percentage.Value is > 0 and < 100
        ? (double)stage.Percentage.Fraction
        : (double)whole.Counts.Canary / Math.Max(1, whole.Counts.Canary + whole.Counts.Control);

    private static string MissingFor(
        ReleasePlan plan, Guardrail guardrail, GuardrailMemory memory, in CountSums whole, double margin, double offset, bool wholeHolds, int block)
    {
        var sums = wholeHolds ? memory.Stage.LastHalf() : whole;
        var level = wholeHolds ? PromotionRule.LastHalf : PromotionRule.Whole;
        if (sums.Counts.CanaryBad + sums.Counts.ControlBad == 0 && !guardrail.IsLatency)
        {
            var needed = (long)Math.Ceiling(Math.Log(1 - Sure) / Math.Log(1 - guardrail.Limit));
            return Line(Math.Max(0, needed - sums.Counts.Canary), "canary requests", (double)needed / Math.Max(1, sums.Counts.Canary) - 1, sums.Intervals);
        }

        if (PromotionRule.LengthNeeded(sums, margin, offset, level) is not { } longer)
            return $"{guardrail.Metric}: cannot happen while the canary has {EvidenceText.Times(Math.Exp(sums.LogRatio - offset))} times the control's rate";
        var events = (long)Math.Ceiling((longer - 1) * (sums.Counts.CanaryBad + sums.Counts.ControlBad));
        return Line(Math.Max(1, events), guardrail.IsLatency ? "slow requests" : "errors", longer - 1, Math.Max(sums.Intervals, block));

        string Line(long count, string what, double more, int intervals) => string.Create(
            CultureInfo.InvariantCulture,
            $"{guardrail.Metric}: about {count:N0} more {what}, {EvidenceText.Duration(plan.Watch.Interval * Math.Max(1, Math.Ceiling(Math.Max(0, more) * intervals)))} at the present traffic");
    }
}
