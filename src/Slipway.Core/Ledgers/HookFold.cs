using Slipway.Core.Strategies;

namespace Slipway.Core.Ledgers;

/// <summary>What steps of the deploy hook change in the state.</summary>
internal static class HookFold
{
    public static ReleaseState Intend(ReleaseState state, string key, HookStep step) =>
        state.HookSteps.Exists(fact => fact.Key == key)
            ? state
            : state with
            {
                HookSteps = state.HookSteps.Add(new HookStepFact(key, step, null)),
                ExposureBegun = state.ExposureBegun || state.Captured is not null,
            };

    public static ReleaseState Finish(ReleaseState state, EffectFinished finished)
    {
        var index = state.HookSteps.FindIndex(fact => fact.Key == finished.EffectId);
        if (index < 0) return state;
        var fact = state.HookSteps[index] with { Outcome = finished.Outcome };
        var next = state with { HookSteps = state.HookSteps.SetItem(index, fact) };
        return finished.Outcome is EffectOutcome.Done or EffectOutcome.AlreadyDone
            ? EnvironmentFold.Expose(next with { Traffic = next.Traffic.After(fact.Step) })
            : next;
    }
}
