using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Embedded.Faults;
using Slipway.Scenarios.World;
using Slipway.Workflow.Ports;

namespace Slipway.Scenarios.Stories;

/// <summary>Races and double faults: what a review of the workflow suspected.</summary>
public class ReviewStories
{
    private const double Healthy = 0.002;

    [Fact]
    public async Task A_first_write_that_lands_after_the_rollback_began_loses_on_its_ETag()
    {
        await using var world = new ReleaseWorld(FaultRule.Slow(FaultOperations.FlagSet, TimeSpan.FromSeconds(45), FaultRule.Call(1)));
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(ReleasePhase.Shifting, (await world.StateAsync(release)).Phase);
        await world.CommandBeginAsync(release, ReleaseCommandKind.RollBack);
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());
        Assert.Empty(state.OpenEffects);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_repeated_write_that_lands_after_the_restore_does_not_take_the_restored_flag_for_its_own()
    {
        await using var world = new ReleaseWorld(FaultRule.Slow(FaultOperations.FlagSet, TimeSpan.FromSeconds(45), FaultRule.Calls(1, 4)));
        var release = await world.StartAsync(Requests.Canary());

        // The first write has landed unseen, the second is on its way.
        await world.RunUntilAsync(TimeSpan.FromSeconds(50));
        Assert.Equal(new Percentage(5), await world.ExposureAsync());
        await world.CommandBeginAsync(release, ReleaseCommandKind.RollBack);
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_flag_saved_without_a_change_by_someone_else_does_not_hold_a_shift()
    {
        await using var world = new ReleaseWorld(FaultRule.Slow(FaultOperations.FlagSet, TimeSpan.FromSeconds(10), FaultRule.Call(1)));
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(TimeSpan.FromSeconds(5));
        var store = world.Flags.As("someone else");
        var flag = (await store.ReadAsync(Requests.Flag, default))!;
        await store.RestoreAsync(Requests.Flag, flag.Json, flag.ETag, default);

        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        Assert.DoesNotContain(await world.EntriesAsync<AlertRaised>(release), alert => alert.Name == "drift");
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_flag_raised_by_someone_else_while_the_rollback_is_being_verified_is_taken_back_again()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromMinutes(1));
        Assert.Equal(ReleasePhase.RollingBack, (await world.StateAsync(release)).Phase);
        await world.MeddleAsync(Requests.Flag, new Percentage(80));
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task Promoting_the_last_stage_and_pausing_at_once_holds_at_full_exposure()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 3);
        await world.CommandBeginAsync(release, ReleaseCommandKind.Promote);
        await world.CommandBeginAsync(release, ReleaseCommandKind.Pause);
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromMinutes(5));
        Assert.Equal(ReleasePhase.Paused, (await world.StateAsync(release)).Phase);

        Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.Resume));
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task Pausing_while_the_captured_state_is_being_recorded_holds_before_the_first_write()
    {
        await using var world = new ReleaseWorld();
        world.Ledger.AppendDelay = drafts => TimeSpan.FromSeconds(drafts.Any(draft => draft.Body is StateCaptured) ? 5 : 0);
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(TimeSpan.FromSeconds(1));
        await world.CommandBeginAsync(release, ReleaseCommandKind.Pause);
        await world.RunUntilAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(ReleasePhase.Paused, (await world.StateAsync(release)).Phase);
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());

        Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.Resume));
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(1, 70)]
    [InlineData(4, 10)]
    public async Task Pausing_while_a_flag_is_being_written_and_resuming_bakes_the_stage(int writes, int resumeAfter)
    {
        await using var world = new ReleaseWorld(FaultRule.Slow(FaultOperations.FlagSet, TimeSpan.FromSeconds(writes == 1 ? 20 : 31), FaultRule.Calls(2, 1 + writes)));
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Shifting, 1);
        var shifting = world.Time.GetUtcNow() - ReleaseWorld.Epoch;
        await world.RunUntilAsync(shifting + TimeSpan.FromSeconds(5));
        Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.Pause));
        await world.RunUntilAsync(shifting + TimeSpan.FromSeconds(resumeAfter));
        Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.Resume));

        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        Assert.DoesNotContain(await world.EntriesAsync<AlertRaised>(release), alert => alert.Name == "drift");
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_flag_lowered_while_notices_are_outstanding_never_counts_as_completed()
    {
        await using var world = new ReleaseWorld(FaultRule.Unavailable(FaultOperations.Mail, FaultRule.Between(ReleaseWorld.Epoch, ReleaseWorld.Epoch.AddHours(5))));
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Concluding);
        await world.MeddleAsync(Requests.Flag, new Percentage(50));
        await world.RunUntilAsync(release, ReleasePhase.Paused);
        Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.Resume));
        await world.RunUntilAsync(TimeSpan.FromHours(7));
        Assert.Equal(ReleasePhase.Paused, (await world.StateAsync(release)).Phase);

        await world.MeddleAsync(Requests.Flag, Percentage.Full);
        Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.Resume));
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_flag_lowered_during_a_pause_of_the_validation_is_found_before_it_passes()
    {
        await using var world = new ReleaseWorld(FaultRule.Slow(FaultOperations.Probe, TimeSpan.FromSeconds(20), call => call.At >= ReleaseWorld.Epoch.AddMinutes(30)));
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Validating);
        var validating = world.Time.GetUtcNow() - ReleaseWorld.Epoch;
        await world.RunUntilAsync(validating + TimeSpan.FromSeconds(5));
        await world.CommandAsync(release, ReleaseCommandKind.Pause);
        await world.RunUntilAsync(validating + TimeSpan.FromMinutes(2));
        await world.MeddleAsync(Requests.Flag, new Percentage(50));
        await world.RunUntilAsync(validating + TimeSpan.FromMinutes(5));
        await world.CommandAsync(release, ReleaseCommandKind.Resume);
        await world.RunUntilAsync(validating + TimeSpan.FromMinutes(30));
        Assert.Equal(ReleasePhase.Paused, (await world.StateAsync(release)).Phase);

        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_flag_left_changed_during_a_closed_window_holds_again_at_once()
    {
        await using var world = new ReleaseWorld();
        var request = Requests.Canary() with { Operations = new() { TrafficRps = 100, Windows = [new([DayOfWeek.Tuesday], TimeSpan.FromHours(9), TimeSpan.FromHours(9.25), "UTC")] } };
        var release = await world.StartAsync(request);
        await world.RunUntilAsync(release, ReleasePhase.Baking);
        await world.RunUntilAsync(release, ReleasePhase.Waiting);
        await world.MeddleAsync(Requests.Flag, new Percentage(80));
        await world.RunUntilAsync(release, ReleasePhase.Paused);
        await world.CommandAsync(release, ReleaseCommandKind.Resume);
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromMinutes(1));
        Assert.Equal(ReleasePhase.Paused, (await world.StateAsync(release)).Phase);

        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task Extending_while_the_poll_that_ends_the_bake_is_under_way_extends()
    {
        await using var world = new ReleaseWorld(FaultRule.Slow(FaultOperations.MetricRead, TimeSpan.FromSeconds(20), call => call.At >= ReleaseWorld.Epoch.AddMinutes(13.5)));
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(TimeSpan.FromMinutes(14) + TimeSpan.FromSeconds(5));
        Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.Extend, TimeSpan.FromHours(1)));
        await world.RunUntilAsync(TimeSpan.FromMinutes(60));
        Assert.Equal(new Percentage(5), await world.ExposureAsync());

        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task Sight_lost_for_longer_than_the_bake_is_still_held_as_the_request_says()
    {
        await using var world = new ReleaseWorld();
        var request = Requests.Canary();
        var release = await world.StartAsync(request with { Guardrails = request.Guardrails with { BlindThen = BlindAction.Pause, BlindHold = TimeSpan.FromHours(1) } });
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        var dead = world.Time.GetUtcNow();
        world.Service.Reports = (_, at) => at < dead;
        await world.RunUntilAsync(TimeSpan.FromHours(2));

        Assert.Equal(ReleasePhase.Paused, (await world.StateAsync(release)).Phase);
        Assert.Equal(new Percentage(5), await world.ExposureAsync());
    }

    [Fact]
    public async Task A_source_that_is_away_for_a_whole_night_is_asked_once_an_interval()
    {
        var away = ReleaseWorld.Epoch.AddMinutes(8);
        await using var world = new ReleaseWorld(FaultRule.Unavailable(FaultOperations.MetricRead, FaultRule.Between(away, away.AddHours(8.5))));
        var request = Requests.Canary();
        var release = await world.StartAsync(request with { Guardrails = request.Guardrails with { BlindThen = BlindAction.Pause } });
        await world.RunUntilAsync(release, ReleasePhase.Paused);
        await world.RunUntilAsync(TimeSpan.FromHours(8.6));
        Assert.InRange(world.Faults.CallsOf(FaultOperations.MetricRead), 500, 550);

        await world.RunUntilAsync(TimeSpan.FromHours(8.8));
        Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.Resume));
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task Bad_minutes_that_arrive_late_are_judged_as_if_they_had_arrived_in_time()
    {
        var away = ReleaseWorld.Epoch.AddMinutes(8.5);
        await using var world = new ReleaseWorld(FaultRule.Unavailable(FaultOperations.MetricRead, FaultRule.Between(away, ReleaseWorld.Epoch.AddMinutes(16.5))));
        world.Service.ErrorRate = (canary, at) => canary && at >= ReleaseWorld.Epoch.AddMinutes(6) && at < ReleaseWorld.Epoch.AddMinutes(8) ? 0.3 : Healthy;
        var release = await world.StartAsync(Requests.Canary());

        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);
        Assert.Equal("error_rate", (await world.EntriesAsync<RollbackBegun>(release))[0].Finding?.Metric);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task Evidence_that_the_ledger_did_not_take_is_recorded_when_it_is_back()
    {
        var (down, up) = (ReleaseWorld.Epoch.AddMinutes(6), ReleaseWorld.Epoch.AddMinutes(10.5));
        await using var world = new ReleaseWorld();
        world.Ledger.AppendsFail = at => at >= down && at < up;
        var release = await world.StartAsync(Requests.Canary());
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);

        var judged = (await world.EntriesAsync<IntervalJudged>(release)).SelectMany(interval => interval.Observations).Select(row => row.Start).ToList();
        Assert.Equal(judged.Distinct().Count(), judged.Count);
        Assert.Equal((judged.Max() - judged.Min()).TotalMinutes + 1, judged.Count);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_breach_is_found_and_taken_back_while_the_ledger_is_away()
    {
        var (down, up) = (ReleaseWorld.Epoch.AddMinutes(6), ReleaseWorld.Epoch.AddMinutes(30));
        await using var world = new ReleaseWorld();
        world.Ledger.AppendsFail = world.Ledger.ReadsFail = at => at >= down && at < up;
        world.Service.ErrorRate = (canary, at) => canary && at >= down ? 0.3 : Healthy;
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(TimeSpan.FromMinutes(13));
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());

        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);
        Assert.Equal("error_rate", (await world.EntriesAsync<RollbackBegun>(release))[0].Finding?.Metric);
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reports_that_cannot_be_stored_delay_neither_a_release_nor_a_rollback(bool good)
    {
        await using var world = new ReleaseWorld();
        world.Snapshots.Broken = true;
        world.Service.ErrorRate = (canary, _) => canary && !good ? 0.08 : Healthy;
        var release = await world.StartAsync(Requests.Canary());

        Assert.Equal(good ? ReleasePhase.Completed : ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(BlindAction.Rollback)]
    [InlineData(BlindAction.Pause)]
    public async Task A_watch_that_keeps_failing_is_lost_sight(BlindAction then)
    {
        await using var world = new ReleaseWorld();
        var request = Requests.Canary();
        var release = await world.StartAsync(request with { Guardrails = request.Guardrails with { BlindThen = then } });
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        world.Judge.Broken = true;
        await world.RunUntilAsync(TimeSpan.FromMinutes(16));
        if (then == BlindAction.Pause)
        {
            Assert.Equal(ReleasePhase.Paused, (await world.StateAsync(release)).Phase);
            Assert.InRange((await world.EntriesAsync<AlertRaised>(release)).Count, 1, 4);
            await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        }

        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);
        Assert.Equal(new Percentage(5), (await world.StateAsync(release)).PeakExposure);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_key_that_level_two_could_not_restore_is_listed_when_level_three_recovers()
    {
        await using var world = new ReleaseWorld(FaultRule.Unavailable(FaultOperations.ConfigurationWrite));
        var release = await world.StartAsync(Requests.ThreeLevels());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        var key = await world.Configuration.ReadAsync("search:index:mode", default);
        await world.Configuration.WriteAsync("search:index:mode", "streaming", key.ETag, default);
        var broken = true;
        world.Probe.Answer = (_, _) => broken ? new ProbeResult(500, 20, "", "") : new ProbeResult(200, 20, "", "");
        world.Hook.OnEffect = () => broken = false;
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Contains(state.LeftToDo, line => line.Contains("search:index:mode", StringComparison.Ordinal));
    }
}
