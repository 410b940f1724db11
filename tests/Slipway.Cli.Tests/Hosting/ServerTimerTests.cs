using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Cli.Hosting;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Embedded.Engine;
using Slipway.Embedded.Freezes;
using Slipway.Embedded.Ledger;
using Slipway.Embedded.Locks;
using Slipway.Embedded.Releases;
using Slipway.Embedded.Snapshots;
using Slipway.Embedded.Storage;
using Slipway.Embedded.Time;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Locks;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;
using Slipway.Workflow.Retention;

namespace Slipway.Cli.Tests.Hosting;

/// <summary>What a server does every minute and every hour goes on for as long as it runs: a store that gives a request up by itself does not end it.</summary>
public sealed class ServerTimerTests
{
    private readonly VirtualTimeProvider _time = new(new DateTimeOffset(2026, 11, 3, 9, 0, 0, TimeSpan.Zero));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = 30_000)]
    public async Task A_sweep_that_is_given_up_by_a_store_is_followed_by_the_next()
    {
        await using var database = SlipwayDatabase.OpenInMemory();
        await using var engine = new EmbeddedEngine(database, new WorkflowRegistry(), _time);
        using var asked = new SemaphoreSlim(0);
        var (snapshots, freezes) = (new SqliteReleaseSnapshots(database), new SqliteFreezes(database));
        var journal = new ReleaseJournal(new ImpatientLedger(new SqliteLedger(database), asked), snapshots);
        var client = new EmbeddedReleaseClient(engine);
        await using var timer = new SweepTimer(
            new ReleaseSweeper(journal, snapshots, freezes, new LockDesk(new SqliteLocks(database, _time), journal, client, _time), client, _time), _time, NullLogger<SweepTimer>.Instance);
        for (var sweep = 0; sweep < 3; sweep++)
        {
            _time.Advance(ReleaseSweeper.Period);
            await asked.WaitAsync(Stop);
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task A_round_of_retention_that_is_given_up_by_a_store_is_followed_by_the_next()
    {
        await using var database = SlipwayDatabase.OpenInMemory();
        await using var engine = new EmbeddedEngine(database, new WorkflowRegistry(), _time);
        using var asked = new SemaphoreSlim(0);
        var snapshots = new SqliteReleaseSnapshots(database);
        var retention = new ReleaseRetention(
            new ReleaseJournal(new SqliteLedger(database), snapshots), snapshots, new ImpatientArchive(asked), new EmbeddedReleaseClient(engine), _time, TimeSpan.FromDays(30));
        await using var timer = new RetentionTimer(retention, _time, NullLogger<RetentionTimer>.Instance);
        for (var round = 0; round < 3; round++)
        {
            await asked.WaitAsync(Stop);
            _time.Advance(RetentionTimer.Period);
        }
    }

    private static TaskCanceledException GivenUp(SemaphoreSlim asked)
    {
        asked.Release();
        return new TaskCanceledException("the request took too long");
    }

    private sealed class ImpatientLedger(ILedger inner, SemaphoreSlim asked) : ILedger
    {
        public Task<LedgerCreation> CreateAsync(ReleaseId release, LedgerDraft first, CancellationToken cancellation) => inner.CreateAsync(release, first, cancellation);

        public Task<IReadOnlyList<LedgerEntry>> AppendAsync(ReleaseId release, IReadOnlyList<LedgerDraft> drafts, CancellationToken cancellation) => inner.AppendAsync(release, drafts, cancellation);

        public Task<IReadOnlyList<LedgerEntry>> ReadAsync(ReleaseId release, long after, CancellationToken cancellation) => inner.ReadAsync(release, after, cancellation);

        public Task<IReadOnlyList<ReleaseId>> ListAsync(CancellationToken cancellation) => Task.FromException<IReadOnlyList<ReleaseId>>(GivenUp(asked));
    }

    private sealed class ImpatientArchive(SemaphoreSlim asked) : IReleaseArchive
    {
        public Task<IReadOnlyDictionary<ReleaseId, ArchiveMark>> MarksAsync(CancellationToken cancellation) =>
            Task.FromException<IReadOnlyDictionary<ReleaseId, ArchiveMark>>(GivenUp(asked));

        public Task PutAsync(ReleaseId release, IReadOnlyList<ArchivedFile> files, ArchiveMark mark, CancellationToken cancellation) => Task.CompletedTask;

        public Task MarkAsync(ReleaseId release, ArchiveMark mark, CancellationToken cancellation) => Task.CompletedTask;
    }
}
