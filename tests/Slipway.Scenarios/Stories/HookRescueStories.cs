using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Rescue;
using Slipway.Core.Strategies;
using Slipway.Scenarios.World;
using Slipway.Workflow.Rescue;

namespace Slipway.Scenarios.Stories;

/// <summary>Traffic that the deploy hook carries, brought back without the release's orchestration.</summary>
public sealed class HookRescueStories
{
    [Fact]
    public async Task A_rescue_swaps_back_and_takes_the_traffic_away()
    {
        await using var world = new ReleaseWorld();
        var release = await FailedAsync(world, StrategyRequests.BlueGreen(), 2);
        await world.Sweeper.SweepAsync(default);
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal(["swap back from 2.4.0", "shift 0 % of users to 2.4.0"], world.Hook.Took.TakeLast(2).Select(took => took.Step.Sentence));
        Assert.Equal(Percentage.Zero, world.Service.Exposure);
        Assert.Equal(Percentage.Zero, state.Exposure);
        Assert.Equal(RescueEntries.Rescuer, state.Rollback!.Actor);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_rescue_of_a_rolling_release_waits_for_a_slow_pipeline_in_every_region()
    {
        await using var world = new ReleaseWorld();
        world.Service.Regions = StrategyRequests.Regions;
        var release = await FailedAsync(world, StrategyRequests.Rolling(), 2);
        world.Hook.GivesStatus = true;
        world.Hook.Takes = _ => TimeSpan.FromMinutes(7);
        await world.Sweeper.SweepAsync(default);
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal(["eastus", "northeurope", "westeurope"], world.Hook.Took.TakeLast(3).Select(took => took.Step.Region));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_rescue_stops_a_shadow_and_turns_the_flag_off()
    {
        await using var world = new ReleaseWorld();
        var release = await FailedAsync(world, StrategyRequests.Shadow(), 0);
        await world.Sweeper.SweepAsync(default);
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal("stop the shadow of 2.4.0", world.Hook.Took[^1].Step.Sentence);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_rescue_that_the_pipeline_does_not_answer_names_the_traffic_that_is_left()
    {
        await using var world = new ReleaseWorld();
        var release = await FailedAsync(world, StrategyRequests.BlueGreen(), 2);
        world.Hook.Closed = step => step.Action == DeployAction.Swap;
        await world.Sweeper.SweepAsync(default);
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Failed, state.Phase);
        Assert.Contains("have the pipeline swap back from 2.4.0 and verify it: 503 the pipeline is closed", state.LeftToDo);
        Assert.Contains("shift 0 % of users to 2.4.0", world.Hook.Took.Select(took => took.Step.Sentence));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_rescue_looks_at_its_flags_again_behind_a_slow_pipeline()
    {
        await using var world = new ReleaseWorld();
        var release = await FailedAsync(world, StrategyRequests.BlueGreenByFlag(), 2);
        world.Hook.GivesStatus = true;
        world.Hook.Takes = _ => TimeSpan.FromMinutes(3);
        await world.Sweeper.SweepAsync(default);
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromMinutes(1));
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());

        // The pipeline swaps for two minutes more.
        await world.MeddleAsync(Requests.Flag, new Percentage(63));
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());
        Assert.Contains(state.LeftToDo, line => line.Contains("was changed by someone else and was turned off", StringComparison.Ordinal));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_direct_rollback_asks_the_pipeline_without_an_engine()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(StrategyRequests.BlueGreenByFlag());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 2);
        var done = Assert.IsType<DirectOutcome.Done>(await new DirectRollback(world.Journal, world.Ports, world.Time, world).RunAsync(release, "lee", "no engine", default));

        Assert.Equal(ReleasePhase.RolledBack, done.Ending.Phase);
        Assert.Equal([EffectKind.Hook, EffectKind.Flag], done.Results.Select(result => result.Kind));
        Assert.Equal("swap back from 2.4.0", world.Hook.Took[^1].Step.Sentence);
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_direct_rollback_does_not_call_a_pipeline_done_that_is_still_under_way()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(StrategyRequests.BlueGreen());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        world.Hook.Takes = _ => TimeSpan.FromMinutes(7);
        var done = Assert.IsType<DirectOutcome.Done>(await new DirectRollback(world.Journal, world.Ports, world.Time, world).RunAsync(release, "lee", "", default));

        Assert.Equal(ReleasePhase.Failed, done.Ending.Phase);
        Assert.Contains(done.Ending.LeftToDo, line => line.Contains("accepted and still under way", StringComparison.Ordinal));
        await Invariants.CheckAsync(world, release);
    }

    private static async Task<ReleaseId> FailedAsync(ReleaseWorld world, ReleaseRequest request, int stage)
    {
        var release = await world.StartAsync(request);
        await world.RunUntilAsync(release, ReleasePhase.Baking, stage);
        world.Breaks.Fails = true;
        await world.CommandBeginAsync(release, ReleaseCommandKind.Pause);
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromMinutes(1));
        world.Breaks.Fails = false;
        return release;
    }
}
