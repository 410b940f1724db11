using System.Globalization;
using Slipway.Core.Analysis.Kpis;
using Slipway.Core.Analysis.Promotion;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Core.Analysis.Judging;

/// <summary>
/// The business metrics of a stage: a band that excludes what is tolerated rolls back; a promotion has to exclude a worsening of the tolerated
/// drop and <see cref="Margin"/> more. Each stage is judged on its own, since means drift over the day and shares change. Pure.
/// </summary>
internal static class KpiWatch
{
    private const double Deviations = 2.326;

    /// <summary>The worsening beyond the tolerated one that a promotion has to exclude: 20 % at up to 5 % of the users, 10 % at up to 25 %, else 5 %.</summary>
    public static double Margin(double share) => share <= 0.05 ? 0.20 : share <= 0.25 ? 0.10 : 0.05;

    /// <summary>The name of the rule.</summary>
    public static string Rule(string kpi) => $"{kpi} against control";

    /// <summary>The memories with one interval more; only intervals with values in both arms count.</summary>
    public static IReadOnlyDictionary<string, KpiMemory> Take(ReleasePlan plan, IReadOnlyDictionary<string, KpiMemory> before, Observation pool)
    {
        if (plan.Evidence.Kpis.Count == 0 || pool.Canary is not { } canary || pool.Control is not { } control) return before;
        var after = new SortedDictionary<string, KpiMemory>(before.ToDictionary(), StringComparer.Ordinal);
        foreach (var kpi in plan.Evidence.Kpis)
        {
            if (!canary.Kpis.TryGetValue(kpi.Name, out var left) || !control.Kpis.TryGetValue(kpi.Name, out var right)) continue;
            var memory = after.GetValueOrDefault(kpi.Name) ?? new KpiMemory();
            memory = memory with { Canary = memory.Canary.Add(left), Control = memory.Control.Add(right), Intervals = memory.Intervals + 1 };
            after[kpi.Name] = memory with { CrossedAt = Excess(plan, kpi, memory) > 0 ? memory.CrossedAt ?? pool.End : null };
        }

        return after;
    }

    /// <summary>By how much the band clears the tolerated worsening: above 0 it rolls back. Null: nothing is known.</summary>
    public static double? Excess(ReleasePlan plan, KpiSpec kpi, KpiMemory memory)
    {
        if (Band(plan, memory) is not { } band) return null;
        var least = kpi.Direction == KpiDirection.HigherIsBetter ? -band.Upper : band.Lower;
        return least - kpi.ToleratedDrop.Fraction;
    }

    /// <summary>The band of the relative difference; the stages share the test's part of the budget.</summary>
    private static KpiBand? Band(ReleasePlan plan, KpiMemory memory) =>
        KpiSequence.Of(memory.Canary, memory.Control, plan.Evidence.Alpha / Math.Max(1, plan.Stages.Count(stage => stage.Percentage < Percentage.Full)));

    /// <summary>The business metrics whose band excludes what is tolerated.</summary>
    public static IEnumerable<Finding> Findings(ReleasePlan plan, IReadOnlyDictionary<string, KpiMemory> memories)
    {
        foreach (var kpi in plan.Evidence.Kpis)
        {
            if (!memories.TryGetValue(kpi.Name, out var memory) || memory.CrossedAt is not { } crossed) continue;
            if (Excess(plan, kpi, memory) is not > 0 || Band(plan, memory) is not { } band) continue;
            yield return new Finding
            {
                Rule = Rule(kpi.Name),
                Metric = kpi.Name,
                Value = EvidenceText.Recorded(memory.Canary.Sum / memory.Canary.Count),
                Bound = EvidenceText.Recorded(kpi.Direction == KpiDirection.HigherIsBetter ? band.Upper : band.Lower),
                Control = EvidenceText.Recorded(memory.Control.Sum / memory.Control.Count),
                Limit = kpi.ToleratedDrop.Fraction,
                Sample = memory.Canary.Count,
                CrossedAt = crossed,
                Action = TriggerAction.AutoRollback,
                Sentence = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{kpi.Name} {memory.Canary.Sum / memory.Canary.Count:G4} over {memory.Canary.Count:N0} values, control {memory.Control.Sum / memory.Control.Count:G4}: {Signed(band.Value)} [{Signed(band.Lower)} to {Signed(band.Upper)}], tolerated {(kpi.Direction == KpiDirection.HigherIsBetter ? "-" : "+")}{EvidenceText.Percent(kpi.ToleratedDrop.Fraction)}, crossed {EvidenceText.Clock(crossed)}, rule {Rule(kpi.Name)}"),
            };
        }
    }

    /// <summary>What the stage proves about a business metric.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="kpi">The metric.</param>
    /// <param name="memory">What is remembered of it; null: telemetry has no values.</param>
    /// <param name="share">The canary's share of requests.</param>
    public static StageProof Prove(ReleasePlan plan, KpiSpec kpi, KpiMemory? memory, double share)
    {
        if (memory is null || KpiSequence.Difference(memory.Canary, memory.Control) is not { } difference)
        {
            var (left, right) = (memory?.Canary.Count ?? 0, memory?.Control.Count ?? 0);
            return new StageProof(
                kpi.Name, false, string.Create(CultureInfo.InvariantCulture, $"{kpi.Name}: {left:N0} values in the canary, {right:N0} in the control arm"),
                [$"{kpi.Name}: at least {KpiSequence.FewestValues} values in each arm"]);
        }

        var worse = kpi.Direction == KpiDirection.HigherIsBetter ? -difference.Value : difference.Value;
        var margin = kpi.ToleratedDrop.Fraction + Margin(share);
        var upper = worse + (Deviations * PromotionRule.Widening(memory.Intervals) * difference.Error);
        var reading = new TestReading
        {
            Kind = TestKind.Kpi,
            Metric = kpi.Name,
            LogEvidence = EvidenceText.Recorded(Excess(plan, kpi, memory) ?? 0),
            LogThreshold = 0,
            CanaryBad = memory.Canary.Count,
            Canary = memory.Canary.Count,
            ControlBad = memory.Control.Count,
            Control = memory.Control.Count,
            Ratio = EvidenceText.Recorded((double?)difference.Value),
            Upper = EvidenceText.Recorded((double?)upper),
            Margin = margin,
        };
        var sentence = string.Create(
            CultureInfo.InvariantCulture,
            $"{kpi.Name} {Signed(difference.Value)} against the control over {memory.Canary.Count:N0} values, worse by at most {EvidenceText.Percent(Math.Max(0, upper))}, margin {EvidenceText.Percent(margin)}");
        if (upper <= margin) return new StageProof(kpi.Name, true, sentence, [], reading);
        if (worse >= margin) return new StageProof(kpi.Name, false, sentence, [$"{kpi.Name}: cannot happen while it is {EvidenceText.Percent(worse)} worse"], reading);
        var longer = Math.Pow(Deviations * difference.Error / (margin - worse), 2) * Math.Pow(PromotionRule.Widening(memory.Intervals), 2);
        var more = (long)Math.Ceiling((longer - 1) * memory.Canary.Count);
        return new StageProof(kpi.Name, false, sentence, [string.Create(
            CultureInfo.InvariantCulture,
            $"{kpi.Name}: about {more:N0} more values in the canary, {EvidenceText.Duration(plan.Watch.Interval * Math.Max(1, Math.Ceiling((longer - 1) * memory.Intervals)))} at the present traffic")], reading);
    }

    private static string Signed(double fraction) => string.Create(CultureInfo.InvariantCulture, $"{100 * fraction:+0.##;-0.##;0} %");
}
