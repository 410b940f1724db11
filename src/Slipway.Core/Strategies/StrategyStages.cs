using System.Globalization;
using Slipway.Core.Planning;
using Slipway.Core.Planning.Risk;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Core.Strategies;

/// <summary>
/// Which stages a strategy has, and what the deploy hook is asked in each; pure.
/// <list type="table">
/// <listheader><term>Strategy</term><description>Stages, and steps of the hook where the request has one</description></listheader>
/// <item><term>canary</term><description>as listed, or 10, 50, 100 %, with a deploy hook behind 0 %; <c>deploy</c> first, without users; <c>shift</c> in every stage where no flag carries the share</description></item>
/// <item><term>feature_flag</term><description>as listed, or 0, 10, 50, 100 %; <c>deploy</c> first, without users; flags carry the share</description></item>
/// <item><term>blue_green</term><description>0 %, then as listed, or 10, 100 %; <c>deploy</c> at 0 %; the share by flags or <c>shift</c>; <c>swap</c> last of all</description></item>
/// <item><term>shadow</term><description>0 %, then as listed, or 10, 50, 100 %; <c>deploy</c> and <c>shadow_start</c> at 0 %; <c>shadow_stop</c> before anyone is exposed</description></item>
/// <item><term>rolling</term><description>one stage a region, or a listed share of the regions; <c>deploy</c> to the regions that are new in the stage</description></item>
/// </list>
/// </summary>
public static class StrategyStages
{
    /// <summary>The stages with their waits. A stage at 0 % is put first where the strategy has one and the request does not list it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="listed">The stages that it lists for the environment; empty: none.</param>
    /// <param name="assessment">The risk that counts and the complexity: they decide derived waits.</param>
    /// <param name="regions">The regions that move, in order.</param>
    /// <param name="of">Which environment's stages they are, for the notes; may be empty.</param>
    /// <param name="notes">Gets a line for everything that was not in the request.</param>
    public static IReadOnlyList<StageSpec> Of(
        ReleaseRequest request, IReadOnlyList<StageSpec> listed, RiskAssessment assessment, IReadOnlyList<string> regions, string of, List<string> notes)
    {
        var stages = request.Strategy == RolloutStrategy.Rolling ? Shares(listed, regions.Count) : listed;
        var dark = request.Strategy is RolloutStrategy.BlueGreen or RolloutStrategy.Shadow;
        if (stages.Count == 0)
        {
            stages = Derived(request, assessment, regions.Count);
            notes.Add($"Stages{of}: derived from {assessment.Counting.ToString().ToLowerInvariant()} risk{(assessment.Waits > WaitPositions.Of(assessment.Counting, ComplexityScore.Least) ? $" and complexity {assessment.Complexity.Value}" : "")}: {string.Join(", ", stages.Select(stage => $"{stage.Percentage} for {DurationText.Format(stage.Bake)}"))}.");
        }
        else if (dark && stages[0].Percentage > Percentage.Zero)
        {
            var bake = stages[0].Bake < StageDefaults.DarkBake ? stages[0].Bake : StageDefaults.DarkBake;
            stages = [new StageSpec { Percentage = Percentage.Zero, Bake = bake }, .. stages];
            notes.Add($"Stages: a stage at 0 % for {DurationText.Format(bake)} comes first, as {Word(request.Strategy)} begins with nobody on the new version.");
        }

        return stages;
    }

