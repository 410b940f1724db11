using System.Text;
using Slipway.Azure.Clients;
using Slipway.Azure.Configuration;
using Slipway.Azure.Tests.Loopback;
using Slipway.Embedded.Tests.Contracts;
using Slipway.Workflow.Ports;

namespace Slipway.Azure.Tests.Configuration;

public sealed class EmulatorTests
{
    private static readonly byte[] Secret = Encoding.UTF8.GetBytes("secret of an emulator");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ConfigurationEmulator_SignsEveryRequest()
    {
        await using var service = new FakeAppConfiguration(new HmacCheck("emulator", Secret));
        var store = Store(service, Secret);
        Assert.True(await store.WriteAsync("search:mode", "stream é", null, Cancellation));
        var read = await store.ReadAsync("search:mode", Cancellation);
        Assert.Equal("stream é", read.Value);
        Assert.True(await store.WriteAsync("search:mode", null, read.ETag, Cancellation));
        Assert.Empty(service.Faults);
    }

    [Fact]
    public async Task ConfigurationEmulator_WithAnotherSecret_IsNotLetIn()
    {
        await using var service = new FakeAppConfiguration(new HmacCheck("emulator", Secret));
        var error = await Assert.ThrowsAsync<PortUnavailableException>(() => Store(service, [1, 2, 3]).ReadAsync("search:mode", Cancellation));
        Assert.Contains("(401)", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Endpoint=https://contoso.azconfig.io;Id=x;Secret=AQID")]
    [InlineData("Endpoint=http://localhost.contoso.com;Id=x;Secret=AQID")]
    [InlineData("Endpoint=nowhere;Id=x;Secret=AQID")]
    [InlineData("Id=x;Secret=AQID")]
    [InlineData("")]
    public void ConfigurationEmulator_OfAnotherMachine_IsRefused(string connectionString)
    {
        var error = Assert.Throws<ArgumentException>(() => AzureClients.ConfigurationEmulator(connectionString));
        Assert.DoesNotContain("AQID", error.Message, StringComparison.Ordinal);
    }

    private static AppConfigurationStore Store(FakeAppConfiguration service, byte[] secret)
    {
        var client = AzureClients.ConfigurationEmulator($"Endpoint={service.Url.GetLeftPart(UriPartial.Authority)};Id=emulator;Secret={Convert.ToBase64String(secret)}", Rerouted.Quick);
        return new AppConfigurationStore(client, TestClock.AtNine(), AppConfigurationLimits.Standard(TestClock.AtNine()));
    }
}
