using System.Globalization;
using System.Runtime.CompilerServices;
using Slipway.Core.Analysis.Bands;
using Slipway.Core.Analysis.Calibrating;
using Slipway.Core.Analysis.Measuring;
using Slipway.Core.Analysis.Triggers;
using Slipway.Core.Planning;
using Slipway.Core.Planning.Checks;
using Slipway.Core.Requests;
using Slipway.Core.Strategies;

namespace Slipway.Core.Analysis.Judging;

/// <summary>
/// The product's judge. A release fails when a sequential test shows a regression (<see cref="Sequential.RatioTest"/>, <see
/// cref="Limits.LimitTest"/>, <see cref="Kpis.KpiSequence"/>) or a trigger that rolls back is crossed; a stage passes when its evidence excludes
/// a regression of its margin (<see cref="Promotion.PromotionRule"/>) and what the request states in numbers holds (<see cref="BandWatch"/>, <see
/// cref="MeasurementConditions"/>); in between it is undecided, and says what is missing; without usable
/// telemetry it is blind. Each region and the pool of all regions is judged.
/// </summary>
public sealed class EvidenceJudge : IReleaseJudge
{
    /// <summary>What follows from a plan and its calibration alone is worked out once, for as long as the plan is held by somebody.</summary>
    private readonly ConditionalWeakTable<ReleasePlan, GuardrailWatch> _watches = [];

    /// <inheritdoc/>
    public Judgement Judge(
        ReleasePlan plan, JudgeState? before, StageUnderJudgement stage, IReadOnlyList<Observation> closed, DateTimeOffset judgedUntil,
        DateTimeOffset? lateUntil = null)
    {
        var sight = StageSight.Of(plan, stage);
        var state = before ?? new JudgeState { JudgedUntil = judgedUntil, SeenUntil = judgedUntil };
        var watch = WatchOf(plan, state.Calibration);
        var compares = watch.Compares(stage);
        state = state with { Guardrails = state.Guardrails.ToDictionary(entry => entry.Key, entry => entry.Value.Fresh(compares)) };
        var dues = new List<Finding>();
        string? mismatch = null;
        IReadOnlyList<string> looked = [];

        // One interval at a time: when several arrive together, what was due in the middle counts as if they had arrived in time.
        foreach (var (end, rows) in ByEnd(closed, judgedUntil))
        {
            state = Absorb(plan, watch, state, stage, sight, rows, end);
            var look = TriggerWatch.Look(plan, state, stage, sight, end, (metric, region) => watch.LogEvidence(state.Guardrails, stage, metric, region));
            looked = look.Looked;
            mismatch = ExposureCheck.Mismatch(plan, stage, [.. state.Recent.Where(row => row.Start >= stage.EvidenceFrom && row.End > end - (plan.Watch.Interval * Sight.BlindIntervals))]);
            state = state with
            {
                CrossedSince = look.Since,
                CrossedWindows = look.Windows,
                ExposureOffSince = mismatch is null ? null : state.ExposureOffSince ?? end - plan.Watch.Interval,
            };
            List<Finding> found = [.. look.Due, .. watch.Findings(state.Guardrails, stage, end), .. KpiWatch.Findings(plan, state.Kpis), .. MeasurementWatch.Findings(plan, state, stage)];
            if (found.Count > 0) state = state with { LoudUntil = end, LoudRule = found[0].Rule };
            foreach (var finding in found)
            {
                // The newest of each rule and region, in the order in which they first came.
                var same = dues.FindIndex(known => known.Rule == finding.Rule && known.Region == finding.Region);
                if (same < 0) dues.Add(finding);
                else dues[same] = finding;
            }
        }

        var due = dues.OrderBy(finding => Order(finding.Action)).ToList();
        List<StageProof> conditions = [.. BandWatch.Conditions(plan, state, stage, sight), .. MeasurementConditions.Of(plan, state, stage)];
        List<StageProof> proofs = [.. Proofs(plan, watch, state, stage), .. conditions];
        return new Judgement(
            state, Assess(watch, state, stage, sight, due, Sight.Lost(plan, state, mismatch, lateUntil), mismatch, conditions, proofs), Checks(watch, state, looked, proofs));
    }

    private GuardrailWatch WatchOf(ReleasePlan plan, Calibration? calibration)
    {
        if (_watches.TryGetValue(plan, out var known) && ReferenceEquals(known.Calibration, calibration)) return known;
        var made = new GuardrailWatch(plan, calibration);
        _watches.AddOrUpdate(plan, made);
        return made;
    }

