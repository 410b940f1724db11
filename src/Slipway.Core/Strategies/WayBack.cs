using Slipway.Core.Ledgers;
using Slipway.Core.Releases;

namespace Slipway.Core.Strategies;

/// <summary>
/// What has to be asked of the deploy hook to undo what was begun; pure. A step counts as soon as it was begun: without an answer it may
/// have taken effect, or may still do so.
/// </summary>
public static class WayBack
{
    /// <summary>Level 1, the instant way: back from the swap first, then no share of traffic, then no shadow.</summary>
    public static IReadOnlyList<HookStep> OfTraffic(IReadOnlyList<HookStepFact> begun)
    {
        var steps = new List<HookStep>();
        if (Last(begun, DeployAction.Swap) is { } swap) steps.Add(swap.Step with { Percentage = Percentage.Zero });
        if (Last(begun, DeployAction.Shift) is { } shift) steps.Add(shift.Step with { Percentage = Percentage.Zero });
        if (Last(begun, DeployAction.ShadowStart) is { } shadow && !begun.Any(fact => fact is { Step.Action: DeployAction.ShadowStop, Outcome: EffectOutcome.Done or EffectOutcome.AlreadyDone }))
            steps.Add(shadow.Step with { Action = DeployAction.ShadowStop });
        return steps;
    }

    /// <summary>Level 3: the regions that got the version, the last one first; where regions were not deployed one by one, all at once.</summary>
    /// <param name="begun">What was begun.</param>
    /// <param name="previousVersion">The version to go back to.</param>
    public static IReadOnlyList<HookStep> OfCode(IReadOnlyList<HookStepFact> begun, string previousVersion)
    {
        var regions = Regional(begun).Select(fact => fact.Step.Region).Distinct(StringComparer.Ordinal).Reverse().ToList();
        return regions.Count > 0
            ? [.. regions.Select(region => new HookStep(DeployAction.Rollback, previousVersion, region, Percentage.Full))]
            : [new HookStep(DeployAction.Rollback, previousVersion, HookStep.AllRegions, Percentage.Full)];
    }

    /// <summary>Everything that carries users: what has to be undone before nobody is exposed through the hook any more.</summary>
    public static IReadOnlyList<HookStep> OfExposure(IReadOnlyList<HookStepFact> begun, string? previousVersion) =>
        [.. OfTraffic(begun), .. Regional(begun).Any() ? OfCode(begun, previousVersion ?? "") : []];

    /// <summary>The steps that are still to be done. With the previous version back everywhere, no share of traffic leads anywhere else.</summary>
    /// <param name="steps">The steps back.</param>
    /// <param name="done">The ids of those that were confirmed.</param>
    public static IEnumerable<HookStep> Left(IEnumerable<HookStep> steps, IReadOnlySet<string> done) =>
        steps.Where(step => !done.Contains(step.Id) && (step.Action == DeployAction.ShadowStop || !done.Contains(EverywhereBack)));

    private static readonly string EverywhereBack = new HookStep(DeployAction.Rollback, "", HookStep.AllRegions, Percentage.Full).Id;

    /// <summary>Whether the version was, or may have been, deployed where a rollback of traffic alone leaves it: without users.</summary>
    public static bool StaysDeployed(IReadOnlyList<HookStepFact> begun) => begun.Any(fact => fact.Step is { Action: DeployAction.Deploy, IsRegional: false });

    private static IEnumerable<HookStepFact> Regional(IReadOnlyList<HookStepFact> begun) =>
        begun.Where(fact => fact.Step is { Action: DeployAction.Deploy, IsRegional: true });

    private static HookStepFact? Last(IReadOnlyList<HookStepFact> begun, DeployAction action) => begun.LastOrDefault(fact => fact.Step.Action == action);
}
