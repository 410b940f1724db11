using Slipway.Core.Ledgers;
using Slipway.Core.Rescue;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Ports;

namespace Slipway.Workflow.Rescue;

/// <summary>What a rescue makes of an answer of the deploy hook; pure.</summary>
internal static class RestoreCall
{
    /// <param name="back">What was asked.</param>
    /// <param name="answer">The answer; null: there was none.</param>
    /// <param name="problem">Why there was none.</param>
    public static RestoreResult Result(RescueCall back, HookOutput? answer, string problem) => new(
        EffectKind.Hook,
        back.Hook.ToString(),
        answer switch
        {
            null => EffectOutcome.TimedOut,
            { Progress: HookProgress.Done } => EffectOutcome.Done,
            _ => EffectOutcome.Failed,
        },
        answer switch
        {
            null => problem,
            { Progress: HookProgress.UnderWay } => $"accepted and still under way, its end was not seen: {answer.Details}",
            _ => answer.Details,
        })
    {
        Step = back.Call,
    };
}