    /// <summary>What the deploy hook is asked in a stage, in order; empty without a hook.</summary>
    /// <param name="request">The request.</param>
    /// <param name="stages">Every stage.</param>
    /// <param name="index">Which one, 0 first.</param>
    /// <param name="regions">The regions that move, in order.</param>
    public static IReadOnlyList<HookStep> Steps(ReleaseRequest request, IReadOnlyList<StageSpec> stages, int index, IReadOnlyList<string> regions)
    {
        if (request.Deploy is null) return [];
        var version = request.Release.Version;
        var percentage = stages[index].Percentage;
        if (request.Strategy == RolloutStrategy.Rolling)
        {
            var before = index == 0 ? 0 : Count(stages[index - 1].Percentage, regions.Count);
            return [.. regions.Take(Count(percentage, regions.Count)).Skip(before).Select(region => new HookStep(DeployAction.Deploy, version, region, Percentage.Full))];
        }

        var steps = new List<HookStep>();
        var shadow = request.Strategy == RolloutStrategy.Shadow;
        if (index == 0) steps.Add(Everywhere(DeployAction.Deploy, Percentage.Zero));
        if (shadow && index == 0) steps.Add(Everywhere(DeployAction.ShadowStart, Percentage.Zero));
        if (shadow && index == 1) steps.Add(Everywhere(DeployAction.ShadowStop, Percentage.Zero));
        if (request.Flags.Count == 0 && percentage > Percentage.Zero) steps.Add(Everywhere(DeployAction.Shift, percentage));
        if (request.Strategy == RolloutStrategy.BlueGreen && index == stages.Count - 1) steps.Add(Everywhere(DeployAction.Swap, Percentage.Full));
        return steps;

        HookStep Everywhere(DeployAction action, Percentage share) => new(action, version, HookStep.AllRegions, share);
    }

    /// <summary>What level 1 undoes beside the flags, in order, for the plan and the report.</summary>
    public static IEnumerable<string> InstantWayBack(IReadOnlyList<PlannedStage> stages)
    {
        var actions = stages.SelectMany(stage => stage.Steps).Select(step => step.Action).ToHashSet();
        if (actions.Contains(DeployAction.Swap)) yield return "swap back";
        if (actions.Contains(DeployAction.Shift)) yield return "shift back to 0 %";
        if (actions.Contains(DeployAction.ShadowStart)) yield return "stop the shadow";
    }

    /// <summary>How many regions a share stands for: the nearest number, where a listed share may be off by less than one percent point.</summary>
    private static int Count(Percentage share, int regions)
    {
        for (var count = 1; count <= regions; count++)
        {
            if (Math.Abs(RegionShares.Of(count, regions).Value - share.Value) < 1) return count;
        }

        return 0;
    }

    /// <summary>Listed shares as the regions really have them; one that fits no number of regions stays as it is, and is refused.</summary>
    private static IReadOnlyList<StageSpec> Shares(IReadOnlyList<StageSpec> listed, int regions) => [.. listed.Select(stage =>
        Count(stage.Percentage, regions) is > 0 and var count ? stage with { Percentage = RegionShares.Of(count, regions) } : stage)];

    private static IReadOnlyList<StageSpec> Derived(ReleaseRequest request, RiskAssessment assessment, int regions)
    {
        var factor = request.Release.Accelerate && assessment.Counting == RiskLevel.Low ? StageDefaults.AcceleratedBy : 1;
        var gradual = StageDefaults.For(assessment.Waits, request.Tolerance);
        IReadOnlyList<StageSpec> stages = request.Strategy switch
        {
            RolloutStrategy.Rolling => [.. RegionShares.All(regions).Select(share => new StageSpec { Percentage = share, Bake = Bake(share, assessment.Waits) })],
            RolloutStrategy.BlueGreen => [StageDefaults.Dark, gradual[0], gradual[^1]],
            RolloutStrategy.FeatureFlag or RolloutStrategy.Shadow => [StageDefaults.Dark, .. gradual],
            _ when request.Deploy is not null => [StageDefaults.Dark, .. gradual],
            _ => gradual,
        };
        var first = stages.First(stage => stage.Percentage > Percentage.Zero);
        var agreed = Tolerance.WaitOf(request, assessment);
        return [.. stages.Select(stage => stage == first && agreed is { } wait
            ? stage with { Bake = wait, MaxBake = wait }
            : stage.Percentage == Percentage.Zero ? stage : stage with { Bake = stage.Bake / factor })];
    }

    private static TimeSpan Bake(Percentage share, WaitPosition waits) => share.Value switch
    {
        100 => StageDefaults.Floor(share),
        < 50 => StageDefaults.CanaryBake(waits),
        _ => 2 * StageDefaults.CanaryBake(waits),
    };

    private static string Word(RolloutStrategy strategy) =>
        string.Create(CultureInfo.InvariantCulture, $"{System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(strategy.ToString())}");
}
