using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Strategies;
using Slipway.Scenarios.World;

namespace Slipway.Scenarios.Stories;

/// <summary>Blue-green, and canaries whose traffic the deploy hook moves.</summary>
public class BlueGreenStories
{
    private const double Healthy = 0.002;

    private static readonly string[] Forward =
        ["deploy 2.4.0 without users", "shift 10 % of users to 2.4.0", "shift 100 % of users to 2.4.0", "swap to 2.4.0"];

    [Fact]
    [Trait("requirement", "X26")]
    [Trait("requirement", "S002-09")]
    [Trait("requirement", "S002-12")]
    [Trait("requirement", "S002-39")]
    public async Task Blue_green_goes_from_nobody_over_a_canary_share_to_all_and_swaps_last()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(StrategyRequests.BlueGreen());
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Completed, state.Phase);
        Assert.Equal([0m, 10m, 100m], state.Plan.Stages.Select(stage => stage.Percentage.Value));
        Assert.Equal(Forward, world.Hook.Took.Select(took => took.Step.Sentence));
        Assert.All(state.Stages, stage => Assert.True(stage.Evidence.Intervals > 0));
        Assert.Equal(Percentage.Full, state.Exposure);

        // The old version serves until everybody is on the new one, and every minute of every step had answers.
        Assert.True(world.Hook.Took[^1].At >= state.Stages[1].EndedAt);
        Assert.Contains(ReleaseReporter.Report(state, world.Time.GetUtcNow()).PreDeployment.Checks, check => check is { Check: QualityGates.ZeroDowntime, Status: GateStatus.Pass });
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "X26")]
    public async Task With_a_flag_the_flag_carries_the_share_and_the_swap_is_still_last()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(StrategyRequests.BlueGreenByFlag());
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Completed, state.Phase);
        Assert.Equal(["deploy 2.4.0 without users", "swap to 2.4.0"], world.Hook.Took.Select(took => took.Step.Sentence));
        var effects = (await world.EntriesAsync<EffectFinished>(release)).Where(effect => effect.EffectId.Contains("stage-3", StringComparison.Ordinal) || effect.EffectId.StartsWith("shift:2", StringComparison.Ordinal));
        Assert.Equal([EffectKind.Flag, EffectKind.Hook], effects.Select(effect => effect.Kind));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "X13")]
    public async Task Bad_at_the_canary_share_takes_the_traffic_back_and_never_swaps()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(StrategyRequests.BlueGreen());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        world.Service.ErrorRate = (canary, _) => canary ? 0.08 : Healthy;
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal([Forward[0], Forward[1], "shift 0 % of users to 2.4.0"], world.Hook.Took.Select(took => took.Step.Sentence));
        var level = Assert.Single(await world.EntriesAsync<LevelEnded>(release));
        Assert.True(level is { Level: 1, Recovered: true } && level.UndoneAt - level.StartedAt < TimeSpan.FromMinutes(5));
        Assert.Contains(state.LeftToDo, line => line.Contains("stays deployed without users", StringComparison.Ordinal));
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("requirement", "S000-38")]
    [Trait("requirement", "S002-39")]
    public async Task Bad_after_the_swap_swaps_back_with_one_call_before_anything_else(bool flag)
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(flag ? StrategyRequests.BlueGreenByFlag() : StrategyRequests.BlueGreen());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 2);
        var forward = world.Hook.Took.Count;
        world.Service.ErrorRate = (canary, _) => canary ? 0.08 : Healthy;
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal("swap back from 2.4.0", world.Hook.Took[forward].Step.Sentence);
        var back = (await world.EntriesAsync<EffectIntended>(release)).Where(effect => effect.Kind is EffectKind.Flag or EffectKind.Hook).SkipWhile(effect => effect.Step is not { Action: DeployAction.Swap }).Skip(1).First();
        Assert.Equal("swap back from 2.4.0", back.Summary);
        if (!flag) Assert.Equal("shift 0 % of users to 2.4.0", world.Hook.Took[forward + 1].Step.Sentence);
        else Assert.Equal(Percentage.Zero, await world.ExposureAsync());
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S003-45")]
    public async Task The_old_target_is_kept_for_more_than_half_an_hour_after_the_cutover_and_takes_everybody_back()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(StrategyRequests.BlueGreen() with { Stages = [] });
        await world.RunUntilAsync(release, ReleasePhase.Baking, 2);
        var cutover = Assert.Single(world.Hook.Took, took => took.Step is { Action: DeployAction.Swap, Percentage.Value: 100 }).At;
        Assert.True((await world.StateAsync(release)).Plan.Stages[^1].Bake >= TimeSpan.FromMinutes(30));

        var bad = cutover.AddMinutes(45);
        world.Service.ErrorRate = (canary, at) => canary && at >= bad ? 0.08 : Healthy;
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        var next = world.Hook.Took.SkipWhile(took => took.At <= cutover).First();
        Assert.Equal("swap back from 2.4.0", next.Step.Sentence);
        Assert.True(next.At >= bad);
        Assert.Equal(Percentage.Zero, world.Service.Exposure);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_canary_without_a_flag_is_moved_by_the_hook()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(StrategyRequests.CanaryByHook());
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Completed, state.Phase);
        Assert.Equal([0m, 5m, 25m, 50m, 100m], world.Hook.Took.Select(took => took.Step.Percentage.Value));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S000-36")]
    public async Task A_dark_deployment_that_harms_everybody_goes_back_before_anyone_is_on_it()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(StrategyRequests.BlueGreen());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        world.Service.ErrorRate = (_, _) => 0.08;
        await world.RunUntilAsync(release, ReleasePhase.RollingBack);
        world.Service.ErrorRate = (_, _) => Healthy;
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal(Percentage.Zero, state.PeakExposure);
        Assert.Equal(Forward[..1], world.Hook.Took.Select(took => took.Step.Sentence));
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(ReleaseCommandKind.RollBack)]
    [InlineData(ReleaseCommandKind.Abort)]
    [Trait("requirement", "S002-36")]
    public async Task A_rollback_while_the_pipeline_is_swapping_is_honoured_at_once(ReleaseCommandKind kind)
    {
        await using var world = new ReleaseWorld();
        world.Hook.Takes = step => step is { Action: DeployAction.Swap, Percentage.Value: 100 } ? TimeSpan.FromMinutes(5) : TimeSpan.Zero;
        var release = await world.StartAsync(StrategyRequests.BlueGreen());
        await world.RunUntilAsync(release, ReleasePhase.Shifting, 2);
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromMinutes(1));
        Assert.IsType<CommandApplied>(await world.CommandAsync(release, kind));
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal(["swap back from 2.4.0", "shift 0 % of users to 2.4.0"], world.Hook.Took.Select(took => took.Step.Sentence).TakeLast(2));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_pause_holds_the_next_step_of_the_pipeline()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(StrategyRequests.BlueGreen());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.Pause));
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromHours(2));
        Assert.Equal(Forward[..2], world.Hook.Took.Select(took => took.Step.Sentence));
        Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.Resume));
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }
}
