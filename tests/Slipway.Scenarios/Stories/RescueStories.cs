using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Rescue;
using Slipway.Embedded.Engine;
using Slipway.Embedded.Faults;
using Slipway.Scenarios.World;
using Slipway.Workflow.Rescue;

namespace Slipway.Scenarios.Stories;

/// <summary>The dead-man's switch, and the way back without an engine.</summary>
public sealed class RescueStories
{
    [Fact]
    public async Task An_orchestration_that_fails_while_users_are_exposed_is_rescued_within_a_minute()
    {
        await using var world = new ReleaseWorld();
        var release = await FailedWhileExposedAsync(world);
        Assert.Equal([release], await world.Sweeper.SweepAsync(default));
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());
        Assert.Equal(RescueEntries.Rescuer, state.Rollback!.Actor);
        Assert.Contains("the orchestration failed", state.Rollback.Reason, StringComparison.Ordinal);
        Assert.Contains(world.Mailer.Sent, sent => sent.Mail.To == "oncall@example.com");
        Assert.Contains(world.Mailer.Sent, sent => sent.Mail.To == "support@example.com" && sent.Mail.Subject.Contains("Brought back", StringComparison.Ordinal));
        Assert.Empty(await world.Sweeper.SweepAsync(default));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task Many_sweeps_rescue_a_release_once()
    {
        await using var world = new ReleaseWorld();
        var release = await FailedWhileExposedAsync(world);
        await Task.WhenAll(world.Sweeper.SweepAsync(default), world.Sweeper.SweepAsync(default));
        await world.Sweeper.SweepAsync(default);
        await world.RunToEndAsync(release);

        Assert.Single(await world.InstancesAsync(), instance => instance.Workflow == "release.rescue.v1");
        Assert.Single(await world.EntriesAsync<ReleaseTakenOver>(release));
        Assert.Single(await world.EntriesAsync<RollbackBegun>(release));
        Assert.Single(await world.EntriesAsync<ReleaseEnded>(release));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_rescue_that_fails_is_followed_by_another()
    {
        await using var world = new ReleaseWorld();
        var release = await FailedWhileExposedAsync(world);
        world.Breaks.RescueFails = true;
        await world.RunSweptAsync(TimeSpan.FromMinutes(3));
        Assert.NotEqual(Percentage.Zero, await world.ExposureAsync());
        world.Breaks.RescueFails = false;
        await world.RunSweptAsync(TimeSpan.FromMinutes(2));

        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());
        Assert.Single(await world.EntriesAsync<ReleaseEnded>(release));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_takeover_whose_start_was_lost_is_started_by_the_next_sweep()
    {
        await using var world = new ReleaseWorld();
        var release = await FailedWhileExposedAsync(world);
        world.LosesSignals = true;
        await world.Sweeper.SweepAsync(default);
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromMinutes(1));
        Assert.NotEqual(Percentage.Zero, await world.ExposureAsync());
        world.LosesSignals = false;
        await world.Sweeper.SweepAsync(default);

        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_watch_that_falls_silent_is_first_woken_and_then_rescued_and_the_living_orchestration_ends_itself()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        world.Breaks.WatchSleeps = true;
        await world.RunSweptAsync(TimeSpan.FromMinutes(9));
        Assert.False((await world.StateAsync(release)).Alerts.ContainsKey(RescueDecision.SilenceAlert));
        await world.RunSweptAsync(TimeSpan.FromMinutes(5));
        var state = await world.StateAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());
        Assert.True(state.TakenOver is not null && state.Rollback!.BegunAt - state.Alerts[RescueDecision.SilenceAlert].At >= RescueDecision.Grace);
        Assert.Equal(InstanceStatus.Failed, Assert.Single(await world.InstancesAsync(), instance => instance.Id == release.Value).Status);
        await world.RunToEndAsync(release);
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_healthy_release_that_is_swept_every_minute_is_left_alone()
    {
        await using var world = new ReleaseWorld(FaultRule.Slow(FaultOperations.MetricRead, TimeSpan.FromSeconds(2)));
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        await world.RunSweptAsync(TimeSpan.FromHours(1));

        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        Assert.DoesNotContain(RescueDecision.SilenceAlert, (await world.StateAsync(release)).Alerts.Keys);
        Assert.Empty(await world.EntriesAsync<ReleaseTakenOver>(release));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_release_that_is_paused_for_hours_is_left_alone_and_goes_on()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.Pause));
        await world.RunSweptAsync(TimeSpan.FromHours(3));
        Assert.Equal(ReleasePhase.Paused, (await world.StateAsync(release)).Phase);
        Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.Resume));
        await world.RunSweptAsync(TimeSpan.FromMinutes(5));

        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        Assert.DoesNotContain(RescueDecision.SilenceAlert, (await world.StateAsync(release)).Alerts.Keys);
        Assert.Empty(await world.EntriesAsync<ReleaseTakenOver>(release));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_rescue_insists_while_the_flag_store_is_away_for_minutes()
    {
        var (from, until) = (ReleaseWorld.Epoch.AddMinutes(20), ReleaseWorld.Epoch.AddMinutes(43));
        await using var world = new ReleaseWorld(FaultRule.Unavailable(FaultOperations.FlagRestore, FaultRule.Between(from, until)));
        var release = await FailedWhileExposedAsync(world);
        await world.RunUntilAsync(TimeSpan.FromMinutes(40));
        await world.Sweeper.SweepAsync(default);
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        var level = Assert.Single(await world.EntriesAsync<LevelEnded>(release));
        Assert.InRange(level.UndoneAt!.Value - level.StartedAt, TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(5));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_rescue_that_cannot_reach_the_flag_store_in_five_minutes_fails_and_says_what_is_left_to_do()
    {
        await using var world = new ReleaseWorld(FaultRule.Unavailable(FaultOperations.FlagRestore, FaultRule.Between(ReleaseWorld.Epoch.AddMinutes(10), DateTimeOffset.MaxValue)));
        var release = await FailedWhileExposedAsync(world);
        await world.Sweeper.SweepAsync(default);
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Failed, state.Phase);
        Assert.Contains(state.LeftToDo, line => line.Contains($"turn flag {Requests.Flag} off", StringComparison.Ordinal));
        Assert.Contains(world.Mailer.Sent, sent => sent.Mail.To == "oncall@example.com" && sent.Mail.Text.Contains(Requests.Flag, StringComparison.Ordinal));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_flag_that_somebody_lowered_before_the_rescue_is_left_off_and_named()
    {
        await using var world = new ReleaseWorld();
        var release = await FailedWhileExposedAsync(world);
        await world.MeddleAsync(Requests.Flag, Percentage.Zero);
        var theirs = (await world.Flags.RevisionsAsync(Requests.Flag, default))[^1];
        await world.Sweeper.SweepAsync(default);
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal("someone else", theirs.Actor);
        Assert.Equal(theirs.State.Json, (await world.Flags.RevisionsAsync(Requests.Flag, default))[^1].State.Json);
        Assert.Contains(state.LeftToDo, line => line.Contains("someone else", StringComparison.Ordinal));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_rollback_asked_for_after_the_orchestration_failed_is_answered_by_the_rescue()
    {
        await using var world = new ReleaseWorld();
        var release = await FailedWhileExposedAsync(world);
        await world.CommandBeginAsync(release, ReleaseCommandKind.RollBack);
        await world.Sweeper.SweepAsync(default);
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.True(Assert.Single(state.Commands).Applied);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_direct_rollback_of_a_stopped_world_restores_flags_and_keys_and_the_orchestration_ends_itself_when_it_runs_again()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.ThreeLevels());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        var key = await world.Configuration.ReadAsync("search:index:mode", default);
        await world.Configuration.WriteAsync(key.Key, "streaming", key.ETag, default);

        var direct = new DirectRollback(world.Journal, world.Ports, world.Time, world);
        var done = Assert.IsType<DirectOutcome.Done>(await direct.RunAsync(release, "lee", "the server's disk is full", default));
        Assert.Equal(ReleasePhase.RolledBack, done.Ending.Phase);
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());
        Assert.Equal("batch", (await world.Configuration.ReadAsync(key.Key, default)).Value);
        Assert.Equal("lee", (await world.StateAsync(release)).Rollback!.Actor);
        Assert.IsType<DirectOutcome.Over>(await direct.RunAsync(release, "lee", "", default));

        await ((Slipway.Workflow.Ports.IReleaseClient)world).WakeAsync(release, default);
        await world.RunToEndAsync(release);
        Assert.Equal(InstanceStatus.Failed, Assert.Single(await world.InstancesAsync(), instance => instance.Id == release.Value).Status);
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());
        Assert.Empty(world.Hook.Asked);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_direct_rollback_of_a_release_that_exposed_nobody_does_nothing()
    {
        await using var world = new ReleaseWorld { LosesSignals = true };
        var release = await world.StartAsync(Requests.Canary());
        var direct = new DirectRollback(world.Journal, world.Ports, world.Time, world);

        Assert.Equal(new DirectOutcome.NotExposed(ReleasePhase.Received), await direct.RunAsync(release, "lee", "", default));
        Assert.IsType<DirectOutcome.NotFound>(await direct.RunAsync(ReleaseId.Parse("no-such-release"), "lee", "", default));
        Assert.Single(await world.LedgerAsync(release));
    }

    /// <summary>A release whose orchestration fails when its second stage is about to begin to bake.</summary>
    private static async Task<ReleaseId> FailedWhileExposedAsync(ReleaseWorld world)
    {
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Propagating, 1);
        world.Breaks.Fails = true;
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromMinutes(3));
        world.Breaks.Fails = false;
        Assert.Equal(InstanceStatus.Failed, Assert.Single(await world.InstancesAsync(), instance => instance.Id == release.Value).Status);
        Assert.NotEqual(Percentage.Zero, await world.ExposureAsync());
        Assert.False((await world.StateAsync(release)).IsTerminal);
        return release;
    }
}