    /// <summary>The rows by the end of their interval, oldest first, and at last those that end with what is judged, none perhaps.</summary>
    private static IEnumerable<(DateTimeOffset End, IReadOnlyList<Observation> Rows)> ByEnd(IReadOnlyList<Observation> closed, DateTimeOffset judgedUntil)
    {
        // Nearly always there is one interval, and it has just ended.
        if (closed.All(row => row.End >= judgedUntil)) return [(judgedUntil, closed)];
        var rest = closed.ToLookup(row => row.End < judgedUntil ? row.End : judgedUntil);
        return rest.Select(rows => rows.Key).Where(end => end < judgedUntil).Order().Append(judgedUntil).Select(end => (end, (IReadOnlyList<Observation>)[.. rest[end]]));
    }

    /// <summary>The rows of each interval, oldest first.</summary>
    private static IEnumerable<IReadOnlyList<Observation>> ByInterval(IReadOnlyList<Observation> closed)
    {
        if (closed.Count == 0) return [];
        var start = closed[0].Start;
        return closed.All(row => row.Start == start) ? [closed] : closed.GroupBy(row => row.Start).OrderBy(group => group.Key).Select(group => (IReadOnlyList<Observation>)[.. group]);
    }

    private static List<Observation> Newest(IReadOnlyList<Observation> recent, IReadOnlyList<Observation> closed, DateTimeOffset since)
    {
        var newest = new List<Observation>(recent.Count + closed.Count);
        foreach (var row in recent)
        {
            if (row.End > since) newest.Add(row);
        }

        foreach (var row in closed)
        {
            if (row.End > since) newest.Add(row);
        }

        return newest;
    }

    /// <summary>What was looked at: thresholds, the tests of guardrails that have seen an interval, and what a promotion has to prove.</summary>
    private static IReadOnlyList<string> Checks(GuardrailWatch watch, JudgeState state, IReadOnlyList<string> looked, List<StageProof> proofs) =>
    [
        .. looked.Select(CheckNames.Trigger),
        .. watch.Guardrails.Where(guardrail => state.Guardrails.ContainsKey(GuardrailWatch.Key(guardrail.Metric, GuardrailWatch.Pool))).Select(guardrail => CheckNames.Guardrail(guardrail.Metric)),
        .. proofs.Select(proof => proof.Check).OfType<string>().Distinct(StringComparer.Ordinal),
    ];

    private static int Order(TriggerAction action) => action switch
    {
        TriggerAction.AutoRollback => 0,
        TriggerAction.Evaluate => 1,
        TriggerAction.Pause => 2,
        _ => 3,
    };

    private static JudgeState Absorb(
        ReleasePlan plan, GuardrailWatch watch, JudgeState state, StageUnderJudgement stage, StageSight sight, IReadOnlyList<Observation> closed, DateTimeOffset until)
    {
        if (stage.Index != state.Stage)
        {
            state = state with
            {
                Stage = stage.Index,
                StageRequests = 0,
                StageIntervals = 0,
                SkippedIntervals = 0,
                Guardrails = state.Guardrails.ToDictionary(entry => entry.Key, entry => entry.Value with { Stage = Promotion.StageSeries.Empty, StageLimit = default }),
                Kpis = new Dictionary<string, KpiMemory>(),
                Totals = StageTotals.Empty,
                TotalsBefore = state.Stage == stage.Index - 1 && state.Totals.Seen > TimeSpan.Zero ? state.Totals : null,
                Measurements = new Dictionary<string, MeasurementMemory>(),
            };
        }

        foreach (var rows in ByInterval(closed))
        {
            var pool = IntervalPools.Pool(rows);
            var counts = rows[0].Start >= stage.EvidenceFrom;
            var subject = Sight.Subject(rows, pool, sight);
            var usable = Sight.IsUsable(pool, subject, stage, sight, counts);
            state = state with
            {
                SeenUntil = usable ? pool.End : state.SeenUntil,
                StageRequests = state.StageRequests + (counts ? subject?.Requests ?? 0 : 0),
                StageIntervals = state.StageIntervals + (counts && usable ? 1 : 0),
                SkippedIntervals = state.SkippedIntervals + (counts && !usable ? 1 : 0),
                Guardrails = watch.Take(state.Guardrails, stage, sight, rows),
                Kpis = counts && watch.Compares(stage) ? KpiWatch.Take(plan, state.Kpis, pool) : state.Kpis,
                Totals = counts && AsksForTotals(plan) ? state.Totals.Add(subject, pool) : state.Totals,
            };
            state = MeasurementWatch.Take(plan, state, stage, pool);
        }

        var longest = TriggerWatch.Longest(plan);
        if (longest < plan.Watch.Interval * Sight.BlindIntervals) longest = plan.Watch.Interval * Sight.BlindIntervals;
        return state with { JudgedUntil = until, Recent = Newest(state.Recent, closed, until - longest) };
    }

