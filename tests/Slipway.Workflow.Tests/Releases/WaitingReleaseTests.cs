using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Tests.Ledgers;
using Slipway.Web.Tests.Fakes;
using Slipway.Workflow.Locks;
using Slipway.Workflow.Releases;
using Slipway.Workflow.Tests.Fakes;

namespace Slipway.Workflow.Tests.Releases;

/// <summary>Releases that wait for people may be many and wait for weeks: they cost no memory, no sweep and no start of the host to speak of.</summary>
public sealed class WaitingReleaseTests
{
    private static readonly DateTimeOffset Start = SampleRequests.Start;

    private readonly WatchedLedger _ledger = new();
    private readonly InMemorySnapshots _snapshots = new();
    private readonly RecordingEngine _engine = new();
    private readonly ReleaseJournal _journal;

    public WaitingReleaseTests() => _journal = new ReleaseJournal(_ledger, _snapshots);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ReleaseDesk Desk => new(_journal, _snapshots, _engine, new FakeFlagStore(), new LaterClock(), new ReleaseDeskOptions { BaseUrl = "http://127.0.0.1:5080", Policy = Core.Policy.ServerPolicy.Default });

    [Fact]
    public async Task Only_the_last_that_wait_stay_in_memory_and_the_others_are_folded_again()
    {
        var ids = await WaitAsync(ReleaseJournal.WaitingKept + 8);
        Assert.Equal(ReleaseJournal.WaitingKept, _journal.Held);

        _ledger.ReadAfter.Clear();
        Assert.Equal(2, (await _journal.StateAsync(ids[0], Stop))!.Sequence);
        Assert.Equal(2, (await _journal.StateAsync(ids[^1], Stop))!.Sequence);
        Assert.Equal([0, 2], _ledger.ReadAfter);
        Assert.Equal(ReleaseJournal.WaitingKept, _journal.Held);
    }

    [Fact]
    public async Task One_that_has_begun_to_expose_users_stays()
    {
        var exposed = (await WaitAsync(1))[0];
        await _journal.AppendAsync(
            exposed,
            [
                new LedgerDraft("captured", Start.AddSeconds(2), "slipway", new StateCaptured([], [])),
                new LedgerDraft("intended", Start.AddSeconds(3), "slipway", new EffectIntended("expose:1", EffectKind.Flag, "search-v2", "to 5 %")),
            ],
            Stop);
        await WaitAsync(ReleaseJournal.WaitingKept + 8, "other");

        _ledger.ReadAfter.Clear();
        Assert.True((await _journal.StateAsync(exposed, Stop))!.ExposureBegun);
        Assert.Equal([4], _ledger.ReadAfter);
        Assert.Equal(ReleaseJournal.WaitingKept + 1, _journal.Held);
    }

    [Fact]
    public async Task A_second_sweep_reads_what_is_new_of_them_and_nothing_else()
    {
        var ids = await WaitAsync(ReleaseJournal.WaitingKept + 8);
        var sweeper = Sweeper();
        await sweeper.SweepAsync(Stop);
        _ledger.ReadAfter.Clear();
        Assert.Empty(await sweeper.SweepAsync(Stop));
        Assert.Equal(Enumerable.Repeat(2L, ids.Count), _ledger.ReadAfter);
    }

    [Fact]
    public async Task A_command_that_only_the_ledger_knows_of_is_found_by_the_next_sweep()
    {
        var ids = await WaitAsync(3);
        var sweeper = Sweeper();
        Assert.Empty(await sweeper.SweepAsync(Stop));
        await _ledger.AppendAsync(ids[1], [new LedgerDraft("c-1", Start.AddSeconds(9), "dana@example.com", new CommandReceived(new ReleaseCommand("c-1", ReleaseCommandKind.Abort, "dana@example.com", "")))], Stop);

        Assert.Equal([ids[1]], await sweeper.SweepAsync(Stop));
        Assert.Equal([ids[1]], _engine.Woken);
    }

    [Fact]
    public async Task After_a_restart_those_that_have_begun_and_owe_no_answer_go_on_by_themselves()
    {
        var ids = await WaitAsync(20);
        _ledger.ReadAfter.Clear();

        Assert.Equal(20, (await Desk.RepairAsync(Stop)).GoingOn);
        Assert.Equal(Enumerable.Repeat(2L, 20), _ledger.ReadAfter);
        Assert.Empty(_engine.Scheduled);
        Assert.Empty(_engine.Woken);

        // The snapshot of it was lost with the process that had recorded it.
        await _ledger.AppendAsync(ids[7], [new LedgerDraft("c-1", Start.AddSeconds(9), "dana@example.com", new CommandReceived(new ReleaseCommand("c-1", ReleaseCommandKind.Abort, "dana@example.com", "")))], Stop);
        Assert.Equal(20, (await Desk.RepairAsync(Stop)).GoingOn);
        Assert.Equal([ids[7]], _engine.Woken);
    }

    private async Task<IReadOnlyList<ReleaseId>> WaitAsync(int releases, string name = "release")
    {
        ReleaseId[] ids = [.. Enumerable.Range(1, releases).Select(number => ReleaseId.Parse($"{name}-{number}"))];
        foreach (var id in ids)
        {
            await _journal.CreateAsync(id, new LedgerDraft("start", Start, "dana@example.com", SampleRequests.Created()), Stop);
            await _journal.AppendAsync(id, [new LedgerDraft("asked", Start.AddSeconds(1), "slipway", new PhaseEntered(ReleasePhase.Approving, ReleaseTrigger.Begin, -1, "two people were asked", null, ""))], Stop);
        }

        return ids;
    }

    private ReleaseSweeper Sweeper() => new(_journal, _snapshots, new InMemoryFreezes(), new LockDesk(new InMemoryLocks(), _journal, _engine, new LaterClock()), _engine, new LaterClock());

    /// <summary>A minute after they began to wait.</summary>
    private sealed class LaterClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Start.AddMinutes(1);
    }
}
