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
        next = next with { Counted = fresh.Aggregate(next.Counted, (counted, observation) => counted.SetItem(Source(judged, observation), observation.Start)) };
        var alerts = judged.Assessment.Findings.Aggregate(next.Alerts, (sum, finding) => ReleaseFold.Raise(sum, at, AlertOf(finding)));
        if (!here) return next with { Alerts = alerts };
        return next with
        {
            Alerts = alerts,
            Assessment = judged.Assessment,
            JudgedUntil = state.JudgedUntil > judged.JudgedUntil ? state.JudgedUntil : judged.JudgedUntil,
            JudgedAt = at,
            Telemetry = judged.Telemetry ?? state.Telemetry,
        };
    }

    private static string Source(IntervalJudged judged, Observation observation) => $"{judged.Environment}|{observation.Region}";

    private static ReleaseState Observe(ReleaseState state, int stage, Observation observation, bool here)
    {
        var next = !here ? state : Newest(
            state with
            {
                CanaryErrorTypes = Types(state.CanaryErrorTypes, observation.Canary),
                ControlErrorTypes = Types(state.ControlErrorTypes, observation.Control),
                DependencyFailures = Failures(state.DependencyFailures, observation.Canary),
            },
            observation);
        next = next with { Lowest = LowAvailability.Lower(next.Lowest, observation) };
        return stage >= 0 && stage < next.Stages.Length
            ? next with { Stages = next.Stages.SetItem(stage, next.Stages[stage] with { Evidence = next.Stages[stage].Evidence.Add(observation) }) }
            : next;
    }

    private static ReleaseState Newest(ReleaseState state, Observation observation)
    {
        if (state.LastInterval is not { } last)
            return state with { LastInterval = new IntervalPool(observation.Start, observation.Length, observation.Canary, observation.Control) };
        if (observation.Start < last.Start) return state;
        if (observation.Start == last.Start) return state with { LastInterval = last.Add(observation) };
        var rates = last.Both is { Requests: > 0 } both ? state.EarlierErrorRates.Add(100.0 * both.Errors / both.Requests) : state.EarlierErrorRates;
        return state with
        {
            EarlierErrorRates = rates.Length > ReleaseState.TrendLength ? rates.RemoveAt(0) : rates,
            LastInterval = new IntervalPool(observation.Start, observation.Length, observation.Canary, observation.Control),
        };
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
