using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Strategies;
using Slipway.Embedded.Faults;
using Slipway.Scenarios.World;

namespace Slipway.Scenarios.Stories;

/// <summary>Pipelines that are slow, away, wrong or late.</summary>
public class HookStories
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("requirement", "S002-44")]
    public async Task A_step_that_was_accepted_is_asked_about_until_it_is_done(bool status)
    {
        await using var world = new ReleaseWorld();
        world.Hook.GivesStatus = status;
        world.Hook.Takes = step => step.Action == DeployAction.Deploy ? TimeSpan.FromMinutes(6) : TimeSpan.Zero;
        var release = await world.StartAsync(StrategyRequests.BlueGreen());
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Completed, state.Phase);
        Assert.Equal(4, world.Hook.Effects.Count);
        Assert.Equal(status, world.Hook.StatusAsked > 5);
        Assert.Equal(status ? 1 : world.Hook.Asked.Count - 3, world.Hook.Asked.Count(asked => asked.Call.Step.Action == DeployAction.Deploy));
        Assert.DoesNotContain("deploy hook", state.Alerts.Keys);
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_swap_that_takes_long_behind_the_last_share_is_no_lost_sight(bool flag)
    {
        await using var world = new ReleaseWorld();
        world.Hook.Takes = step => step.Action == DeployAction.Swap ? TimeSpan.FromMinutes(40) : TimeSpan.Zero;
        var request = flag ? StrategyRequests.BlueGreenByFlag() : StrategyRequests.BlueGreen();
        var release = await world.StartAsync(request with { Deploy = request.Deploy! with { Within = TimeSpan.FromHours(1) } });
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Completed, state.Phase);
        Assert.DoesNotContain("telemetry", state.Alerts.Keys);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_step_that_is_under_way_for_too_long_ends_the_release()
    {
        await using var world = new ReleaseWorld();
        world.Hook.Takes = step => step is { Action: DeployAction.Shift, Percentage.Value: 10 } ? TimeSpan.FromHours(1) : TimeSpan.Zero;
        var release = await world.StartAsync(StrategyRequests.BlueGreen());
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Contains("did not shift 10 % of users to 2.4.0 within 10 min: 202 running", state.Rollback!.Reason, StringComparison.Ordinal);
        Assert.Equal("shift 0 % of users to 2.4.0", world.Hook.Took[^1].Step.Sentence);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_pipeline_that_comes_back_in_time_costs_nothing_but_time()
    {
        await using var world = new ReleaseWorld(FaultRule.Unavailable(FaultOperations.Hook, FaultRule.Between(ReleaseWorld.Epoch, ReleaseWorld.Epoch.AddMinutes(5))));
        var release = await world.StartAsync(StrategyRequests.BlueGreen());
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Completed, state.Phase);
        Assert.Equal(1, state.Alerts["deploy hook"].Count);
        Assert.Equal(4, world.Hook.Effects.Count);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S002-44")]
    public async Task A_pipeline_that_stays_away_sends_the_release_back()
    {
        await using var world = new ReleaseWorld();
        world.Hook.Closed = step => step is { Action: DeployAction.Shift, Percentage.Value: 100 };
        var release = await world.StartAsync(StrategyRequests.BlueGreen());
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Contains("within 10 min: 503", state.Rollback!.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(world.Hook.Asked, asked => asked.Call.Step.Action == DeployAction.Swap);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_refusal_is_not_asked_twice()
    {
        await using var world = new ReleaseWorld();
        world.Hook.Refuses = step => step.Action == DeployAction.Deploy;
        var release = await world.StartAsync(StrategyRequests.BlueGreen());
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Contains("the deploy hook refused to deploy 2.4.0 without users: 422", state.Rollback!.Reason, StringComparison.Ordinal);
        Assert.Single(world.Hook.Asked);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_call_whose_answer_is_lost_takes_effect_once()
    {
        await using var world = new ReleaseWorld(FaultRule.AnswerLost(FaultOperations.Hook, FaultRule.Calls(1, 3)), FaultRule.AnswerLost(FaultOperations.Hook, FaultRule.Calls(5, 6)));
        var release = await world.StartAsync(StrategyRequests.BlueGreen());
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Completed, state.Phase);
        Assert.Equal(4, world.Hook.Took.Count);
        Assert.True(world.Hook.Asked.Count > 7);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_call_that_lands_after_its_repetition_changes_nothing()
    {
        await using var world = new ReleaseWorld(FaultRule.Slow(FaultOperations.Hook, TimeSpan.FromSeconds(40), FaultRule.Call(2)));
        var release = await world.StartAsync(StrategyRequests.BlueGreen());
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Completed, state.Phase);
        Assert.Equal(4, world.Hook.Took.Count);
        Assert.Equal(5, world.Hook.Asked.Count);
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(45, false)]
    [InlineData(45, true)]
    [InlineData(110, false)]
    [InlineData(110, true)]
    public async Task A_swap_that_lands_behind_its_way_back_is_taken_back_again(int seconds, bool sequence)
    {
        // Call 4 is the swap: deploy, shift 10, shift 100, swap.
        await using var world = new ReleaseWorld(FaultRule.Slow(FaultOperations.Hook, TimeSpan.FromSeconds(seconds), FaultRule.Call(4)));
        world.Hook.HonoursSequence = sequence;
        var release = await world.StartAsync(StrategyRequests.BlueGreen());
        await world.RunUntilAsync(release, ReleasePhase.Shifting, 2);
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromSeconds(10));
        Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.RollBack));
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal(Percentage.Zero, world.Service.Exposure);
        Assert.Equal(!sequence, world.Hook.Took.Exists(took => took.Step.Sentence == "swap to 2.4.0"));
        Assert.Equal(Percentage.Zero, state.Exposure);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S002-179")]
    public async Task Traffic_that_could_not_be_taken_back_is_named_and_on_call_is_told()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(StrategyRequests.BlueGreenByFlag());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 2);
        world.Hook.Closed = _ => true;
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Failed, state.Phase);
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());
        Assert.Equal(Percentage.Full, state.Exposure);
        Assert.Contains("have the pipeline swap back from 2.4.0 and verify it", state.LeftToDo);
        Assert.Single(world.Mailer.Sent, sent => sent.Mail.To == "oncall@example.com" && sent.Mail.Text.Contains("swap back from 2.4.0", StringComparison.Ordinal));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task Two_releases_of_one_service_do_not_move_the_same_traffic()
    {
        await using var world = new ReleaseWorld();
        var first = await world.StartAsync(StrategyRequests.BlueGreen());
        await world.RunUntilAsync(first, ReleasePhase.Baking, 0);
        var other = StrategyRequests.BlueGreen();
        var second = await world.StartAsync(other with { Release = other.Release with { Id = ReleaseId.Parse("search-2.5.0") } });
        await world.RunUntilAsync(second, ReleasePhase.Failed);

        Assert.Contains("is held by release search-2.4.0", (await world.StateAsync(second)).PhaseReason, StringComparison.Ordinal);
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(first)).Phase);
    }
}
