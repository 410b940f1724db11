using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Embedded.Faults;
using Slipway.Scenarios.World;

namespace Slipway.Scenarios.Stories;

/// <summary>Releases that hold: people, drift, lost sight, stores that are away.</summary>
public class HoldStories
{
    [Fact]
    public async Task Pause_holds_and_resume_goes_on_with_the_rest_of_the_bake()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.Pause));
        var pausedAt = world.Time.GetUtcNow();
        await world.RunUntilAsync(pausedAt - ReleaseWorld.Epoch + TimeSpan.FromHours(8));
        Assert.Equal(new Percentage(25), await world.ExposureAsync());
        Assert.Equal(ReleasePhase.Paused, (await world.StateAsync(release)).Phase);

        Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.Resume));
        var state = await world.RunToEndAsync(release);
        Assert.Equal(ReleasePhase.Completed, state.Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_paused_release_stays_watched_and_rolls_back()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        await world.CommandAsync(release, ReleaseCommandKind.Pause);
        world.Service.ErrorRate = (canary, _) => canary ? 0.08 : 0.002;

        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(ReleaseCommandKind.Resume)]
    [InlineData(ReleaseCommandKind.AcknowledgeNotices)]
    public async Task A_command_that_makes_no_sense_now_is_refused_with_the_reason(ReleaseCommandKind kind)
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);

        var refused = Assert.IsType<CommandRefused>(await world.CommandAsync(release, kind));
        Assert.Contains("baking", refused.Why);
    }

    [Fact]
    public async Task The_same_command_twice_is_one_command()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        var command = new ReleaseCommand("same", ReleaseCommandKind.Pause, "dana@example.com", "");
        await world.Desk.CommandAsync(release, command, default);
        await world.Desk.CommandAsync(release, command, default);
        await world.RunUntilAsync(release, ReleasePhase.Paused);

        Assert.Single(await world.EntriesAsync<CommandApplied>(release));
        Assert.Single(await world.EntriesAsync<CommandReceived>(release));
    }

    [Fact]
    [Trait("requirement", "S002-158")]
    public async Task Telemetry_that_dies_holds_and_then_rolls_back_and_never_promotes()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        var dead = world.Time.GetUtcNow();
        world.Service.Reports = (_, at) => at < dead;
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal(new Percentage(5), state.PeakExposure);
        Assert.Contains("sight was lost", (await world.EntriesAsync<RollbackBegun>(release))[0].Reason);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task Telemetry_whose_source_is_unreachable_for_a_while_catches_up_and_goes_on()
    {
        var away = ReleaseWorld.Epoch.AddMinutes(8);
        await using var world = new ReleaseWorld(FaultRule.Unavailable(FaultOperations.MetricRead, FaultRule.Between(away, away.AddMinutes(5))));
        var release = await world.StartAsync(Requests.Canary());
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Completed, state.Phase);
        Assert.Contains(await world.EntriesAsync<AlertRaised>(release), alert => alert.Name == "telemetry");
        var judged = (await world.EntriesAsync<IntervalJudged>(release)).SelectMany(interval => interval.Observations).Select(row => row.Start).ToList();
        Assert.Equal((judged.Max() - judged.Min()).TotalMinutes + 1, judged.Count);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task Blind_with_policy_pause_is_held_for_a_person()
    {
        await using var world = new ReleaseWorld();
        var request = Requests.Canary();
        var release = await world.StartAsync(request with { Guardrails = request.Guardrails with { BlindThen = BlindAction.Pause } });
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        var dead = world.Time.GetUtcNow();
        world.Service.Reports = (_, at) => at < dead;
        await world.RunUntilAsync(release, ReleasePhase.Paused);
        Assert.IsType<CommandRefused>(await world.CommandAsync(release, ReleaseCommandKind.Promote));

        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_flag_lowered_by_someone_else_pauses_and_is_never_raised_again_by_itself()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        await world.MeddleAsync(Requests.Flag, Percentage.Zero);
        await world.RunUntilAsync(release, ReleasePhase.Paused);
        Assert.Contains("Slipway left it at 25 %", (await world.StateAsync(release)).PhaseReason);

        // Resuming without putting it back holds again.
        await world.CommandAsync(release, ReleaseCommandKind.Resume);
        await world.RunUntilAsync(release, ReleasePhase.Paused);
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());

        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        var state = await world.RunToEndAsync(release);
        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());
        Assert.Contains(state.LeftToDo, line => line.Contains("changed by someone else", StringComparison.Ordinal));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_flag_raised_by_someone_else_is_turned_off_by_a_rollback_and_listed()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        await world.MeddleAsync(Requests.Flag, new Percentage(80));
        await world.RunUntilAsync(release, ReleasePhase.Paused);
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());
        Assert.Contains(state.LeftToDo, line => line.Contains("turned off", StringComparison.Ordinal));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_flag_put_back_by_someone_else_can_be_resumed()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        await world.MeddleAsync(Requests.Flag, new Percentage(10));
        await world.RunUntilAsync(release, ReleasePhase.Paused);
        await world.MeddleAsync(Requests.Flag, new Percentage(25));
        Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.Resume));

        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task The_flag_store_down_for_a_minute_during_a_shift_only_delays_it()
    {
        await using var world = new ReleaseWorld(FaultRule.Unavailable(FaultOperations.FlagSet, FaultRule.Calls(2, 5)));
        var release = await world.StartAsync(Requests.Canary());

        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        Assert.Contains(await world.EntriesAsync<AlertRaised>(release), alert => alert.Name == "flag store");
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task The_flag_store_down_for_longer_than_the_shift_budget_goes_back()
    {
        await using var world = new ReleaseWorld(FaultRule.Unavailable(FaultOperations.FlagSet, call => call.Number >= 2));
        var release = await world.StartAsync(Requests.Canary());
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Contains("could not be set to 25 %", (await world.EntriesAsync<RollbackBegun>(release))[0].Reason);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_shift_whose_answer_is_lost_is_not_written_twice()
    {
        await using var world = new ReleaseWorld(FaultRule.AnswerLost(FaultOperations.FlagSet, FaultRule.Call(1)));
        var release = await world.StartAsync(Requests.Canary());

        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        var writes = (await world.Flags.RevisionsAsync(Requests.Flag, default)).Select(revision => revision.State.Exposure).ToList();
        Assert.Equal([5, 25, 50, 100], writes.Where(exposure => exposure > Percentage.Zero).Select(exposure => (int)exposure.Value));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task Mail_down_for_hours_keeps_a_release_in_progress_at_full_exposure_until_it_is_accepted()
    {
        await using var world = new ReleaseWorld(FaultRule.Unavailable(FaultOperations.Mail, FaultRule.Between(ReleaseWorld.Epoch, ReleaseWorld.Epoch.AddHours(4))));
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Concluding);
        Assert.Equal(Percentage.Full, await world.ExposureAsync());
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Completed, state.Phase);
        Assert.True(state.EndedAt >= ReleaseWorld.Epoch.AddHours(4));
        Assert.Equal(6, world.Mailer.Sent.Select(sent => sent.Mail.OperationId).Distinct().Count());
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task Mail_down_for_good_completes_when_an_operator_acknowledges_it()
    {
        await using var world = new ReleaseWorld(FaultRule.Unavailable(FaultOperations.Mail));
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Concluding);
        await world.RunUntilAsync(TimeSpan.FromHours(40));
        Assert.Equal(ReleasePhase.Concluding, (await world.StateAsync(release)).Phase);

        Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.AcknowledgeNotices));
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_start_and_a_command_whose_signals_were_lost_are_repaired_after_a_restart()
    {
        await using var world = new ReleaseWorld { LosesSignals = true };
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(TimeSpan.FromMinutes(30));
        Assert.Equal(ReleasePhase.Received, (await world.StateAsync(release)).Phase);

        world.LosesSignals = false;
        Assert.Equal(1, (await world.Desk.RepairAsync(default)).GoingOn);
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);

        world.LosesSignals = true;
        await world.CommandBeginAsync(release, ReleaseCommandKind.RollBack);
        world.LosesSignals = false;
        await world.Desk.RepairAsync(default);

        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);
        Assert.Equal(0, (await world.Desk.RepairAsync(default)).GoingOn);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task The_sweeper_schedules_an_orphaned_start_and_wakes_for_an_unanswered_command_and_nothing_else()
    {
        await using var world = new ReleaseWorld { LosesSignals = true };
        var release = await world.StartAsync(Requests.Canary());
        Assert.Empty(await world.Sweeper.SweepAsync(default));
        await world.RunUntilAsync(TimeSpan.FromMinutes(1));
        world.LosesSignals = false;
        Assert.Equal([release], await world.Sweeper.SweepAsync(default));
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        Assert.Empty(await world.Sweeper.SweepAsync(default));

        world.LosesSignals = true;
        await world.CommandBeginAsync(release, ReleaseCommandKind.RollBack);
        world.LosesSignals = false;
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromMinutes(1));
        Assert.Equal(ReleasePhase.Baking, (await world.StateAsync(release)).Phase);
        Assert.Equal([release], await world.Sweeper.SweepAsync(default));

        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);
        Assert.Empty(await world.Sweeper.SweepAsync(default));
    }

    /// <summary>Whoever gave it cannot see that the wake-up behind it was lost.</summary>
    [Theory]
    [InlineData(0, ReleaseCommandKind.RollBack)]
    [InlineData(2, ReleaseCommandKind.Abort)]
    [InlineData(3, ReleaseCommandKind.RollBack)]
    public async Task A_command_whose_wake_was_lost_is_found_before_more_users_get_the_version_and_before_the_release_is_over(int stage, ReleaseCommandKind kind)
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, stage);
        world.LosesSignals = true;
        await world.CommandBeginAsync(release, kind);
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal(state.Plan.Stages[stage].Percentage, state.PeakExposure);
        Assert.Single(await world.EntriesAsync<CommandApplied>(release));
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());
    }
}
