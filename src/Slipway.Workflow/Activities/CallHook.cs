using Slipway.Workflow.Engine;
using Slipway.Workflow.Ports;

namespace Slipway.Workflow.Activities;

/// <summary>Asks the pipeline for a step, or how far it is. Running it twice repeats the question with the same key, not the step.</summary>
public sealed class CallHook(IDeployHook hook) : IActivity<HookInput, HookOutput>
{
    /// <inheritdoc/>
    public async Task<HookOutput> RunAsync(HookInput input, CancellationToken cancellation)
    {
        try
        {
            var result = input.Status is { } status
                ? await hook.StatusAsync(status, cancellation)
                : await hook.CallAsync(input.Hook, input.Call, cancellation);
            return new HookOutput(result.Progress, result.Details, result.Progress is HookProgress.UnderWay or HookProgress.NoAnswer ? result.Status ?? input.Status : null);
        }
        catch (PortUnavailableException error)
        {
            return new HookOutput(HookProgress.NoAnswer, error.Message, input.Status);
        }
    }
}
