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
