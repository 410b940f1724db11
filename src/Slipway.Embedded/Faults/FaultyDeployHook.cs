using Slipway.Core.Strategies;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Faults;

/// <summary>A deploy hook that is not there, or whose answer is lost, by plan; like the real one it answers instead of throwing.</summary>
public sealed class FaultyDeployHook(IDeployHook inner, FaultPlan plan) : IDeployHook
{
    /// <inheritdoc/>
    public Task<HookResult> CallAsync(Uri hook, HookCall call, CancellationToken cancellation) =>
        RunAsync(hook, () => inner.CallAsync(hook, call, cancellation), cancellation);

    /// <inheritdoc/>
    public Task<HookResult> StatusAsync(Uri status, CancellationToken cancellation) =>
        RunAsync(status, () => inner.StatusAsync(status, cancellation), cancellation);

    private async Task<HookResult> RunAsync(Uri target, Func<Task<HookResult>> ask, CancellationToken cancellation)
    {
        var effect = await plan.NextAsync(FaultOperations.Hook, target.ToString(), cancellation);
        if (effect == FaultEffect.Unavailable) return new HookResult(HookProgress.NoAnswer, FaultPlan.Message(FaultOperations.Hook));
        var result = await ask();
        return effect == FaultEffect.AnswerLost
            ? new HookResult(HookProgress.NoAnswer, $"{FaultPlan.Message(FaultOperations.Hook)}: the answer was lost")
            : result;
    }
}
