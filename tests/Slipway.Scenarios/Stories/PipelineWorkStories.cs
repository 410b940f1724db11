using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Strategies;
using Slipway.Embedded.Faults;
using Slipway.Scenarios.World;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Rescue;

namespace Slipway.Scenarios.Stories;

/// <summary>What a pipeline was asked for and still is at, or never heard of, when the release stops or is brought back by somebody else.</summary>
public sealed class PipelineWorkStories
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_the_pipeline_had_accepted_and_does_behind_the_way_back_is_taken_back_before_the_release_is_over(bool status)
    {
        await using var world = new ReleaseWorld();
        var release = await SwappingAsync(world, StrategyRequests.BlueGreen(), TimeSpan.FromMinutes(8), status);
        var stoppedAt = world.Time.GetUtcNow();
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        await RunAsync(world, TimeSpan.FromMinutes(1));
        Assert.Equal(Percentage.Zero, world.Service.Exposure);
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.True(world.Time.GetUtcNow() - stoppedAt > TimeSpan.FromMinutes(7), "it did not wait for the pipeline");
        Assert.Equal(Percentage.Zero, world.Service.Exposure);
        Assert.Equal(
            ["swap back from 2.4.0", "shift 0 % of users to 2.4.0", "swap to 2.4.0", "swap back from 2.4.0", "shift 0 % of users to 2.4.0"],
            world.Hook.Took.TakeLast(5).Select(took => took.Step.Sentence));
        Assert.Contains("behind the way back: swap to 2.4.0, so it was taken back once more", Assert.Single(state.Rollback!.Levels).Result.Details, StringComparison.Ordinal);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_pipeline_that_does_not_end_what_it_had_accepted_is_left_to_people_and_no_code_is_moved_for_it()
    {
        await using var world = new ReleaseWorld();
        var request = StrategyRequests.BlueGreen() with { Rollback = StrategyRequests.Rolling().Rollback };
        var release = await SwappingAsync(world, request, TimeSpan.FromHours(3), status: true);
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Failed, state.Phase);
        Assert.Contains("the pipeline accepted to swap to 2.4.0 and did not say that it ended: stop it, and verify that nobody gets 2.4.0", state.LeftToDo);
        Assert.DoesNotContain(world.Hook.Took, took => took.Step.Action == DeployAction.Rollback);
        Assert.Equal(Percentage.Zero, world.Service.Exposure);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task What_a_pipeline_without_an_address_does_early_is_seen_in_the_traffic_and_taken_back_at_once()
    {
        await using var world = new ReleaseWorld();
        var request = StrategyRequests.BlueGreen();
        var release = await SwappingAsync(world, request with { Deploy = request.Deploy! with { Within = TimeSpan.FromHours(1) } }, TimeSpan.FromMinutes(9), status: false);
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        var landed = world.Hook.Took.FindIndex(took => took.Step is { Action: DeployAction.Swap, Percentage.Value: 100 });
        Assert.Equal("swap back from 2.4.0", world.Hook.Took[landed + 1].Step.Sentence);
        Assert.InRange(world.Hook.Took[landed + 1].At - world.Hook.Took[landed].At, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        Assert.Contains(state.LeftToDo, line => line.Contains("gave no address to ask at", StringComparison.Ordinal));
        Assert.Equal(Percentage.Zero, world.Service.Exposure);
        await Invariants.CheckAsync(world, release);
    }

    /// <summary>It says that it failed, which may have had effects; or a proxy, a run that is not to be seen yet, or an expired key refuse the question.</summary>
    [Theory]
    [InlineData(HookProgress.Refused, true, ReleasePhase.RolledBack, "says now: what the address said")]
    [InlineData(HookProgress.Refused, false, ReleasePhase.RolledBack, "says now: what the address said")]
    [InlineData(HookProgress.NoAnswer, false, ReleasePhase.Failed, "did not say that it ended")]
    public async Task A_status_address_that_does_not_tell_how_far_a_step_is_is_no_proof_that_it_did_nothing(HookProgress answer, bool beforeTheStop, ReleasePhase end, string left)
    {
        await using var world = new ReleaseWorld();
        var said = new HookResult(answer, "what the address said");
        world.Hook.StatusAnswer = () => beforeTheStop ? said : null;
        world.Hook.WorksAlone = world.Hook.GivesStatus = true;
        world.Hook.Takes = step => step is { Action: DeployAction.Swap, Percentage.Value: 100 } ? answer == HookProgress.Refused ? TimeSpan.FromSeconds(70) : TimeSpan.FromMinutes(7) : TimeSpan.Zero;
        var release = await world.StartAsync(StrategyRequests.BlueGreen());
        await world.RunUntilAsync(release, ReleasePhase.Shifting, 2);
        await RunAsync(world, TimeSpan.FromSeconds(20));
        world.Hook.StatusAnswer = () => said;
        if (!beforeTheStop) await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        var state = await world.RunToEndAsync(release);

        Assert.Equal(end, state.Phase);
        Assert.Equal(Percentage.Zero, world.Service.Exposure);
        Assert.Contains(state.LeftToDo, line => line.Contains(left, StringComparison.Ordinal));
        Assert.Equal("shift 0 % of users to 2.4.0", world.Hook.Took[^1].Step.Sentence);
        Assert.True(world.Hook.Took[^1].At > world.Hook.Took.Last(took => took.Step is { Action: DeployAction.Swap, Percentage.Value: 100 }).At);
        await Invariants.CheckAsync(world, release);
    }

    /// <summary>Nobody waits for the pipeline while something is bad: the next levels come.</summary>
    [Fact]
    public async Task What_turns_bad_while_a_pipeline_is_followed_brings_the_next_level_and_traffic_goes_back_before_code()
    {
        await using var world = new ReleaseWorld();
        var request = StrategyRequests.BlueGreen() with { Rollback = StrategyRequests.Rolling().Rollback };
        var release = await SwappingAsync(world, request with { Deploy = request.Deploy! with { Within = TimeSpan.FromHours(1) } }, TimeSpan.FromMinutes(25), status: true);
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        await RunAsync(world, TimeSpan.FromMinutes(8));
        Assert.False((await world.StateAsync(release)).IsTerminal);
        var (bad, brought) = (true, false);
        world.Service.ErrorRate = (_, _) => bad ? 0.3 : 0.002;
        world.Hook.OnEffect = () => (bad, brought) = world.Hook.Took[^1].Step.Action == DeployAction.Rollback ? (false, true) : (bad, brought);
        var state = await world.RunToEndAsync(release);

        Assert.True(brought, "no code was brought back");
        Assert.Equal((ReleasePhase.RolledBack, 3), (state.Phase, state.Rollback!.Levels[^1].Result.Level));
        var landed = world.Hook.Took.FindIndex(took => took.Step is { Action: DeployAction.Swap, Percentage.Value: 100 });
        Assert.True(world.Hook.Took.Take(landed).Any(took => took.Step.Action == DeployAction.Rollback), "the level waited for the pipeline");
        Assert.Equal(["swap back from 2.4.0", "shift 0 % of users to 2.4.0", "bring version 2.3.7 back"], world.Hook.Took.Skip(landed + 1).Select(took => took.Step.Sentence).Take(3));
        Assert.Equal(Percentage.Zero, world.Service.Exposure);
        await Invariants.CheckAsync(world, release);
    }

    /// <summary>A flag that somebody turns on while a pipeline is followed does not wait for the pipeline's end.</summary>
    [Fact]
    public async Task A_flag_that_is_turned_on_while_a_pipeline_is_followed_is_taken_back_within_minutes()
    {
        await using var world = new ReleaseWorld();
        var request = StrategyRequests.BlueGreenByFlag();
        var release = await SwappingAsync(world, request with { Deploy = request.Deploy! with { Within = TimeSpan.FromHours(1) } }, TimeSpan.FromMinutes(30), status: true);
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        await RunAsync(world, TimeSpan.FromMinutes(8));
        Assert.False((await world.StateAsync(release)).IsTerminal);
        await world.MeddleAsync(Requests.Flag, new Percentage(63));
        await RunAsync(world, TimeSpan.FromMinutes(3));

        Assert.Equal(Percentage.Zero, await world.ExposureAsync());
        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_step_that_was_accepted_and_then_asked_for_in_vain_is_followed_when_the_release_is_stopped()
    {
        await using var world = new ReleaseWorld();
        var release = await SwappingAsync(world, StrategyRequests.BlueGreen(), TimeSpan.FromMinutes(6), status: false);
        world.Hook.Closed = step => step is { Action: DeployAction.Swap, Percentage.Value: 100 };
        await RunAsync(world, TimeSpan.FromMinutes(1));
        await world.FreezeDesk.RaiseAsync("f", "lee", "payday", null, default);
        await RunAsync(world, TimeSpan.FromMinutes(1));
        Assert.Equal(ReleasePhase.Waiting, (await world.StateAsync(release)).Phase);
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal(Percentage.Zero, world.Service.Exposure);
        Assert.Equal("shift 0 % of users to 2.4.0", world.Hook.Took[^1].Step.Sentence);
        Assert.True(world.Hook.Took[^1].At > world.Hook.Took.Last(took => took.Step is { Action: DeployAction.Swap, Percentage.Value: 100 }).At);
        await Invariants.CheckAsync(world, release);
    }

    /// <summary>The tests of the version before come first where nobody is exposed; users who got the new version behind the way back wait for none.</summary>
    [Fact]
    public async Task A_region_that_is_deployed_behind_the_way_back_is_brought_back_without_tests()
    {
        await using var world = new ReleaseWorld();
        world.Service.Regions = StrategyRequests.Regions;
        world.Hook.WorksAlone = world.Hook.GivesStatus = true;
        world.Hook.Takes = step => step is { Action: DeployAction.Deploy, Region: "eastus" } ? TimeSpan.FromMinutes(8) : TimeSpan.Zero;
        world.Hook.Refuses = step => step.Action == DeployAction.Test;
        var release = await world.StartAsync(StrategyRequests.Rolling());
        await world.RunUntilAsync(release, ReleasePhase.Shifting, 2);
        await RunAsync(world, TimeSpan.FromMinutes(2));
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal(
            ["deploy 2.4.0 to eastus", "bring 2.3.7 back in eastus", "bring 2.3.7 back in northeurope", "bring 2.3.7 back in westeurope"],
            world.Hook.Took.TakeLast(4).Select(took => took.Step.Sentence));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_rescue_names_what_the_pipeline_may_still_be_at()
    {
        await using var world = new ReleaseWorld();
        var release = await SwappingAsync(world, StrategyRequests.BlueGreen(), TimeSpan.FromHours(3), status: true);
        await world.FailAsync(release);
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Contains("see that the pipeline has ended what it may be at, swap to 2.4.0, and that nobody got the new version by it since", state.LeftToDo);
        await Invariants.CheckAsync(world, release);
    }

    /// <summary>The engine died with the call in its outbox, and starts again when a person has brought the release back without it.</summary>
    [Fact]
    public async Task A_call_that_never_left_is_not_made_when_the_release_was_brought_back_meanwhile()
    {
        var away = false;
        await using var world = new ReleaseWorld(FaultRule.Slow(FaultOperations.Hook, TimeSpan.FromSeconds(50), _ => away));
        var release = await world.StartAsync(StrategyRequests.BlueGreen());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        away = true;
        await world.RunUntilAsync(release, ReleasePhase.Shifting, 2);
        await RunAsync(world, TimeSpan.FromSeconds(2));
        var took = world.Hook.Took.Count;

        away = false;
        Assert.IsType<DirectOutcome.Done>(await new DirectRollback(world.Journal, world.Ports, world.Time, world).RunAsync(release, "lee", "no engine", default));
        await world.RestartAsync();
        await RunAsync(world, TimeSpan.FromMinutes(5));

        Assert.Equal(ReleasePhase.RolledBack, (await world.StateAsync(release)).Phase);
        Assert.Equal(["shift 0 % of users to 2.4.0"], world.Hook.Took.Skip(took).Select(one => one.Step.Sentence));
        Assert.Equal(Percentage.Zero, world.Service.Exposure);
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(ReleaseCommandKind.Abort)]
    [InlineData(ReleaseCommandKind.Pause)]
    public async Task A_command_whose_wake_up_is_lost_is_heard_before_the_next_step_exposes_more_users(ReleaseCommandKind kind)
    {
        await using var world = new ReleaseWorld();
        world.Service.Regions = StrategyRequests.Regions;
        var rolling = StrategyRequests.Rolling();
        world.Hook.Takes = step => step.Action == DeployAction.Deploy ? TimeSpan.FromSeconds(20) : TimeSpan.Zero;
        var release = await world.StartAsync(rolling with { Stages = [.. rolling.Stages.Where((_, index) => index % 2 == 1)] });
        await world.RunUntilAsync(release, ReleasePhase.Shifting, 0);
        await RunAsync(world, TimeSpan.FromSeconds(5));
        Assert.Single(world.Hook.Asked.DistinctBy(asked => asked.Call.Key));
        world.LosesSignals = true;
        await world.CommandBeginAsync(release, kind);
        await RunAsync(world, TimeSpan.FromMinutes(10));

        Assert.DoesNotContain(world.Hook.Asked, asked => asked.Call.Step is { Action: DeployAction.Deploy } step && step.Region != StrategyRequests.Regions[0]);
        Assert.Equal(kind == ReleaseCommandKind.Pause ? ReleasePhase.Paused : ReleasePhase.RolledBack, (await world.StateAsync(release)).Phase);
        world.LosesSignals = false;
        if (kind == ReleaseCommandKind.Pause) await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(5.25, ReleasePhase.RolledBack)]
    [InlineData(60, ReleasePhase.Failed)]
    public async Task The_rounds_of_a_rescue_have_one_budget_and_what_the_second_did_is_done(double closedMinutes, ReleasePhase end)
    {
        var slow = false;
        await using var world = new ReleaseWorld(FaultRule.Slow(FaultOperations.Hook, TimeSpan.FromSeconds(20), _ => slow));
        var release = await world.StartAsync(StrategyRequests.BlueGreen());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        slow = true;
        await world.RunUntilAsync(release, ReleasePhase.Shifting, 2);
        await RunAsync(world, TimeSpan.FromSeconds(5));
        var begunAt = world.Time.GetUtcNow();
        world.Hook.Closed = _ => world.Time.GetUtcNow() < begunAt.AddMinutes(closedMinutes);
        await world.FailAsync(release, () => slow = false);
        var state = await world.RunToEndAsync(release);

        Assert.Equal(end, state.Phase);
        Assert.True(state.EndedAt - begunAt < TimeSpan.FromMinutes(7), $"it took until {state.EndedAt}");
        if (end == ReleasePhase.RolledBack) Assert.DoesNotContain(state.LeftToDo, line => line.StartsWith("have the pipeline", StringComparison.Ordinal));
        await Invariants.CheckAsync(world, release);
    }

    private static async Task<ReleaseId> SwappingAsync(ReleaseWorld world, ReleaseRequest request, TimeSpan takes, bool status)
    {
        world.Hook.WorksAlone = true;
        world.Hook.GivesStatus = status;
        world.Hook.Takes = step => step is { Action: DeployAction.Swap, Percentage.Value: 100 } ? takes : TimeSpan.Zero;
        var release = await world.StartAsync(request);
        await world.RunUntilAsync(release, ReleasePhase.Shifting, 2);
        await RunAsync(world, TimeSpan.FromMinutes(1));
        Assert.Equal("swap to 2.4.0", world.Hook.Asked[^1].Call.Step.Sentence);
        return release;
    }

    private static Task RunAsync(ReleaseWorld world, TimeSpan time) => world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + time);
}
