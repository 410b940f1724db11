using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Functions.Composition;
using Slipway.Functions.Tests.Engine;
using Slipway.Workflow.Engine;

namespace Slipway.Functions.Tests.Composition;

/// <summary>What the application is on Azure, with its stores on loopback servers.</summary>
public sealed class AzureAdaptersTests : IAsyncDisposable
{
    private readonly AzureWorld _world = new();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData("SLIPWAY_BASE_URL", null, "SLIPWAY_BASE_URL is not set.")]
    [InlineData("SLIPWAY_BASE_URL", "http://slipway.example.com", "over https, or http on this machine.")]
    [InlineData("SLIPWAY_LEDGER", "ledgers", "SLIPWAY_LEDGER is 'ledgers'. Expected: the URL of the container with the ledgers")]
    [InlineData("SLIPWAY_MAIL_PER_HOUR", "many", "SLIPWAY_MAIL_PER_HOUR is 'many'. Expected: a whole number from 1 to 1000000.")]
    [InlineData("SLIPWAY_LOG_ANALYTICS_WORKSPACE", "logs", "the id of a workspace, a GUID and not its name")]
    [InlineData("SLIPWAY_APPROVAL_KEYS", "@Microsoft.KeyVault(SecretUri=https://vault/secrets/approval-keys)", "a reference that the platform could not follow")]
    [InlineData("SLIPWAY_APPROVAL_KEYS", "one:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8,two", "something else than a key at position 2")]
    [InlineData("SLIPWAY_APPROVAL_KEYS", "one:AAECAw", "something else than a key at position 1")]
    [InlineData("SLIPWAY_APP_CONFIGURATION", "Endpoint=https://contoso.azconfig.io;Id=a;Secret=c2VjcmV0", "neither an https endpoint nor the connection string of an emulator on this machine")]
    [InlineData("SLIPWAY_APP_CONFIGURATION", "Endpoint=http://127.0.0.1:8483;Id=a;Secret=c2VjcmV0!", "SLIPWAY_APP_CONFIGURATION is a connection string that cannot be read")]
    [InlineData("SLIPWAY_APP_CONFIGURATION", "Endpoint=http://127.0.0.1:8483;Id=a;c2VjcmV0", "SLIPWAY_APP_CONFIGURATION is a connection string that cannot be read")]
    [InlineData("SLIPWAY_APP_CONFIGURATION", "Endpoint=http://127.0.0.1:8483;Secret=c2VjcmV0", "SLIPWAY_APP_CONFIGURATION is a connection string that cannot be read")]
    [InlineData("SLIPWAY_MAIL_SENDER", "nobody", "SLIPWAY_MAIL_SENDER: 'nobody' is not a mail address")]
    public void A_setting_that_cannot_be_used_is_named_with_what_is_expected(string name, string? value, string says)
    {
        var error = Assert.Throws<AdapterSettingsException>(() => _world.Open(changes: (name, value)));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("AAECAw", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_server_policy_is_a_key_of_App_Configuration_and_the_default_one_without_it()
    {
        Assert.Empty(_world.Open().Policy().Operators);
        _world.PutPolicy("operators: [dana@example.com]");
        var policy = _world.Open().Policy();
        Assert.Equal(["dana@example.com"], policy.Operators);
        Assert.True(policy.PlatformSignsIn);
    }

    [Fact]
    public async Task The_api_knows_whom_the_platform_signed_in_and_refuses_everybody_else()
    {
        _world.PutPolicy("operators: [dana@example.com]");
        var app = AzureWorld.App(_world.Open());
        await using var host = await InProcessHost.StartAsync(new WorkflowRegistry());
        Assert.Equal(200, (await AzureWorld.AskAsync(app, host, "GET", "/health", null)).Status);
        Assert.Equal(401, (await AzureWorld.AskAsync(app, host, "GET", "/api/releases", null)).Status);
        Assert.Equal(200, (await AzureWorld.AskAsync(app, host, "GET", "/api/releases", "lee@example.com")).Status);
        Assert.Equal(403, (await AzureWorld.AskAsync(app, host, "POST", "/flags/search-v2", "lee@example.com")).Status);
        Assert.Equal(201, (await AzureWorld.AskAsync(app, host, "POST", "/flags/search-v2", "dana@example.com")).Status);
        Assert.NotNull(_world.Configuration.Find(".appconfig.featureflag/search-v2"));

        // Nobody's header counts where the platform looks at nobody.
        var off = AzureWorld.App(_world.Open(changes: ("WEBSITE_AUTH_ENABLED", null)));
        Assert.Equal(401, (await AzureWorld.AskAsync(off, host, "GET", "/api/releases", "dana@example.com")).Status);
    }

    [Fact]
    public async Task Locks_and_ledgers_are_in_their_containers()
    {
        var adapters = _world.Open();
        await adapters.Ports.Locks.TakeAsync("flag:search", ReleaseId.Parse("one"), TestContext.Current.CancellationToken);
        Assert.StartsWith("state/locks/", Assert.Single(_world.Blobs.Names), StringComparison.Ordinal);
        Assert.Equal((TelemetrySource.LogAnalytics, "3f0c2a8e-0000-4000-8000-000000000000"), (adapters.Source, adapters.Workspace));
        Assert.Empty(await adapters.Ports.Ledger.ListAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0, await AzureWorld.App(adapters).DrainMailAsync(TestContext.Current.CancellationToken));
    }
}
