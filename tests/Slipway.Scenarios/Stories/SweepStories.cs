using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Rescue;
using Slipway.Scenarios.World;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;

namespace Slipway.Scenarios.Stories;

/// <summary>The sweeper looks after each release for itself.</summary>
public class SweepStories
{
    [Fact]
    public async Task A_release_that_cannot_be_read_keeps_nobody_from_the_others()
    {
        await using var world = new ReleaseWorld();
        world.LosesSignals = true;
        var older = await world.StartAsync(Requests.Canary("older-1.0"));
        var damaged = await world.StartAsync(Requests.Canary("damaged-1.0") with { Flags = [Requests.Canary().Flags[0] with { Name = "other" }] });
        world.LosesSignals = false;
        await world.RunUntilAsync(TimeSpan.FromMinutes(1));
        var journal = new ReleaseJournal(new OneUnreadable(world.Ledger, damaged), world.Snapshots);
        var sweeper = new ReleaseSweeper(journal, world.Snapshots, world.Freezes, world.LockDesk, world, world.Time);

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => sweeper.SweepAsync(default));
        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
        await world.RunUntilAsync(older, ReleasePhase.Baking, 0);
        Assert.Equal(ReleasePhase.Received, (await world.StateAsync(damaged)).Phase);
    }

    [Fact]
    public async Task While_the_list_of_summaries_cannot_be_read_an_exposed_release_is_taken_over_all_the_same()
    {
        await using var world = new ReleaseWorld();
        var over = await world.StartAsync(Requests.Canary("over-1.0"));
        await world.RunUntilAsync(over, ReleasePhase.Baking, 0);
        await world.CommandAsync(over, ReleaseCommandKind.RollBack);
        await world.RunToEndAsync(over);
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Propagating, 1);
        world.Breaks.Fails = true;
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromMinutes(3));
        world.Breaks.Fails = false;
        Assert.NotEqual(Percentage.Zero, await world.ExposureAsync());
        var entries = (await world.LedgerAsync(over)).Count;
        var sweeper = new ReleaseSweeper(world.Journal, world.Snapshots, world.Freezes, world.LockDesk, world, world.Time);

        world.Snapshots.ListBroken = true;
        Assert.Contains("the list is away", (await Assert.ThrowsAsync<PortUnavailableException>(() => sweeper.SweepAsync(default))).Message, StringComparison.Ordinal);
        var state = await world.RunToEndAsync(release);

        Assert.Equal((ReleasePhase.RolledBack, RescueEntries.Rescuer), (state.Phase, state.Rollback!.Actor));
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());
        Assert.Equal(entries, (await world.LedgerAsync(over)).Count);
        world.Snapshots.ListBroken = false;
        Assert.Empty(await sweeper.SweepAsync(default));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_host_that_makes_a_sweeper_for_each_sweep_looks_at_none_that_was_over_while_the_list_of_summaries_cannot_be_read()
    {
        await using var world = new ReleaseWorld();
        var over = await world.StartAsync(Requests.Canary("over-1.0"));
        await world.RunUntilAsync(over, ReleasePhase.Baking, 0);
        await world.CommandAsync(over, ReleaseCommandKind.RollBack);
        await world.RunToEndAsync(over);
        var memory = new SweepMemory();
        Assert.Empty(await Sweeper().SweepAsync(default));

        world.Snapshots.ListBroken = true;
        Assert.Contains("the list is away", (await Assert.ThrowsAsync<PortUnavailableException>(() => Sweeper().SweepAsync(default))).Message, StringComparison.Ordinal);

        // Its ledger cannot be read: whoever looks hears of it.
        ReleaseSweeper Sweeper() => new(
            new ReleaseJournal(new OneUnreadable(world.Ledger, over), world.Snapshots), world.Snapshots, world.Freezes, world.LockDesk, world, world.Time, memory);
    }

    [Fact]
    public async Task The_end_of_a_release_is_shown_after_the_next_sweep_where_its_last_snapshots_were_not_stored()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        world.Snapshots.Refuses = snapshot => snapshot.Summary.Phase is ReleasePhase.Completed or ReleasePhase.RolledBack;
        await world.RunToEndAsync(release);
        Assert.Equal(ReleasePhase.Concluding, Assert.Single(await world.Desk.ListAsync(0, 10, default)).Phase);

        // It is not scheduled once more by a host that starts, whatever is shown.
        Assert.Equal(0, (await world.Desk.RepairAsync(default)).GoingOn);
        var sweeper = new ReleaseSweeper(new ReleaseJournal(world.Ledger, world.Snapshots), world.Snapshots, world.Freezes, world.LockDesk, world, world.Time);
        await Assert.ThrowsAsync<PortUnavailableException>(() => sweeper.SweepAsync(default));
        world.Snapshots.Refuses = _ => false;
        Assert.Empty(await sweeper.SweepAsync(default));

        var shown = Assert.Single(await world.Desk.ListAsync(0, 10, default));
        Assert.Equal((ReleasePhase.Completed, false), (shown.Phase, shown.AwaitsAftercare));
        await Invariants.CheckAsync(world, release);
    }

    private sealed class OneUnreadable(ILedger inner, ReleaseId damaged) : ILedger
    {
        public Task<LedgerCreation> CreateAsync(ReleaseId release, LedgerDraft first, CancellationToken cancellation) => inner.CreateAsync(release, first, cancellation);

        public Task<IReadOnlyList<LedgerEntry>> AppendAsync(ReleaseId release, IReadOnlyList<LedgerDraft> drafts, CancellationToken cancellation) => inner.AppendAsync(release, drafts, cancellation);

        public Task<IReadOnlyList<LedgerEntry>> ReadAsync(ReleaseId release, long after, CancellationToken cancellation) =>
            release == damaged ? throw new InvalidDataException($"{release} is damaged") : inner.ReadAsync(release, after, cancellation);

        public Task<IReadOnlyList<ReleaseId>> ListAsync(CancellationToken cancellation) => inner.ListAsync(cancellation);
    }
}
