using Slipway.Embedded.Configuration;
using Slipway.Embedded.Tests.Contracts;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Tests.Configuration;

public abstract class SqliteConfigurationStoreContract(TestDatabase database) : ConfigurationStoreContract, IAsyncDisposable
{
    protected override IConfigurationStore Store { get; } = new SqliteConfigurationStore(database.Database);

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

public sealed class SqliteConfigurationStoreInMemory() : SqliteConfigurationStoreContract(TestDatabase.InMemory());

public sealed class SqliteConfigurationStoreOnDisk() : SqliteConfigurationStoreContract(TestDatabase.OnDisk());
