using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Faults;

/// <summary>A deploy hook that is not there, or whose answer is lost, by plan; like the real one it answers instead of throwing.</summary>
public sealed class FaultyDeployHook(IDeployHook inner, FaultPlan plan) : IDeployHook
{
    /// <inheritdoc/>
    public async Task<HookResult> InvokeAsync(Uri hook, string version, string idempotencyKey, CancellationToken cancellation)
    {
        var effect = await plan.NextAsync(FaultOperations.Hook, hook.ToString(), cancellation);
        if (effect == FaultEffect.Unavailable) return new HookResult(false, FaultPlan.Message(FaultOperations.Hook));
        var result = await inner.InvokeAsync(hook, version, idempotencyKey, cancellation);
        return effect == FaultEffect.AnswerLost
            ? new HookResult(false, $"{FaultPlan.Message(FaultOperations.Hook)}: the answer was lost")
            : result;
    }
}
