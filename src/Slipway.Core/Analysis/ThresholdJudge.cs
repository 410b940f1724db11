using System.Globalization;
using Slipway.Core.Decisions;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Strategies;

namespace Slipway.Core.Analysis;

/// <summary>
/// Judges by the plan's triggers: a metric over a sliding window against a threshold, sustained for a while. A threshold counts as
/// crossed only when the one-sided 99.99 % Clopper-Pearson bound of the canary's value is beyond it, so that a low-traffic canary is
/// not rolled back by one unlucky request. Each region and the pool of all regions is judged.
/// </summary>
public sealed class ThresholdJudge : IReleaseJudge
{
    /// <summary>A stage passes only on at least this many canary requests; below, the verdict is undecided.</summary>
    public const int FewestRequests = 30;

    /// <summary>How many intervals in a row must be unusable, or show another exposure than was set, before sight counts as lost. The
    /// exposure is compared over as many.</summary>
    public const int BlindIntervals = 3;

    /// <inheritdoc/>
    public Judgement Judge(
        ReleasePlan plan, JudgeState? before, StageUnderJudgement stage, IReadOnlyList<Observation> closed, DateTimeOffset judgedUntil)
    {
        var sight = StageSight.Of(plan, stage);
        var state = before ?? new JudgeState { JudgedUntil = judgedUntil, SeenUntil = judgedUntil };
        var dues = new Dictionary<string, Finding>(StringComparer.Ordinal);
        string? mismatch = null;

        // One interval at a time: when several arrive together, what was due in the middle counts as if they had arrived in time.
        var ends = closed.Select(observation => observation.End).Where(end => end < judgedUntil).Distinct().Order().Append(judgedUntil);
        var rest = closed.ToLookup(observation => observation.End < judgedUntil ? observation.End : judgedUntil);
        foreach (var end in ends)
        {
            state = Absorb(plan, state, stage, sight, [.. rest[end]], end);
            var crossings = Crossings(plan, state, sight, end).ToList();
            mismatch = ExposureCheck.Mismatch(plan, stage, [.. state.Recent.Where(row => row.Start >= stage.EvidenceFrom && row.End > end - (plan.Watch.Interval * BlindIntervals))]);
            state = state with
            {
                CrossedSince = crossings.ToDictionary(crossing => crossing.Key, crossing => crossing.Since),
                ExposureOffSince = mismatch is null ? null : state.ExposureOffSince ?? end - plan.Watch.Interval,
            };
            var canonical = DecisionMatrix.StageOf(stage, end);
            foreach (var crossing in crossings)
            {
                if (DecisionMatrix.ActionOf(crossing.Trigger, canonical, end - crossing.Since) is { } action) dues[crossing.Key] = crossing.Finding with { Action = action };
            }
        }

        var due = dues.Values
            .OrderBy(finding => finding.Action switch { TriggerAction.AutoRollback => 0, TriggerAction.Evaluate => 1, TriggerAction.Pause => 2, _ => 3 })
            .ToList();
        return new Judgement(state, Assess(plan, state, stage, sight, due, mismatch));
    }

    private static JudgeState Absorb(
        ReleasePlan plan, JudgeState state, StageUnderJudgement stage, StageSight sight, IReadOnlyList<Observation> closed, DateTimeOffset judgedUntil)
    {
        if (stage.Index != state.Stage)
        {
            state = state with { Stage = stage.Index, StageRequests = 0, StageIntervals = 0, SkippedIntervals = 0 };
        }

        foreach (var interval in closed.GroupBy(observation => observation.Start))
        {
            var pool = Pool(interval);
            var counts = interval.Key >= stage.EvidenceFrom;
            var subject = Subject(interval, pool, sight);
            var usable = IsUsable(pool, subject, stage, sight, counts);
            state = state with
            {
                SeenUntil = usable ? pool.End : state.SeenUntil,
                StageRequests = state.StageRequests + (counts ? subject?.Requests ?? 0 : 0),
                StageIntervals = state.StageIntervals + (counts && usable ? 1 : 0),
                SkippedIntervals = state.SkippedIntervals + (counts && !usable ? 1 : 0),
            };
        }

        var longest = plan.Triggers.Count == 0 ? plan.Watch.Interval : plan.Triggers.Max(trigger => trigger.Window);
        if (longest < plan.Watch.Interval * BlindIntervals) longest = plan.Watch.Interval * BlindIntervals;
        var keepFrom = judgedUntil - longest;
        return state with
        {
            JudgedUntil = judgedUntil,
            Recent = [.. state.Recent.Concat(closed).Where(observation => observation.End > keepFrom)],
        };
    }

