using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Simulation.World;
using Slipway.Workflow.Activities;

namespace Slipway.Simulation.Planted;

/// <summary>Known bugs, planted into the workflow one at a time to show that the simulation finds each. None of them is in the product.</summary>
internal static class PlantedBugs
{
    public static IReadOnlyList<Mutation> All { get; } =
    [
        Mutation.Asks("a flag is set to twice its stage", ReleaseActivities.Expose, input => input with { Exposure = new Percentage(Math.Min(100, input.Exposure.Value * 2)) }),
        Mutation.Instead("a flag is not brought back, and said to be", ReleaseActivities.RestoreFlag, input => new FlagOutput(EffectOutcome.Done, input.Captured, "as captured")),
        Mutation.Asks("effects are not recorded before they happen", ReleaseActivities.Append, input => input with { Drafts = [.. input.Drafts.Where(draft => draft.Body is not EffectIntended)] }),
        Mutation.Answers("a command to roll back is not heard", ReleaseActivities.Commands, (_, output) => output with { Commands = [.. output.Commands.Where(command => command.Kind != ReleaseCommandKind.RollBack)] }),
        Mutation.Answers("a lock that another release holds is given", ReleaseActivities.TakeLocks, (_, output) => output with { Resource = "", Holder = null }),
        Mutation.Answers("the start is not asked for approval", ReleaseActivities.Load, (_, output) => output with { Approvals = null }),
        Mutation.Asks("a message goes out under another id than its entry", ReleaseActivities.Message, input => input with { OperationId = new Guid([.. input.OperationId.ToByteArray().Reverse()]) }),
        Mutation.Answers("a freeze is not seen", ReleaseActivities.Freezes, (_, output) => output with { InForce = [] }),
        Mutation.Answers("a change window is not seen", ReleaseActivities.Load, (_, output) => output with { Request = output.Request with { Operations = output.Request.Operations with { Windows = [] } } }),
        Mutation.Answers("what was captured is not what was there", ReleaseActivities.Capture, (_, output) => output with { Flags = [.. output.Flags.Select(flag => flag with { Json = flag.Json.Replace("\"enabled\":false", "\"enabled\":true", StringComparison.Ordinal) })] }),
        Mutation.Instead("a key is not brought back, and said to be", ReleaseActivities.RestoreKey, input => new EffectOutput(EffectOutcome.Done, $"{input.Captured.Key} read back as captured")),
        Mutation.Asks("effects are not recorded when they have happened", ReleaseActivities.Append, input => input with { Drafts = [.. input.Drafts.Where(draft => draft.Body is not EffectFinished { Kind: EffectKind.Hook or EffectKind.Configuration })] }),
        Mutation.Asks("a step of the pipeline is asked for under a new key at each try", ReleaseActivities.Hook, input => input with { Call = input.Call with { Key = $"{input.Call.Key}-{Interlocked.Increment(ref _tries)}" } }),
    ];

    /// <summary>The first seed, from 0 on, that finds each, and the invariant of the design that it breaks.</summary>
    public static IReadOnlyDictionary<string, (long Seed, int Invariant)> FoundBySeed { get; } = new Dictionary<string, (long, int)>
    {
        ["a flag is set to twice its stage"] = (1, 1),
        ["a flag is not brought back, and said to be"] = (1, 2),
        ["effects are not recorded before they happen"] = (0, 4),
        ["effects are not recorded when they have happened"] = (0, 4),
        ["a command to roll back is not heard"] = (8, 5),
        ["a lock that another release holds is given"] = (197, 8),
        ["the start is not asked for approval"] = (3, 3),
        ["a message goes out under another id than its entry"] = (0, 4),
        ["a freeze is not seen"] = (50, 3),
        ["a change window is not seen"] = (3, 3),
        ["what was captured is not what was there"] = (1, 1),
        ["a key is not brought back, and said to be"] = (399, 2),
        ["a step of the pipeline is asked for under a new key at each try"] = (0, 4),
    };

    private static int _tries;
}