    /// <summary>Where nothing is compared with the stage's own totals, none are kept.</summary>
    private static bool AsksForTotals(ReleasePlan plan) =>
        plan.Evidence is { Bands.Count: > 0 } or { Measurements.Count: > 0 } or { StageToStage: not null };

    private static Assessment Assess(
        GuardrailWatch watch, JudgeState state, StageUnderJudgement stage, StageSight sight, List<Finding> due, LostSight? lost,
        string? mismatch, List<StageProof> conditions, List<StageProof> proofs)
    {
        var assessment = new Assessment
        {
            Verdict = Verdict.Undecided,
            Sentence = "",
            Findings = due,
            Readings = watch.Readings(state.Guardrails, stage, [.. proofs.Select(proof => proof.Reading).OfType<TestReading>()]),
            Missing = [.. proofs.SelectMany(proof => proof.Missing)],
        };
        if (due.Find(finding => finding.Action == TriggerAction.AutoRollback) is { } worst)
            return assessment with { Verdict = Verdict.Fail, Sentence = worst.Sentence };
        if (lost is not null)
            return assessment with { Verdict = Verdict.Blind, Sentence = lost.Sentence, Blind = lost.Cause, BlindSince = lost.Since, Missing = [lost.Missing] };

        // Applications may be a little late with a flag: nothing is promoted on it, and it is no lost sight yet.
        if (mismatch is not null) return assessment with { Sentence = mismatch, Missing = ["the exposure that was set"] };

        var whose = Sight.Whose(sight);
        var missing = Sight.FewestRequests - state.StageRequests;
        if (missing > 0)
        {
            return assessment with
            {
                Sentence = string.Create(CultureInfo.InvariantCulture, $"not enough data: {state.StageRequests:N0} of {Sight.FewestRequests} {whose} at {stage.Percentage}"),
                Missing = [string.Create(CultureInfo.InvariantCulture, $"{missing:N0} more {whose}"), .. assessment.Missing],
            };
        }

        var crossed = due.Count > 0 ? "no limit that rolls back crossed" : state.CrossedSince.Count > 0 ? "no crossing of a limit confirmed" : "no limit crossed";
        var also = due.Count == 0 ? "" : $"; {due[0].Sentence}";
        var seen = string.Create(CultureInfo.InvariantCulture, $"{crossed} in {state.StageRequests:N0} {whose} at {stage.Percentage}");
        if (proofs.TrueForAll(proof => proof.Proven))
            return assessment with { Verdict = Verdict.Pass, Sentence = string.Join("; ", (string[])[seen, .. proofs.Select(proof => proof.Sentence)]) + also };

        var leaning = watch.Leans(state.Guardrails, stage);
        return assessment with
        {
            Sentence = $"{string.Join("; ", proofs.Where(proof => !proof.Proven).Select(proof => proof.Sentence))}; missing {string.Join(", ", assessment.Missing)}; {seen}{leaning}{also}",
            PolicyMayPromote = leaning.Length == 0 && conditions.TrueForAll(condition => condition.Proven),
        };
    }

    /// <summary>What has to be proven for a promotion: each guardrail against the control arm where there is one, and each business metric.</summary>
    private static List<StageProof> Proofs(ReleasePlan plan, GuardrailWatch watch, JudgeState state, StageUnderJudgement stage)
    {
        if (stage.Index < 0 || stage.Index >= plan.Stages.Count) return [];
        if (!watch.Compares(stage)) return [.. watch.LimitProofs(state.Guardrails, stage, state.JudgedUntil)];
        var planned = plan.Stages[stage.Index];
        var (canary, control) = watch.Requests(state.Guardrails);
        return
        [
            .. watch.Proofs(state.Guardrails, stage, planned),
            .. plan.Evidence.Kpis.Select(kpi => KpiWatch.Prove(plan, kpi, state.Kpis.GetValueOrDefault(kpi.Name), canary / Math.Max(1, canary + control)) with { Check = CheckNames.Kpi(kpi.Name) }),
        ];
    }
}
