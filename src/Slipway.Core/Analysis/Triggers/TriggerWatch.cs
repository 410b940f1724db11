using System.Globalization;
using System.Runtime.CompilerServices;
using Slipway.Core.Analysis.Judging;
using Slipway.Core.Decisions;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Strategies;

namespace Slipway.Core.Analysis.Triggers;

/// <summary>
/// The plan's triggers: a metric over a sliding window against a threshold, in each region and in the pool. A threshold is crossed where the
/// one-sided 99.99 % bound of the canary's value is beyond it, so that a low-traffic canary is not rolled back by one unlucky request.
/// <para>
/// What rolls back, or asks people to, has to be seen twice: in two windows that do not overlap, over a crossing that lasts as long as its
/// window, or together with evidence of at least 10 that the canary is worse than the control arm. One wild minute in one arm decides
/// nothing. The limits of the guardrails are looked at over 1, 5 and 15 minutes for that. Where the control arm crosses the threshold too, it
/// is not the canary: people are paged, and nothing is rolled back. The same holds where the control arm is not clearly within the
/// threshold, unless the evidence says that the canary is worse: a limit at the base rate would roll back every other release. Pure.
/// </para>
/// </summary>
internal static class TriggerWatch
{
    /// <summary>Two crossings further apart than this do not belong together.</summary>
    public static readonly TimeSpan Together = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly int[] Looks = [1, 5, 15];

    /// <summary>The windows of each trigger of a plan, shortest first, for as long as somebody holds the plan.</summary>
    private static readonly ConditionalWeakTable<ReleasePlan, IReadOnlyList<TimeSpan[]>> Known = [];

    /// <summary>The longest window that any trigger of a plan looks at.</summary>
    public static TimeSpan Longest(ReleasePlan plan)
    {
        var longest = plan.Watch.Interval;
        foreach (var windows in WindowsOf(plan))
        {
            if (windows[^1] > longest) longest = windows[^1];
        }

        return longest;
    }

    /// <summary>What is crossed at the end of an interval, and what of it is due.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="state">The state, with the newest rows in it.</param>
    /// <param name="stage">The stage under judgement.</param>
    /// <param name="sight">What its evidence is made of.</param>
    /// <param name="until">End of the newest interval.</param>
    /// <param name="logEvidence">The log evidence against the canary, by metric and region.</param>
    public static TriggerLook Look(
        ReleasePlan plan, JudgeState state, StageUnderJudgement stage, StageSight sight, DateTimeOffset until, Func<string, string, double> logEvidence)
    {
        var canonical = DecisionMatrix.StageOf(stage, until);
        var since = new SortedDictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        var windows = new SortedDictionary<string, IReadOnlyList<CrossedWindow>>(StringComparer.Ordinal);
        var due = new List<Finding>();
        var looked = new List<string>();
        List<Scope> scopes = [.. Scopes(state, sight, until)];
        foreach (var (trigger, over) in plan.Triggers.Zip(WindowsOf(plan)))
        {
            if (trigger.OnlyExposed && stage.Percentage == Percentage.Zero) continue;
            var metric = TriggerMetric.Of(trigger.Metric);
            looked.Add(trigger.Name);
            foreach (var scope in scopes)
            {
                var key = $"{trigger.Name}|{scope.Region}{scope.Suffix}";
                var crossings = new List<(TimeSpan Window, Crossing? Crossed)>();
                foreach (var window in over)
                {
                    if (Crossing.Of(trigger, metric, scope.Region, scope.Pool(window)) is { } crossed) crossings.Add((window, crossed));
                }

                var earlier = state.CrossedWindows.GetValueOrDefault(key, []).Where(window => window.To >= until - Together).ToList();
                if (crossings.Count > 0 || earlier.Count > 0) windows[key] = [.. earlier, .. crossings.Select(look => new CrossedWindow(until - look.Window, until))];
                if (crossings.Count == 0) continue;

                // One crossing is one as long as any window shows it. How long it lasts is measured over the trigger's own window: a longer
                // one would stretch a single bad minute.
                var at = since[$"{key}|any"] = Since(state, $"{key}|any", until);
                var own = crossings.Find(look => look.Window == trigger.Window).Crossed;
                if (own is not null) since[key] = Since(state, key, until);
                var lasting = own is null ? TimeSpan.Zero : until - since[key];
                if (DecisionMatrix.ActionOf(trigger, canonical, lasting) is not { } action) continue;
                var shown = own ?? crossings[0].Crossed!;
                var grave = action is TriggerAction.AutoRollback or TriggerAction.Evaluate;
                if (!grave && own is null) continue;
                var worse = LogEvidence(trigger, scope.Region) >= GuardrailWatch.Leaning;
                if (shown.ControlCrosses)
                    due.Add(shown.Finding(TriggerAction.Alert, at, "; the control crosses it too, so that nothing is rolled back") with { Shared = true });
                else if (grave && !worse && !Crossing.Keeps(trigger, metric, scope.Pool(over[^1])))
                    due.Add(shown.Finding(TriggerAction.Alert, at, "; the control is not clearly within it either, so that nothing is rolled back") with { Shared = true });
                else if (!grave || worse || lasting >= trigger.Window || Confirmed(crossings, earlier, until))
                    due.Add(shown.Finding(action, at, ""));
            }
        }

        return new TriggerLook(since, windows, due, looked);

        double LogEvidence(PlannedTrigger trigger, string region) =>
            Guardrail.MetricOf(trigger.Metric) is { } metric ? logEvidence(metric, region) : 0;
    }

