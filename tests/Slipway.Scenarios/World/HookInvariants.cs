using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Strategies;

namespace Slipway.Scenarios.World;

/// <summary>The invariants of what the deploy hook carries, checked against the pipeline's own record.</summary>
internal static class HookInvariants
{
    public static void Check(RecordingHook hook, IReadOnlyList<LedgerEntry> entries)
    {
        var bodies = entries.Select(entry => (entry.At, Body: entry.Read())).ToList();
        var state = ReleaseState.Fold(entries);
        Assert.Equal(hook.Effects.Count, hook.Took.Count);
        foreach (var (at, call) in hook.Asked)
        {
            Assert.True(bodies.Exists(entry => entry.At <= at && entry.Body is EffectIntended intended && intended.EffectId == call.Key), $"{call.Key} was asked for at {at:u} without an intent");
            Assert.Equal(state.Plan.ReleaseId, call.Release);
        }

        // 1: no step leads more users to the new version than the stage that is under way allows.
        var traffic = HookTraffic.None;
        var shadow = false;
        foreach (var (at, step) in hook.Took)
        {
            traffic = traffic.After(step);
            shadow = step.Action == DeployAction.ShadowStart || (shadow && step.Action != DeployAction.ShadowStop);
            var stage = bodies.Where(entry => entry.At <= at).Select(entry => entry.Body).OfType<PhaseEntered>().LastOrDefault(entry => entry.Phase == ReleasePhase.Shifting);
            var allowed = stage is null ? Percentage.Zero : state.Plan.Stages[stage.Stage].Percentage;
            Assert.True(traffic.Share(state.Plan.Regions.Count) <= allowed, $"{step.Sentence} at {at:u} led to {traffic.Share(state.Plan.Regions.Count)}, allowed was {allowed}");
            Assert.False(shadow && traffic.Share(state.Plan.Regions.Count) > Percentage.Zero, "a shadow ran while users were exposed");
        }

        // 2: after a rollback the pipeline leads nobody to the new version, and no copy of anything; a rescue waits for no pipeline, and says what it may be at.
        var mayBeAtWork = state.LeftToDo.Any(line => line.StartsWith("see that the pipeline has ended", StringComparison.Ordinal));
        if (state.Phase == ReleasePhase.RolledBack && !mayBeAtWork)
        {
            Assert.Equal(Percentage.Zero, traffic.Share(state.Plan.Regions.Count));
            Assert.False(shadow, "the shadow still runs");
        }

        // The ledger tells the same story as the pipeline.
        if (state.Plan.Deploy is not null && state.Phase != ReleasePhase.Failed && !mayBeAtWork) Assert.Equal(traffic.Share(state.Plan.Regions.Count), state.Traffic.Share(state.Plan.Regions.Count));
        if (state.Phase == ReleasePhase.Completed) Assert.All(state.Plan.Stages.SelectMany(stage => stage.Steps), step => Assert.Contains(hook.Took, took => took.Step == step));
    }
}
