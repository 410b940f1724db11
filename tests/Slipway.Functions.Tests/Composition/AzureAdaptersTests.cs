using Azure.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Azure.Tests.Configuration;
using Slipway.Azure.Tests.Loopback;
using Slipway.Azure.Tests.Storage;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Functions.Composition;
using Slipway.Functions.Tests.Engine;
using Slipway.Web.Api;
using Slipway.Workflow.Engine;

namespace Slipway.Functions.Tests.Composition;

/// <summary>What the application is on Azure, with its stores on loopback servers.</summary>
public sealed class AzureAdaptersTests : IAsyncDisposable
{
    private readonly FakeAppConfiguration _configuration = new();
    private readonly FakeBlobService _blobs = new();

    public async ValueTask DisposeAsync()
    {
        await _configuration.DisposeAsync();
        await _blobs.DisposeAsync();
    }

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
    public void A_setting_that_cannot_be_used_is_named_with_what_is_expected(string name, string? value, string says)
    {
        var error = Assert.Throws<AdapterSettingsException>(() => Open(name, value));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("AAECAw", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_policy_with_problems_keeps_the_application_from_starting()
    {
        _configuration.Put("slipway:policy", "", "operatorss: [dana@example.com]");
        Assert.Contains("operatorss", Assert.Throws<AdapterSettingsException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_server_policy_is_a_key_of_App_Configuration_and_the_default_one_without_it()
    {
        Assert.Empty(Open().Policy.Operators);
        _configuration.Put("slipway:policy", "", "operators: [dana@example.com]");
        var policy = Open().Policy;
        Assert.Equal(["dana@example.com"], policy.Operators);
        Assert.True(policy.PlatformSignsIn);
    }

    [Fact]
    public async Task The_api_knows_whom_the_platform_signed_in_and_refuses_everybody_else()
    {
        _configuration.Put("slipway:policy", "", "operators: [dana@example.com]");
        var app = App(Open());
        await using var host = await InProcessHost.StartAsync(new WorkflowRegistry());
        Assert.Equal(200, await AskAsync(app, host, "GET", "/health", null));
        Assert.Equal(401, await AskAsync(app, host, "GET", "/api/releases", null));
        Assert.Equal(200, await AskAsync(app, host, "GET", "/api/releases", "lee@example.com"));
        Assert.Equal(403, await AskAsync(app, host, "POST", "/flags/search-v2", "lee@example.com"));
        Assert.Equal(201, await AskAsync(app, host, "POST", "/flags/search-v2", "dana@example.com"));
        Assert.NotNull(_configuration.Find(".appconfig.featureflag/search-v2"));

        // Nobody's header counts where the platform looks at nobody.
        var off = App(Open("WEBSITE_AUTH_ENABLED", null));
        Assert.Equal(401, await AskAsync(off, host, "GET", "/api/releases", "dana@example.com"));
    }

    [Fact]
    public async Task Locks_and_ledgers_are_in_their_containers()
    {
        var adapters = Open();
        await adapters.Ports.Locks.TakeAsync("flag:search", ReleaseId.Parse("one"), TestContext.Current.CancellationToken);
        Assert.StartsWith("state/locks/", Assert.Single(_blobs.Names), StringComparison.Ordinal);
        Assert.Equal((TelemetrySource.LogAnalytics, "3f0c2a8e-0000-4000-8000-000000000000"), (adapters.Source, adapters.Workspace));
        Assert.Empty(await adapters.Ports.Ledger.ListAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0, await App(adapters).DrainMailAsync(TestContext.Current.CancellationToken));
    }

    private SlipwayAdapters Open(string? name = null, string? value = null)
    {
        var values = new Dictionary<string, string?>
        {
            ["SLIPWAY_BASE_URL"] = "https://slipway.example.com",
            ["SLIPWAY_APP_CONFIGURATION"] = "https://configuration.example.test",
            ["SLIPWAY_LEDGER"] = "https://ledger.example.test/ledgers",
            ["SLIPWAY_STATE"] = "https://ledger.example.test/state",
            ["SLIPWAY_DOCUMENTS"] = "https://ledger.example.test/documents",
            ["SLIPWAY_LOG_ANALYTICS_WORKSPACE"] = "3f0c2a8e-0000-4000-8000-000000000000",
            ["SLIPWAY_MAIL_ENDPOINT"] = "https://mail.example.test",
            ["SLIPWAY_MAIL_SENDER"] = "DoNotReply@mail.example.org",
            ["SLIPWAY_APPROVAL_KEYS"] = "local:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
            ["WEBSITE_AUTH_ENABLED"] = "True",
        };
        if (name is not null) values[name] = value;
        var settings = AzureSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        return AzureAdapters.Open(settings, TimeProvider.System, Adjust, new FakeCredential());
    }

    /// <summary>Each client to its own server: by the kind of its options.</summary>
    private void Adjust(ClientOptions options) =>
        Rerouted.To(options.GetType().Name.StartsWith("Blob", StringComparison.Ordinal) ? _blobs.Url : _configuration.Url)(options);

    private static SlipwayApp App(SlipwayAdapters adapters) => new(adapters, TimeProvider.System, NullLogger<ApiDispatcher>.Instance);

    private static async Task<int> AskAsync(SlipwayApp app, Microsoft.DurableTask.Testing.DurableTaskTestHost host, string method, string path, string? person)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = method;
        context.Request.Host = new HostString("slipway.example.com");
        context.Request.Path = path;
        context.Response.Body = new MemoryStream();
        if (person is not null)
        {
            context.Request.Headers.Authorization = "Bearer of-the-platform";
            context.Request.Headers["X-MS-CLIENT-PRINCIPAL"] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($$"""{"claims":[{"typ":"preferred_username","val":"{{person}}"}]}"""));
        }

        await app.Dispatcher(host.Client).HandleAsync(context);
        return context.Response.StatusCode;
    }
}
