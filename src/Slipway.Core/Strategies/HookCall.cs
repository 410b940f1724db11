using System.Text.Json.Serialization;
using Slipway.Core.Planning;
using Slipway.Core.Releases;

namespace Slipway.Core.Strategies;

/// <summary>All that a deploy hook is told with one step.</summary>
/// <param name="Release">The release.</param>
/// <param name="Step">What is asked.</param>
/// <param name="Key">The idempotency key: the same for every repetition of this step, so that a hook that honours it acts once.</param>
/// <param name="Sequence">Grows from step to step of a release, and every step back is above every step forward: a hook that refuses a lower
/// number than it has taken is safe from a call that was held up on its way and arrives after the way back.</param>
public sealed record HookCall(ReleaseId Release, HookStep Step, string Key, long Sequence)
{
    // Above what any plan can have in forward steps, and any rollback in rounds.
    private const long RoundLength = 10_000;
    private const long RescueBase = 1_000_000_000;

    /// <summary>A step of a stage.</summary>
    /// <param name="plan">The plan that has it.</param>
    /// <param name="stage">The stage, 0 first.</param>
    /// <param name="step">The step.</param>
    public static HookCall Forward(ReleasePlan plan, int stage, HookStep step)
    {
        var before = plan.Stages.Take(stage).Sum(other => other.Steps.Count);
        return new HookCall(plan.ReleaseId, step, $"{plan.ReleaseId}:stage-{stage + 1}:{step.Id}", before + plan.Stages[stage].Steps.ToList().IndexOf(step) + 1);
    }

    /// <summary>The steps back of one round of a rollback, in order.</summary>
    /// <param name="release">The release.</param>
    /// <param name="round">Which round of the rollback, 1 first: each has keys of its own.</param>
    /// <param name="steps">The steps.</param>
    public static IReadOnlyList<HookCall> Back(ReleaseId release, int round, IReadOnlyList<HookStep> steps) =>
        [.. steps.Select((step, index) => new HookCall(release, step, $"{release}:back-{round}:{step.Id}", (RoundLength * round) + index))];

    /// <summary>The steps back of a rescue or of a rollback without an engine: the same keys whoever goes on with it.</summary>
    public static IReadOnlyList<HookCall> Rescue(ReleaseId release, IReadOnlyList<HookStep> steps) =>
        [.. steps.Select((step, index) => new HookCall(release, step, $"{release}:rescue:{step.Id}", RescueBase + index))];

    /// <summary>The same once more, under keys of their own: a pipeline does what it has done under a key only once.</summary>
    public static IReadOnlyList<HookCall> RescueAgain(ReleaseId release, IReadOnlyList<HookStep> steps) =>
        [.. steps.Select((step, index) => new HookCall(release, step, $"{release}:rescue-again:{step.Id}", RescueBase + RoundLength + index))];

    /// <summary>Whether it is a step of a stage, none of a way back.</summary>
    [JsonIgnore]
    public bool IsForward => Sequence < RoundLength;

    /// <summary>Whether it is one of <see cref="RescueAgain"/>.</summary>
    [JsonIgnore]
    public bool IsAgain => Sequence >= RescueBase + RoundLength;
}
