using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Requests;
using Slipway.Scenarios.World;

namespace Slipway.Scenarios.Stories;

/// <summary>Freezes of the whole server, and windows that close while a release is under way.</summary>
[Trait("requirement", "S002-146")]
public sealed class FreezeStories
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_freeze_raised_mid_release_holds_it_before_its_next_increase_and_a_lift_lets_it_go_on()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        await world.FreezeDesk.RaiseAsync("f", "lee", "payday", null, default);
        await world.RunUntilAsync(release, ReleasePhase.Waiting, 1);
        await world.RunUntilAsync(TimeSpan.FromHours(30));

        var state = await world.StateAsync(release);
        Assert.Equal((ReleasePhase.Waiting, "frozen by lee until it is lifted: payday"), (state.Phase, state.PhaseReason));
        Assert.Equal(new Percentage(25), await world.ExposureAsync());
        Assert.Contains("payday", ReportJson.Write(ReleaseReporter.Report(state, world.Time.GetUtcNow())), StringComparison.Ordinal);
        Assert.True(state.JudgedUntil > world.Time.GetUtcNow() - TimeSpan.FromMinutes(10), "nobody watched");

        await world.FreezeDesk.LiftAsync("lee", "paid", default);
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + Minute);
        Assert.Equal(new Percentage(50), await world.ExposureAsync());
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_freeze_before_the_start_holds_it_and_its_end_lets_it_start()
    {
        await using var world = new ReleaseWorld();
        await world.FreezeDesk.RaiseAsync("f", "lee", "payday", ReleaseWorld.Epoch.AddHours(3.5), default);
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(TimeSpan.FromHours(3.4));

        var state = await world.StateAsync(release);
        Assert.Equal((ReleasePhase.Waiting, ReleaseWorld.Epoch.AddHours(3.5), "the freeze ends"), (state.Phase, state.NextAt, state.NextEvent));
        Assert.Equal("frozen by lee until 2026-11-03 12:30:00Z: payday", state.PhaseReason);
        Assert.Null(state.Captured);
        Assert.Single(await world.EntriesAsync<PhaseEntered>(release), entered => entered.Trigger == ReleaseTrigger.Frozen);

        await world.RunUntilAsync(TimeSpan.FromHours(3.5) + Minute);
        Assert.Equal(new Percentage(5), await world.ExposureAsync());
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 5)]
    public async Task A_freeze_raised_between_the_check_and_the_shift_holds_the_release_before_the_write(int read, int exposure)
    {
        await using var world = new ReleaseWorld();
        world.Freezes.AfterRead = reads => reads == read ? world.FreezeDesk.RaiseAsync("f", "lee", "incident", null, default) : Task.CompletedTask;
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(TimeSpan.FromHours(2));

        var state = await world.StateAsync(release);
        Assert.Equal((ReleasePhase.Waiting, ReleaseTrigger.Frozen), (state.Phase, state.PhaseTrigger));
        Assert.Equal(new Percentage(exposure), await world.ExposureAsync());
        await world.FreezeDesk.LiftAsync("lee", "", default);
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_rollback_during_a_freeze_is_not_delayed()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        await world.FreezeDesk.RaiseAsync("f", "lee", "payday", null, default);
        await world.RunUntilAsync(release, ReleasePhase.Waiting, 1);
        Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.RollBack));

        Assert.Equal(Percentage.Zero, await world.ExposureAsync());
        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_breach_during_a_freeze_rolls_back()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        await world.FreezeDesk.RaiseAsync("f", "lee", "payday", null, default);
        await world.RunUntilAsync(release, ReleasePhase.Waiting, 1);
        world.Service.ErrorRate = (canary, _) => canary ? 0.2 : 0.002;

        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_lift_whose_wake_up_is_lost_costs_a_minute()
    {
        await using var world = new ReleaseWorld();
        await world.FreezeDesk.RaiseAsync("f", "lee", "payday", null, default);
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Waiting);
        world.LosesSignals = true;
        await world.FreezeDesk.LiftAsync("lee", "", default);
        world.LosesSignals = false;
        await world.RunSweptAsync(Minute);

        Assert.Equal(new Percentage(5), await world.ExposureAsync());
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_store_of_freezes_that_is_away_lets_nothing_grow_until_it_answers()
    {
        await using var world = new ReleaseWorld();
        world.Freezes.ReadsFail = at => at > ReleaseWorld.Epoch.AddMinutes(5) && at < ReleaseWorld.Epoch.AddHours(2);
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(TimeSpan.FromHours(1.9));

        Assert.Equal(new Percentage(5), await world.ExposureAsync());
        Assert.Contains("freeze", (await world.StateAsync(release)).Alerts.Keys);
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_window_that_closes_mid_release_holds_it_and_says_so_until_it_opens()
    {
        await using var world = new ReleaseWorld();
        var window = new ChangeWindow([DayOfWeek.Tuesday, DayOfWeek.Wednesday], TimeSpan.FromHours(9), TimeSpan.FromHours(9.3), "UTC");
        var release = await world.StartAsync(Requests.Canary() with { Operations = new OperationsSpec { TrafficRps = 100, Windows = [window] } });
        await world.RunUntilAsync(TimeSpan.FromHours(5));

        var state = await world.StateAsync(release);
        Assert.Equal((ReleasePhase.Waiting, ReleaseTrigger.WindowClosed), (state.Phase, state.PhaseTrigger));
        Assert.StartsWith("the change window is closed: outside", state.PhaseReason, StringComparison.Ordinal);
        Assert.Equal((ReleaseWorld.Epoch.AddDays(1), "the change window opens"), (state.NextAt, state.NextEvent));
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release, TimeSpan.FromDays(30))).Phase);
        await Invariants.CheckAsync(world, release);
    }
}
