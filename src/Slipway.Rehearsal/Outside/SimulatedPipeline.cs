using Slipway.Core.Strategies;
using Slipway.Workflow.Ports;

namespace Slipway.Rehearsal.Outside;

/// <summary>A pipeline that does each step at once, and the same key only once.</summary>
internal sealed class SimulatedPipeline(Action<HookStep> onStep) : IDeployHook
{
    private readonly HashSet<string> _done = new(StringComparer.Ordinal);

    public Task<HookResult> CallAsync(Uri hook, HookCall call, CancellationToken cancellation)
    {
        if (_done.Add(call.Key)) onStep(call.Step);
        return Task.FromResult(new HookResult(HookProgress.Done, $"200 {call.Step.Sentence}"));
    }

    public Task<HookResult> StatusAsync(Uri status, CancellationToken cancellation) => Task.FromResult(new HookResult(HookProgress.Done, "200"));
}