    /// <summary>Whose requests count for the stage's promotion: the canary's, in a stage of regions only where users are new in it (each of
    /// these regions has to report); without users on the new version, everybody's. Null: they cannot be seen.</summary>
    private static ArmSample? Subject(IEnumerable<Observation> interval, Observation pool, StageSight sight)
    {
        if (sight.Kind == StageKind.Dark) return Sum(pool.Canary, pool.Control);
        if (sight.Regions.Count == 0) return pool.Canary;
        var arms = sight.Regions.Select(region => interval
            .Where(observation => string.Equals(observation.Region, region, StringComparison.OrdinalIgnoreCase))
            .Select(observation => observation.Canary).Aggregate((ArmSample?)null, Sum)).ToList();
        return arms.TrueForAll(arm => arm is { Requests: > 0 }) ? arms.Aggregate(Sum) : null;
    }

    /// <summary>Before the first exposure the control arm alone is sight, unless a shadow answers as the canary; at 100 % the canary alone is.</summary>
    private static bool IsUsable(Observation pool, ArmSample? subject, StageUnderJudgement stage, StageSight sight, bool counts)
    {
        var canary = subject is { Requests: > 0 };
        var control = pool.Control is { Requests: > 0 };
        if (!counts || (stage.Percentage == Percentage.Zero && sight.Kind != StageKind.Shadow)) return pool.Canary is { Requests: > 0 } || control;
        return canary && (control || stage.Percentage == Percentage.Full);
    }

    private static Observation Pool(IEnumerable<Observation> regions) => regions.Aggregate((left, right) => left with
    {
        Region = "all",
        Canary = Sum(left.Canary, right.Canary),
        Control = Sum(left.Control, right.Control),
    });

    private static ArmSample? Sum(ArmSample? left, ArmSample? right) => left is null ? right : right is null ? left : left.Add(right);

    /// <summary>In the plan's order of triggers, then regions by name, then their pool.</summary>
    private static IEnumerable<Crossing> Crossings(ReleasePlan plan, JudgeState state, StageSight sight, DateTimeOffset judgedUntil)
    {
        var several = state.Recent.Select(observation => observation.Region).Distinct().Skip(1).Any();
        foreach (var trigger in plan.Triggers)
        {
            var metric = TriggerMetric.Of(trigger.Metric);
            var window = state.Recent.Where(observation => observation.End > judgedUntil - trigger.Window).ToList();
            if (window.Count == 0) continue;
            var scopes = window.GroupBy(observation => observation.Region, StringComparer.Ordinal)
                .Where(_ => several)
                .Select(group => (Region: group.Key, Rows: group.ToList()))
                .OrderBy(scope => scope.Region, StringComparer.Ordinal)
                .Append((Region: "all", Rows: window));
            foreach (var (region, rows) in scopes)
            {
                var pool = Pool(rows);
                var key = $"{trigger.Name}|{region}";
                var finding = Cross(trigger, metric, region, pool);
                if (finding is null && sight.Kind == StageKind.Dark)
                {
                    // Nobody is on the new version by default, yet it runs beside the old one: what it does to everybody counts.
                    key += "|everybody";
                    finding = Cross(trigger, metric, region, pool with { Canary = Sum(pool.Canary, pool.Control), Control = null });
                }

                if (finding is null) continue;
                var since = state.CrossedSince.TryGetValue(key, out var first) ? first : judgedUntil;
                yield return new Crossing(key, trigger, since, finding(since));
            }
        }
    }

    private static Func<DateTimeOffset, Finding>? Cross(PlannedTrigger trigger, TriggerMetric metric, string region, Observation pool)
    {
        if (pool.Canary is not { Requests: > 0 } canary || metric.Value(canary) is not { } value) return null;
        var above = trigger.Above is not null;
        var limit = (double)(trigger.Above ?? trigger.Below ?? 0);
        if (metric.Bound(canary, above) is not { } bound || (above ? bound <= limit : bound >= limit)) return null;
        var control = pool.Control is null ? null : metric.Value(pool.Control);
        return since => new Finding
        {
            Rule = trigger.Name,
            Metric = trigger.Metric,
            Region = region,
            Value = value,
            Bound = bound,
            Control = control,
            Limit = limit,
            Sample = canary.Requests,
            CrossedAt = since,
            Action = trigger.Action,
            Sentence = Sentence(trigger, metric, region, value, bound, limit, control, canary.Requests, since),
        };
    }

