using Slipway.Embedded.Freezes;
using Slipway.Embedded.Tests.Contracts;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Tests.Freezes;

public abstract class SqliteFreezesContract(TestDatabase database) : FreezesContract, IAsyncDisposable
{
    protected override IFreezes Freezes { get; } = new SqliteFreezes(database.Database);

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

public sealed class SqliteFreezesInMemory() : SqliteFreezesContract(TestDatabase.InMemory());

public sealed class SqliteFreezesOnDisk() : SqliteFreezesContract(TestDatabase.OnDisk());
