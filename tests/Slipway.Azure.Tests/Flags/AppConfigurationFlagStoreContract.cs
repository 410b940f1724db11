using Slipway.Azure.Clients;
using Slipway.Azure.Configuration;
using Slipway.Azure.Flags;
using Slipway.Azure.Tests.Configuration;
using Slipway.Azure.Tests.Loopback;
using Slipway.Core.Releases;
using Slipway.Embedded.Tests.Contracts;
using Slipway.Workflow.Ports;

namespace Slipway.Azure.Tests.Flags;

public sealed class AppConfigurationFlagStoreContract : FlagStoreContract, IAsyncDisposable
{
    private readonly FakeAppConfiguration _service = new();
    private readonly AppConfigurationFlagStore _store;

    public AppConfigurationFlagStoreContract()
    {
        var client = AzureClients.Configuration(Rerouted.Endpoint, new FakeCredential(), Rerouted.Quick, Rerouted.To(_service.Url));
        _store = new AppConfigurationFlagStore(client, TestClock.AtNine(), AppConfigurationLimits.Standard(TestClock.AtNine()));
    }

    protected override IFlagStore Store => _store;

    public async ValueTask DisposeAsync() => await _service.DisposeAsync();

    protected override async Task CreateOffAsync(FlagKey flag) =>
        Assert.True((await _store.CreateAsync(flag, "", TestContext.Current.CancellationToken)).Written);
}
