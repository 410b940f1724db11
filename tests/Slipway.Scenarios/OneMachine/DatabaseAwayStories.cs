using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Scenarios.World;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;
using Slipway.Workflow.Rescue;

namespace Slipway.Scenarios.OneMachine;

/// <summary>The embedded engine's tables cannot be written while the ledgers can: nobody is refused what was recorded, and a minute later it is done.</summary>
public sealed class DatabaseAwayStories
{
    [Fact]
    public async Task A_rollback_that_is_recorded_is_accepted_although_the_release_cannot_be_woken()
    {
        await using var world = new ReleaseWorld();
        var release = await BakingAsync(world);
        world.Monitor.SignalsArrive = () => false;
        await RefuseMessagesAsync(world);

        var command = new ReleaseCommand("c-1", ReleaseCommandKind.RollBack, "dana@example.com", "it looks odd");
        var accepted = Assert.IsType<CommandOutcome.Accepted>(await world.Desk.CommandAsync(release, command, default));
        Assert.Equal(command, Assert.IsType<CommandReceived>((await world.LedgerAsync(release))[(int)accepted.Sequence - 1].Read()).Command);
        await AcceptMessagesAsync(world);
        await world.RunSweptAsync(TimeSpan.FromMinutes(2));

        // By the sweeper, and so within a minute.
        var state = await world.RunToEndAsync(release);
        Assert.Equal((ReleasePhase.RolledBack, "dana@example.com"), (state.Phase, state.Rollback!.Actor));
        Assert.InRange(state.Rollback.BegunAt - state.Commands[0].ReceivedAt, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());
    }

    [Fact]
    public async Task A_direct_rollback_brings_the_flag_back_although_nobody_can_be_woken()
    {
        await using var world = new ReleaseWorld();
        var release = await BakingAsync(world);
        await RefuseMessagesAsync(world);

        var done = await new DirectRollback(world.Journal, world.Ports, world.Time, world).RunAsync(release, "lee", "the server is broken", default);
        Assert.Equal(ReleasePhase.RolledBack, Assert.IsType<DirectOutcome.Done>(done).Ending.Phase);
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());

        // Whoever is woken later reads the takeover.
        await AcceptMessagesAsync(world);
        await ((IReleaseClient)world).WakeAsync(release, default);
        await world.RunToEndAsync(release);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_freeze_is_lifted_although_nobody_can_be_woken()
    {
        await using var world = new ReleaseWorld();
        await world.FreezeDesk.RaiseAsync("f-1", "dana@example.com", "an incident", null, default);
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(TimeSpan.FromMinutes(10));
        await RefuseMessagesAsync(world);

        Assert.Single(await world.FreezeDesk.LiftAsync("dana@example.com", "it is over", default));
        await AcceptMessagesAsync(world);
        await world.RunSweptAsync(TimeSpan.FromMinutes(2));
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        await world.EndAsync(release);
    }

    [Fact]
    public async Task A_freeze_is_lifted_although_what_is_shown_of_one_release_cannot_be_read()
    {
        await using var world = new ReleaseWorld();
        await world.FreezeDesk.RaiseAsync("f-1", "dana@example.com", "an incident", null, default);
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(TimeSpan.FromMinutes(10));
        await world.Database.WriteAsync(connection => RunOn(connection, "UPDATE snapshots SET summary = '{'"));

        Assert.Single(await world.FreezeDesk.LiftAsync("dana@example.com", "it is over", default));
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        await world.EndAsync(release);
    }

    [Fact]
    public async Task A_start_that_cannot_be_scheduled_says_that_the_engine_is_away_and_a_sweep_schedules_it()
    {
        await using var world = new ReleaseWorld();
        await world.Database.WriteAsync(connection => RunOn(connection, "CREATE TEMP TRIGGER away BEFORE INSERT ON engine_instances BEGIN SELECT RAISE(ABORT, 'away'); END"));
        var error = await Assert.ThrowsAsync<PortUnavailableException>(() => world.StartAsync(Requests.Canary()));
        Assert.Contains("engine", error.Message, StringComparison.Ordinal);
        await AcceptMessagesAsync(world);
        await world.RunSweptAsync(TimeSpan.FromMinutes(2));

        var release = Assert.Single(await world.Desk.ListAsync(0, 10, default)).Id;
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        await world.EndAsync(release);
    }

    private static async Task<ReleaseId> BakingAsync(ReleaseWorld world)
    {
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        Assert.NotEqual(Percentage.Zero, await world.ExposureAsync());
        return release;
    }

    private static Task RefuseMessagesAsync(ReleaseWorld world) => world.Database.WriteAsync(connection =>
        RunOn(connection, "CREATE TEMP TRIGGER away BEFORE INSERT ON engine_inbox BEGIN SELECT RAISE(ABORT, 'away'); END"));

    private static Task AcceptMessagesAsync(ReleaseWorld world) => world.Database.WriteAsync(connection => RunOn(connection, "DROP TRIGGER away"));

    private static void RunOn(Microsoft.Data.Sqlite.SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
