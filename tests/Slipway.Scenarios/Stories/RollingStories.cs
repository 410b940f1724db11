using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Strategies;
using Slipway.Scenarios.World;

namespace Slipway.Scenarios.Stories;

/// <summary>Region by region through the deploy hook.</summary>
public class RollingStories
{
    private const double Healthy = 0.002;

    [Fact]
    [Trait("requirement", "S002-41")]
    [Trait("requirement", "S002-12")]
    public async Task A_healthy_version_goes_from_region_to_region_and_each_is_judged_before_the_next()
    {
        await using var world = World();
        var release = await world.StartAsync(StrategyRequests.Rolling());
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Completed, state.Phase);
        Assert.Equal(StrategyRequests.Regions.Select(region => $"deploy 2.4.0 to {region}"), world.Hook.Took.Select(took => took.Step.Sentence));
        Assert.All(world.Hook.Took.Zip(world.Hook.Took.Skip(1)), pair => Assert.True(pair.Second.At - pair.First.At >= TimeSpan.FromMinutes(10)));
        Assert.All(state.Stages, stage => Assert.Equal(Core.Analysis.Verdict.Pass, stage.Verdict));
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    [Trait("requirement", "S002-41")]
    public async Task A_bad_region_brings_every_region_that_was_done_back_the_last_one_first(int stage)
    {
        await using var world = World();
        var release = await world.StartAsync(StrategyRequests.Rolling());
        await world.RunUntilAsync(release, ReleasePhase.Baking, stage);
        world.Service.ErrorRate = (canary, _) => canary ? 0.08 : Healthy;
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        var back = world.Hook.Took.Where(took => took.Step.Action == DeployAction.Rollback).ToList();
        Assert.Equal(StrategyRequests.Regions.Take(stage + 1).Reverse().Select(region => $"bring 2.3.7 back in {region}"), back.Select(took => took.Step.Sentence));
        Assert.Equal(back.Count, world.Hook.Asked.Where(asked => asked.Call.Step.Action == DeployAction.Rollback).Select(asked => asked.Call.Key).Distinct().Count());
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_region_that_sends_nothing_is_not_passed_over_because_others_are_well()
    {
        await using var world = World();
        var release = await world.StartAsync(StrategyRequests.Rolling());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        world.Service.Regions = [.. StrategyRequests.Regions.Where(region => region != "northeurope")];
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Contains("sight was lost", state.Rollback!.Reason, StringComparison.Ordinal);
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(ReleaseCommandKind.RollBack)]
    [InlineData(ReleaseCommandKind.Abort)]
    [Trait("requirement", "S002-36")]
    public async Task A_rollback_in_the_middle_of_a_region_brings_that_region_back_too(ReleaseCommandKind kind)
    {
        await using var world = World();
        world.Hook.Takes = step => step is { Action: DeployAction.Deploy, Region: "eastus" } ? TimeSpan.FromMinutes(8) : TimeSpan.Zero;
        var release = await world.StartAsync(StrategyRequests.Rolling());
        await world.RunUntilAsync(release, ReleasePhase.Shifting, 2);
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromMinutes(2));
        Assert.IsType<CommandApplied>(await world.CommandAsync(release, kind));
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);

        // At once, and once more when the time of what the pipeline had accepted was over: it cannot be asked about without beginning it anew.
        string[] back = ["bring 2.3.7 back in eastus", "bring 2.3.7 back in northeurope", "bring 2.3.7 back in westeurope"];
        Assert.Equal(
            [.. back, .. back],
            world.Hook.Took.Where(took => took.Step.Action == DeployAction.Rollback).Select(took => took.Step.Sentence));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_region_that_does_not_come_back_does_not_keep_the_others_waiting_and_is_named()
    {
        await using var world = World();
        world.Hook.Closed = step => step is { Action: DeployAction.Rollback, Region: "northeurope" };
        var release = await world.StartAsync(StrategyRequests.Rolling());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 2);
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        var begun = world.Time.GetUtcNow();
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Failed, state.Phase);
        Assert.Equal(["eastus", "westeurope"], world.Hook.Took.Where(took => took.Step.Action == DeployAction.Rollback).Select(took => took.Step.Region));
        Assert.True(world.Hook.Took[^1].At - begun < TimeSpan.FromMinutes(1));
        Assert.Contains("have the pipeline bring 2.3.7 back in northeurope and verify it", state.LeftToDo);
        Assert.Equal(new Percentage(25), state.Exposure);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task Slow_regions_come_back_side_by_side_within_the_level()
    {
        await using var world = World();
        world.Hook.Takes = step => step.Action == DeployAction.Rollback ? TimeSpan.FromMinutes(6) : TimeSpan.Zero;
        var release = await world.StartAsync(StrategyRequests.Rolling());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 3);
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        var level = Assert.Single(await world.EntriesAsync<LevelEnded>(release));
        Assert.True(level.UndoneAt - level.StartedAt < TimeSpan.FromMinutes(8));
        await Invariants.CheckAsync(world, release);
    }

    private static ReleaseWorld World()
    {
        var world = new ReleaseWorld();
        world.Service.Regions = StrategyRequests.Regions;
        return world;
    }
}
