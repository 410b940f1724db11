using Slipway.Core.Strategies;

namespace Slipway.Workflow.Ports;

/// <summary>
/// The pipeline that deploys, moves traffic and brings versions back. Neither member throws for what the other side does: no answer is a
/// result too.
/// </summary>
public interface IDeployHook
{
    /// <summary>Asks for one step. The call's key is sent as <c>Idempotency-Key</c>: asking again with the same key repeats the question, not
    /// the step.</summary>
    Task<HookResult> CallAsync(Uri hook, HookCall call, CancellationToken cancellation);

    /// <summary>Asks how a step that is under way stands, at the address that the pipeline gave for it.</summary>
    Task<HookResult> StatusAsync(Uri status, CancellationToken cancellation);
}

/// <summary>How far a step is.</summary>
public enum HookProgress
{
    /// <summary>It took effect.</summary>
    Done,

    /// <summary>It was accepted and runs; ask again.</summary>
    UnderWay,

    /// <summary>No usable answer; asking again may help.</summary>
    NoAnswer,

    /// <summary>The pipeline says that it failed, or that it will never do it; asking again does not help.</summary>
    Refused,
}

/// <summary>How a hook answered.</summary>
/// <param name="Progress">How far the step is.</param>
/// <param name="Details">Status and the start of the answer, or the error.</param>
/// <param name="Status">Where to ask again while it is under way; null: the same call.</param>
public sealed record HookResult(HookProgress Progress, string Details, Uri? Status = null);
