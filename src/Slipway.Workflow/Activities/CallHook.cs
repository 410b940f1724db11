using Slipway.Core.Releases;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;

namespace Slipway.Workflow.Activities;

/// <summary>
/// Asks the pipeline for a step, or how far it is. Running it twice repeats the question with the same key, not the step. A step forward of a release that is
/// over, or that somebody else brings back, is not asked for: its orchestration may have died before the call left, and an engine that
/// starts later does what was left to do before the orchestration hears of the takeover.
/// </summary>
/// <param name="hook">The pipeline.</param>
/// <param name="journal">Ledgers with their folded state.</param>
public sealed class CallHook(IDeployHook hook, ReleaseJournal journal) : IActivity<HookInput, HookOutput>
{
    /// <inheritdoc/>
    public async Task<HookOutput> RunAsync(HookInput input, CancellationToken cancellation)
    {
        try
        {
            if (input is { Status: null, Call.IsForward: true } && await NotAskedAsync(input.Call.Release, cancellation) is { } why) return new HookOutput(HookProgress.NoAnswer, why);
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

    private async Task<string?> NotAskedAsync(ReleaseId release, CancellationToken cancellation) => await journal.StateAsync(release, cancellation) switch
    {
        { TakenOver: { } taken } => $"not asked for: {taken.By} brings the release back",
        { IsTerminal: true } => "not asked for: the release is over",
        _ => null,
    };
}
