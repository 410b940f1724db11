using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Rescue;
using Slipway.Functions.Tests.Engine;
using Slipway.Scenarios.World;
using Slipway.Workflow.Ports;

namespace Slipway.Functions.Tests.Releases;

/// <summary>Releases on Durable Task, and the same ones on the embedded engine: their ledgers tell the same story.</summary>
[Collection(InRealTime.Name)]
public sealed class DurableStories
{
    [Fact]
    public async Task A_healthy_release_completes_as_on_the_embedded_engine()
    {
        await using var world = await DurableWorld.StartAsync();
        var request = DurableWorld.Quick(Requests.Canary());
        var release = await world.StartAsync(request);
        Assert.Equal(ReleasePhase.Completed, (await world.EndAsync(release)).Phase);
        Assert.Equal(Percentage.Full, (await world.Flags.ReadAsync(Requests.Flag, default))!.Exposure);

        await using var embedded = BothEngines.Embedded();
        embedded.Service.Rps = world.Service.Rps;
        var same = await embedded.StartAsync(request);
        await embedded.RunToEndAsync(same);
        Assert.Equal(Phases(await embedded.LedgerAsync(same)), Phases(await world.LedgerAsync(release)));
        Assert.Equal(Bodies(await embedded.LedgerAsync(same)), Bodies(await world.LedgerAsync(release)));
        await CheckAsync(world, release);
    }

    [Fact]
    public async Task A_bad_release_is_rolled_back_with_the_flag_off_as_on_the_embedded_engine()
    {
        await using var world = await DurableWorld.StartAsync();
        world.Service.ErrorRate = (canary, _) => canary ? 0.2 : 0.002;
        var request = DurableWorld.Quick(Requests.Canary());
        var release = await world.StartAsync(request);
        var state = await world.EndAsync(release);
        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        var flag = await world.Flags.ReadAsync(Requests.Flag, default);
        Assert.Equal((false, Percentage.Zero), (flag!.Enabled, flag.Exposure));
        Assert.Equal(state.Captured!.Flags[0].Json, flag.Json);

        await using var embedded = BothEngines.Embedded();
        embedded.Service.Rps = world.Service.Rps;
        embedded.Service.ErrorRate = world.Service.ErrorRate;
        var same = await embedded.StartAsync(request);
        await embedded.RunToEndAsync(same);
        Assert.Equal(Phases(await embedded.LedgerAsync(same)), Phases(await world.LedgerAsync(release)));
        Assert.Equal(Bodies(await embedded.LedgerAsync(same)), Bodies(await world.LedgerAsync(release)));
        await CheckAsync(world, release);
    }

    [Fact]
    public async Task A_rollback_command_reaches_a_release_that_bakes_within_seconds()
    {
        await using var world = await DurableWorld.StartAsync();
        var release = await world.StartAsync(DurableWorld.Quick(Requests.Canary(), TimeSpan.FromMinutes(30)));
        await world.UntilAsync(release, state => state.Phase == ReleasePhase.Baking);
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        Assert.Equal(ReleasePhase.RolledBack, (await world.EndAsync(release)).Phase);
        Assert.Equal(Percentage.Zero, (await world.Flags.ReadAsync(Requests.Flag, default))!.Exposure);

        var entries = await world.LedgerAsync(release);
        var asked = entries.First(entry => entry.Read() is CommandReceived);
        Assert.InRange((entries.First(entry => entry.Read() is RollbackBegun).At - asked.At).TotalSeconds, -1, 10);
        await CheckAsync(world, release);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_release_whose_orchestration_failed_while_users_were_exposed_is_rescued(bool changed)
    {
        await using var world = await DurableWorld.StartAsync();
        if (!changed) world.Breaks.FailsAt = ReleasePhase.Paused;
        var release = await world.StartAsync(DurableWorld.Quick(Requests.Canary(), TimeSpan.FromMinutes(30)));
        await world.UntilAsync(release, state => state.Phase == ReleasePhase.Baking);

        // Code that no longer does what history says, or code that throws beside a watch that goes on.
        world.Breaks.Changed = changed;
        await world.Desk.CommandAsync(release, new ReleaseCommand("c1", ReleaseCommandKind.Pause, Requests.Dana, "because"), default);
        for (var until = DateTime.UtcNow.AddSeconds(20); await world.Client.HealthAsync(release, default) != OrchestrationHealth.Failed; await Task.Delay(50))
            Assert.True(DateTime.UtcNow < until, "the orchestration did not fail");

        Assert.Equal([release], await world.Sweeper.SweepAsync(default));
        await world.Sweeper.SweepAsync(default);
        var state = await world.UntilAsync(release, state => state.IsTerminal);
        Assert.Equal((ReleasePhase.RolledBack, RescueEntries.Rescuer), (state.Phase, state.Rollback!.Actor));
        Assert.Equal(Percentage.Zero, (await world.Flags.ReadAsync(Requests.Flag, default))!.Exposure);
        Assert.Single((await world.LedgerAsync(release)).Select(entry => entry.Read()).OfType<RollbackBegun>());
        await CheckAsync(world, release);
    }

    [Fact]
    public async Task Scheduling_waking_and_rescuing_again_changes_nothing()
    {
        await using var world = await DurableWorld.StartAsync();
        var release = ReleaseId.Parse("nobody-1.0");
        Assert.Equal(OrchestrationHealth.Missing, await world.Client.HealthAsync(release, default));
        await world.Client.WakeAsync(release, default);
        Assert.Equal(OrchestrationHealth.Missing, await world.Client.HealthAsync(release, default));

        release = await world.StartAsync(DurableWorld.Quick(Requests.Canary()));
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => world.Client.ScheduleAsync(release, default)));
        await world.EndAsync(release);
        await world.Client.ScheduleAsync(release, default);
        await world.Client.WakeAsync(release, default);
        await world.Client.RescueAsync(release, default);
        await world.Client.RescueAsync(release, default);
        Assert.Equal(OrchestrationHealth.Completed, await world.Client.HealthAsync(release, default));
        Assert.Single((await world.LedgerAsync(release)).Select(entry => entry.Read()).OfType<ReleaseEnded>());
        await CheckAsync(world, release);
    }

    private static async Task CheckAsync(DurableWorld world, ReleaseId release) => await Invariants.CheckAsync(await world.LedgerAsync(release), world.Flags);

    private static IEnumerable<string> Phases(IReadOnlyList<LedgerEntry> entries) =>
        entries.Select(entry => entry.Read()).OfType<PhaseEntered>().Select(phase => $"{phase.Trigger} -> {phase.Phase} {phase.Stage}");

    /// <summary>The kinds of entries and how often each was written. How many intervals were judged, and on which side of another entry of
    /// the same moment an entry stands, is the clock's doing.</summary>
    private static IEnumerable<string> Bodies(IReadOnlyList<LedgerEntry> entries) =>
        entries.Select(entry => entry.Read()).Where(body => body is not (IntervalJudged or WatchDirected)).GroupBy(body => body.GetType().Name).Select(group => $"{group.Key} {group.Count()}").Order();
}