    private static DateTimeOffset Since(JudgeState state, string key, DateTimeOffset until) =>
        state.CrossedSince.TryGetValue(key, out var before) ? before : until;

    private static bool Confirmed(List<(TimeSpan Window, Crossing? Crossed)> crossings, List<CrossedWindow> earlier, DateTimeOffset until) =>
        crossings.Exists(look => earlier.Exists(window => window.To <= until - look.Window));

    private static IReadOnlyList<TimeSpan[]> WindowsOf(ReleasePlan plan) =>
        Known.TryGetValue(plan, out var known) ? known : Known.GetValue(plan, static plan => [.. plan.Triggers.Select(trigger => Windows(plan, trigger))]);

    /// <summary>The windows of a trigger, shortest first: a guardrail's limit is looked at over 1, 5 and 15 minutes (as many intervals where
    /// they are shorter than a minute), any other trigger over its own.</summary>
    private static TimeSpan[] Windows(ReleasePlan plan, PlannedTrigger trigger)
    {
        if (trigger.Row is null) return [trigger.Window];
        var interval = plan.Watch.Interval;
        var unit = interval < Minute ? interval : Minute;
        Span<TimeSpan> all = stackalloc TimeSpan[Looks.Length + 1];
        for (var i = 0; i < Looks.Length; i++) all[i] = Looks[i] * unit < interval ? interval : Looks[i] * unit;
        all[^1] = trigger.Window;
        all.Sort();
        var count = 1;
        for (var i = 1; i < all.Length; i++)
        {
            if (all[i] != all[count - 1]) all[count++] = all[i];
        }

        return all[..count].ToArray();
    }

    /// <summary>Each region, then their pool; without users on the new version by default, also everybody: what it does to them counts.</summary>
    private static IEnumerable<Scope> Scopes(JudgeState state, StageSight sight, DateTimeOffset until)
    {
        if (state.Recent.Count == 0) yield break;
        List<(string Region, IReadOnlyList<Observation> Rows)> scopes = [(GuardrailWatch.Pool, state.Recent)];
        if (state.Recent.Any(row => row.Region != state.Recent[0].Region))
            scopes.InsertRange(0, state.Recent.GroupBy(row => row.Region, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => (group.Key, (IReadOnlyList<Observation>)[.. group])));
        foreach (var (region, of) in scopes)
        {
            yield return new Scope(region, "", of, until, false);
            if (sight.Kind == StageKind.Dark) yield return new Scope(region, "|everybody", of, until, true);
        }
    }

    private sealed record Scope(string Region, string Suffix, IReadOnlyList<Observation> Rows, DateTimeOffset Until, bool Everybody)
    {
        private readonly Dictionary<TimeSpan, Observation?> _pools = [];