    private static string Sentence(
        PlannedTrigger trigger, TriggerMetric metric, string region, double value, double bound, double limit, double? control, long sample, DateTimeOffset since)
    {
        var above = trigger.Above is not null;
        var where = region == "all" ? "" : $" in {region}";
        var compared = control is { } other ? $", control {Number(metric, other)}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{trigger.Metric} {Number(metric, value)}{where} [{(above ? "at least" : "at most")} {Number(metric, bound)}] over {sample:N0} requests{compared}, limit {Number(metric, limit)}, crossed {since.UtcDateTime:HH:mm:ss}Z, trigger {trigger.Name}");
    }

    private static string Number(TriggerMetric metric, double value) => metric.Unit switch
    {
        MetricUnit.Milliseconds => string.Create(CultureInfo.InvariantCulture, $"{value:0} ms"),
        MetricUnit.Percent => string.Create(CultureInfo.InvariantCulture, $"{value:0.##} %"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value:G4}"),
    };

    private static Assessment Assess(ReleasePlan plan, JudgeState state, StageUnderJudgement stage, StageSight sight, List<Finding> due, string? mismatch)
    {
        if (due.FirstOrDefault(finding => finding.Action == TriggerAction.AutoRollback) is { } worst)
        {
            return new Assessment { Verdict = Verdict.Fail, Sentence = worst.Sentence, Findings = due };
        }

        var seen = state.SeenUntil ?? state.JudgedUntil;
        if (mismatch is not null && state.ExposureOffSince is { } off && state.JudgedUntil - off >= plan.Watch.Interval * BlindIntervals)
        {
            return new Assessment
            {
                Verdict = Verdict.Blind,
                Sentence = string.Create(CultureInfo.InvariantCulture, $"{CauseText(BlindCause.ExposureMismatch)} since {off.UtcDateTime:HH:mm:ss}Z: {mismatch}"),
                Findings = due,
                Blind = BlindCause.ExposureMismatch,
                BlindSince = off < seen ? off : seen,
                Missing = ["the exposure that was set"],
            };
        }

        if (state.JudgedUntil - seen >= plan.Watch.Interval * BlindIntervals)
        {
            var cause = BlindCauseOf(state, seen);
            return new Assessment
            {
                Verdict = Verdict.Blind,
                Sentence = string.Create(CultureInfo.InvariantCulture, $"{CauseText(cause)} since {seen.UtcDateTime:HH:mm:ss}Z"),
                Findings = due,
                Blind = cause,
                BlindSince = seen,
                Missing = ["telemetry of both arms"],
            };
        }

        if (mismatch is not null)
        {
            // Applications may be a little late with a flag: nothing is promoted on it, and it is no lost sight yet.
            return new Assessment { Verdict = Verdict.Undecided, Sentence = mismatch, Findings = due, Missing = ["the exposure that was set"] };
        }

        var whose = sight.Kind switch
        {
            StageKind.Dark => "requests of everybody",
            StageKind.Shadow => "shadow requests",
            _ => "canary requests",
        };
        var missing = FewestRequests - state.StageRequests;
        if (missing > 0)
        {
            return new Assessment
            {
                Verdict = Verdict.Undecided,
                Sentence = string.Create(CultureInfo.InvariantCulture, $"not enough data: {state.StageRequests:N0} of {FewestRequests} {whose} at {stage.Percentage}"),
                Findings = due,
                Missing = [string.Create(CultureInfo.InvariantCulture, $"{missing:N0} more {whose}")],
            };
        }

        return new Assessment
        {
            Verdict = Verdict.Pass,
            Sentence = due.Count == 0
                ? string.Create(CultureInfo.InvariantCulture, $"no limit crossed in {state.StageRequests:N0} {whose} at {stage.Percentage}")
                : string.Create(CultureInfo.InvariantCulture, $"no limit that rolls back crossed in {state.StageRequests:N0} {whose} at {stage.Percentage}; {due[0].Sentence}"),
            Findings = due,
        };
    }

    private static BlindCause BlindCauseOf(JudgeState state, DateTimeOffset seen)
    {
        var rows = state.Recent.Where(observation => observation.End > seen).ToList();
        return rows.Exists(row => row.Control is { Requests: > 0 }) ? BlindCause.NoTraffic : BlindCause.Dead;
    }

    private static string CauseText(BlindCause cause) => cause switch
    {
        BlindCause.NoTraffic => "the canary has had no traffic",
        BlindCause.Late => "telemetry has been later than the ingestion delay",
        BlindCause.ExposureMismatch => "the exposure seen has not been the exposure set",
        _ => "telemetry has been silent for both arms",
    };

    private sealed record Crossing(string Key, PlannedTrigger Trigger, DateTimeOffset Since, Finding Finding);
}
