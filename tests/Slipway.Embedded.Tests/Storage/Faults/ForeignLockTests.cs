using Microsoft.Data.Sqlite;
using Slipway.Embedded.Storage;
using Slipway.Embedded.Tests.Contracts;

namespace Slipway.Embedded.Tests.Storage.Faults;

/// <summary>Another program (a backup, a person with a SQLite shell) holds the file's lock for a while.</summary>
public sealed class ForeignLockTests : IDisposable
{
    private readonly RecordedFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Append_FileLockedByAnotherProgram_WaitsAndIsStoredOnceTheLockIsGone()
    {
        await using var database = SlipwayDatabase.Open(_folder.Path);
        var ledger = await RecordedFolder.AppendAsync(database, 1, 3);
        Task waiting;
        using (var other = new SqliteConnection($"Data Source={_folder.DatabaseFile};Pooling=False"))
        {
            other.Open();
            using (var transaction = other.BeginTransaction(deferred: false))
            {
                waiting = ledger.AppendAsync(RecordedFolder.Release, [LedgerSamples.Note("note-4", 4)], TestContext.Current.CancellationToken);

                // Readers are not held up, and see nothing of what is not committed.
                Assert.Equal(4, (await ledger.ReadAsync(RecordedFolder.Release, 0, TestContext.Current.CancellationToken)).Count);
                Assert.False(waiting.IsCompleted);
                transaction.Rollback();
            }
        }

        await waiting;
        Assert.Equal(5, (await RecordedFolder.LedgerAsync(database)).Count);
    }
}