        /// <summary>Both arms over a window; null without a row in it.</summary>
        public Observation? Pool(TimeSpan window)
        {
            if (!_pools.TryGetValue(window, out var pool)) _pools[window] = pool = Sum(window);
            return pool;
        }

        private Observation? Sum(TimeSpan window)
        {
            var rows = Rows.Where(row => row.End > Until - window).ToList();
            if (rows.Count == 0) return null;
            var pool = IntervalPools.Pool(rows);
            return Everybody ? pool with { Canary = IntervalPools.Sum(pool.Canary, pool.Control), Control = null } : pool;
        }
    }

    /// <summary>A threshold that is crossed over one window.</summary>
    private sealed record Crossing(PlannedTrigger Trigger, TriggerMetric Metric, string Region, double Value, double Bound, double Limit, double? Control, bool ControlCrosses, long Sample)
    {
        public static Crossing? Of(PlannedTrigger trigger, TriggerMetric metric, string region, Observation? pool)
        {
            if (pool?.Canary is not { Requests: > 0 } canary || metric.Value(canary) is not { } value) return null;
            var above = trigger.Above is not null;
            var limit = (double)(trigger.Above ?? trigger.Below ?? 0);
            if (!metric.IsBeyond(canary, above, limit) || metric.Bound(canary, above) is not { } bound) return null;

            // The bound is read from buckets; what is counted exactly may lie in the bucket that the limit falls in.
            if (metric.Unit == MetricUnit.Milliseconds) bound = above ? Math.Max(bound, limit) : Math.Min(bound, limit);
            var control = pool.Control is null ? null : metric.Value(pool.Control);
            var both = pool.Control is { Requests: > 0 } other && metric.IsBeyond(other, above, limit);
            return new Crossing(trigger, metric, region, value, bound, limit, control, both, canary.Requests);
        }

        /// <summary>Whether the control arm is clearly within the threshold; so it is where there is none, and for business metrics, which differ
        /// between any two groups.</summary>
        public static bool Keeps(PlannedTrigger trigger, TriggerMetric metric, Observation? pool) =>
            pool?.Control is not { Requests: > 0 } control || metric.Unit == MetricUnit.None
            || metric.IsBeyond(control, trigger.Above is null, (double)(trigger.Above ?? trigger.Below ?? 0));

        public Finding Finding(TriggerAction action, DateTimeOffset since, string suffix) => new()
        {
            Rule = Trigger.Name,
            Metric = Trigger.Metric,
            Region = Region,
            Value = EvidenceText.Recorded(Value),
            Bound = EvidenceText.Recorded(Bound),
            Control = EvidenceText.Recorded(Control),
            Limit = Limit,
            Sample = Sample,
            CrossedAt = since,
            Action = action,
            Sentence = Sentence(since) + suffix,
        };

        private string Sentence(DateTimeOffset since)
        {
            var where = Region == GuardrailWatch.Pool ? "" : $" in {Region}";
            var compared = Control is { } other ? $", control {Metric.Text(other)}" : "";
            return string.Create(CultureInfo.InvariantCulture, $"{Trigger.Metric} {Metric.Text(Value)}{where} [{(Trigger.Above is not null ? "at least" : "at most")} {Metric.Text(Bound)}] over {Sample:N0} requests{compared}, limit {Metric.Text(Limit)}, crossed {EvidenceText.Clock(since)}, trigger {Trigger.Name}");
        }
    }
}

/// <summary>What a look at the triggers found.</summary>
/// <param name="Since">Since when each is crossed over its own window, and over any, by name and region.</param>
/// <param name="Windows">The windows in which each was crossed lately.</param>
/// <param name="Due">What is due now.</param>
/// <param name="Looked">The names of the triggers that were compared with their thresholds.</param>
internal sealed record TriggerLook(
    IReadOnlyDictionary<string, DateTimeOffset> Since, IReadOnlyDictionary<string, IReadOnlyList<CrossedWindow>> Windows, IReadOnlyList<Finding> Due,
    IReadOnlyList<string> Looked);
