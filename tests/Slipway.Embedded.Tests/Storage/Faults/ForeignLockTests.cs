using Microsoft.Data.Sqlite;
using Slipway.Embedded.Storage;
using Slipway.Embedded.Tests.Contracts;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Tests.Storage.Faults;

/// <summary>Another program (a backup, a person with a SQLite shell) holds the file's lock for a while.</summary>
public sealed class ForeignLockTests : IDisposable
{
    // How long SQLite itself waits; a server waits 30 seconds.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

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

    [Fact]
    public async Task Append_FileLockedForLongerThanThePatience_IsRefusedWithTheReasonAndNothingIsStored()
    {
        await using var database = SlipwayDatabase.Open(_folder.Path, Patience);
        var ledger = await RecordedFolder.AppendAsync(database, 1, 3);
        using (var other = Other())
        {
            using var transaction = other.BeginTransaction(deferred: false);
            var refusal = await Assert.ThrowsAsync<PortUnavailableException>(
                () => ledger.AppendAsync(RecordedFolder.Release, [LedgerSamples.Note("note-4", 4)], TestContext.Current.CancellationToken));
            Assert.Contains("another program holds the file", refusal.Message, StringComparison.Ordinal);
            Assert.Contains("end that program", refusal.Message, StringComparison.Ordinal);
            Assert.Equal(4, (await ledger.ReadAsync(RecordedFolder.Release, 0, TestContext.Current.CancellationToken)).Count);
            transaction.Rollback();
        }

        // It is refused once, and not for ever: the same entry is stored afterwards.
        await ledger.AppendAsync(RecordedFolder.Release, [LedgerSamples.Note("note-4", 4)], TestContext.Current.CancellationToken);
        Assert.Equal(5, (await RecordedFolder.LedgerAsync(database)).Count);
    }

    [Fact]
    public async Task Open_FileHeldExclusivelyByAnotherProgram_SaysSoAndWhatToDo()
    {
        await _folder.FillAsync(3);
        using (var other = Other())
        {
            using var hold = other.CreateCommand();
            hold.CommandText = "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE";
            hold.ExecuteNonQuery();

            var refusal = Assert.Throws<StorageOpenException>(() => SlipwayDatabase.Open(_folder.Path, Patience));
            Assert.Equal(StorageOpenProblem.Locked, refusal.Kind);
            Assert.StartsWith($"{_folder.DatabaseFile} is held by another program, which is no slipway,", refusal.Message, StringComparison.Ordinal);
            Assert.Contains("End that program (a backup, a SQLite shell) and start again", refusal.Message, StringComparison.Ordinal);
        }

        await using var database = SlipwayDatabase.Open(_folder.Path);
        Assert.Equal(4, (await RecordedFolder.LedgerAsync(database)).Count);
    }

    private SqliteConnection Other()
    {
        var other = new SqliteConnection($"Data Source={_folder.DatabaseFile};Pooling=False");
        other.Open();
        return other;
    }
}
