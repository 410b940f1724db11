using Slipway.Core.Releases;
using Slipway.Embedded.Locks;
using Slipway.Embedded.Tests.Contracts;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Tests.Locks;

public abstract class SqliteLocksContract(TestDatabase database) : LocksContract, IAsyncDisposable
{
    protected override DateTimeOffset Now { get; } = TestClock.AtNine().GetUtcNow();

    protected override ILocks Locks { get; } = new SqliteLocks(database.Database, TestClock.AtNine());

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

public sealed class SqliteLocksInMemory() : SqliteLocksContract(TestDatabase.InMemory());

public sealed class SqliteLocksOnDisk() : SqliteLocksContract(TestDatabase.OnDisk());

public sealed class SqliteLocksTests
{
    [Fact]
    public async Task SqliteLocks_OverADatabaseOfVersion1_KeepsItsLocksWithoutATime()
    {
        await using var database = TestDatabase.InMemory();
        database.Database.EnsureSchema("locks", 1, """
            CREATE TABLE locks (resource TEXT PRIMARY KEY, release TEXT NOT NULL) WITHOUT ROWID;
            CREATE INDEX locks_by_release ON locks (release);
            INSERT INTO locks VALUES ('flag:a', 'old');
            """);

        var locks = new SqliteLocks(database.Database, TestClock.AtNine());

        Assert.Equal([new HeldLock("flag:a", ReleaseId.Parse("old"), null)], await locks.ListAsync(TestContext.Current.CancellationToken));
        Assert.Equal(ReleaseId.Parse("new"), await locks.TakeAsync("flag:b", ReleaseId.Parse("new"), TestContext.Current.CancellationToken));
    }
}
