using System.Collections.Immutable;
using Slipway.Core.Analysis;
using Slipway.Core.Requests;

namespace Slipway.Core.Ledgers;

/// <summary>What a judged interval changes in the state.</summary>
internal static class EvidenceFold
{
    private const int MostErrorTypes = 200;
    private const int MostDependencies = 100;

    public static ReleaseState Judge(ReleaseState state, DateTimeOffset at, IntervalJudged judged)
    {
        // An earlier environment stays watched; what it shows counts for its own stage, and speaks for no other environment.
        var here = judged.Environment == state.Environment;
        // A watch that was started again after an error judges its intervals anew: they count once.
        var fresh = judged.Observations.Where(observation => !state.Counted.TryGetValue(Source(judged, observation), out var newest) || observation.Start > newest).ToList();
        var next = fresh.Aggregate(state, (sum, observation) => Observe(sum, judged.Stage, observation, here));
        var counted = fresh.Aggregate(next.Counted, (counted, observation) => counted.SetItem(Source(judged, observation), observation.Start));
        var alerts = judged.Assessment.Findings.Aggregate(next.Alerts, (sum, finding) => ReleaseFold.Raise(sum, at, AlertOf(finding)));
        if (!here) return next with { Counted = counted, Alerts = alerts, JudgedAnywhereAt = at };
        return next with
        {
            Counted = counted,
            Alerts = alerts,
            Assessment = judged.Assessment,
            JudgedUntil = state.JudgedUntil > judged.JudgedUntil ? state.JudgedUntil : judged.JudgedUntil,
            JudgedAt = at,
            JudgedAnywhereAt = at,
            Telemetry = judged.Telemetry ?? state.Telemetry,
        };
    }

    private static string Source(IntervalJudged judged, Observation observation) => $"{judged.Environment}|{observation.Region}";

    private static ReleaseState Observe(ReleaseState state, int stage, Observation observation, bool here)
    {
        var stages = stage >= 0 && stage < state.Stages.Length
            ? state.Stages.SetItem(stage, state.Stages[stage] with { Evidence = state.Stages[stage].Evidence.Add(observation) })
            : state.Stages;
        var lowest = LowAvailability.Lower(state.Lowest, observation);
        if (!here) return state with { Stages = stages, Lowest = lowest };
        var (last, rates) = Newest(state, observation);
        return state with
        {
            Stages = stages,
            Lowest = lowest,
            CanaryErrorTypes = Types(state.CanaryErrorTypes, observation.Canary),
            ControlErrorTypes = Types(state.ControlErrorTypes, observation.Control),
            DependencyFailures = Failures(state.DependencyFailures, observation.Canary),
            LastInterval = last,
            EarlierErrorRates = rates,
        };
    }

    private static (IntervalPool Last, ImmutableArray<double> Earlier) Newest(ReleaseState state, Observation observation)
    {
        var own = new IntervalPool(observation.Start, observation.Length, observation.Canary, observation.Control);
        if (state.LastInterval is not { } last) return (own, state.EarlierErrorRates);
        if (observation.Start < last.Start) return (last, state.EarlierErrorRates);
        if (observation.Start == last.Start) return (last.Add(observation), state.EarlierErrorRates);
        var rates = last.Both is { Requests: > 0 } both ? state.EarlierErrorRates.Add(100.0 * both.Errors / both.Requests) : state.EarlierErrorRates;
        return (own, rates.Length > ReleaseState.TrendLength ? rates.RemoveAt(0) : rates);
    }

    private static ImmutableSortedSet<string> Types(ImmutableSortedSet<string> types, ArmSample? sample) =>
        sample is null || sample.ErrorTypes.Count == 0 || types.Count >= MostErrorTypes ? types : types.Union(sample.ErrorTypes);

    private static ImmutableSortedDictionary<string, long> Failures(ImmutableSortedDictionary<string, long> failures, ArmSample? sample) =>
        sample is null
            ? failures
            : sample.DependencyFailures.Where(entry => entry.Value > 0).Aggregate(failures, (sum, entry) =>
                sum.TryGetValue(entry.Key, out var before) ? sum.SetItem(entry.Key, before + entry.Value)
                : sum.Count < MostDependencies ? sum.Add(entry.Key, entry.Value) : sum);

    private static AlertRaised AlertOf(Finding finding) => finding.Action switch
    {
        TriggerAction.AutoRollback => new AlertRaised(finding.Rule, AlertSeverity.Critical, finding.Sentence, "automatic rollback is due"),
        TriggerAction.Pause => new AlertRaised(finding.Rule, AlertSeverity.Warning, finding.Sentence, "a hold is due"),
        TriggerAction.Evaluate => new AlertRaised(finding.Rule, AlertSeverity.Warning, finding.Sentence, "an evaluation is due"),
        _ => new AlertRaised(finding.Rule, AlertSeverity.Info, finding.Sentence, "recorded and told"),
    };
}
