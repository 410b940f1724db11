using Slipway.Azure.Clients;
using Slipway.Azure.Configuration;
using Slipway.Azure.Tests.Loopback;
using Slipway.Embedded.Tests.Contracts;
using Slipway.Workflow.Ports;

namespace Slipway.Azure.Tests.Configuration;

public abstract class AppConfigurationStoreContract : ConfigurationStoreContract, IAsyncDisposable
{
    private readonly FakeAppConfiguration _service = new();

    protected AppConfigurationStoreContract(string label)
    {
        var client = AzureClients.Configuration(Rerouted.Endpoint, new FakeCredential(), Rerouted.Quick, Rerouted.To(_service.Url));
        Store = new AppConfigurationStore(client, TestClock.AtNine(), AppConfigurationLimits.Standard(TestClock.AtNine()), label);
    }

    protected override IConfigurationStore Store { get; }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

public sealed class AppConfigurationStoreWithoutLabel() : AppConfigurationStoreContract("");

public sealed class AppConfigurationStoreWithLabel() : AppConfigurationStoreContract("prod/westeurope");
