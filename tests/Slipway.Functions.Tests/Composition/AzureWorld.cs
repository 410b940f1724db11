using System.Text;
using System.Text.Json;
using Azure.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Azure.Tests.Configuration;
using Slipway.Azure.Tests.Loopback;
using Slipway.Azure.Tests.Storage;
using Slipway.Functions.Composition;
using Slipway.Web.Api;

namespace Slipway.Functions.Tests.Composition;

/// <summary>The application over Azure's adapters, with its stores on loopback servers.</summary>
internal sealed class AzureWorld : IAsyncDisposable
{
    public const string PolicyKey = "slipway:policy";

    public FakeAppConfiguration Configuration { get; } = new();

    public FakeBlobService Blobs { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await Configuration.DisposeAsync();
        await Blobs.DisposeAsync();
    }

    /// <summary>A start of the application.</summary>
    public SlipwayAdapters Open(TimeProvider? time = null, params (string Name, string? Value)[] changes)
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
        foreach (var (name, value) in changes) values[name] = value;
        var settings = AzureSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        return AzureAdapters.Open(settings, time ?? TimeProvider.System, Adjust, new FakeCredential());
    }

    /// <summary>Sets the policy as an operator does.</summary>
    public void PutPolicy(string yaml) => Configuration.Put(PolicyKey, "", yaml);

    public static SlipwayApp App(SlipwayAdapters adapters) => new(adapters, TimeProvider.System, NullLogger<ApiDispatcher>.Instance);

    /// <summary>One request; <paramref name="person"/> is whom the platform has signed in.</summary>
    public static async Task<(int Status, JsonElement Json)> AskAsync(
        SlipwayApp app, DurableTaskTestHost host, string method, string path, string? person, string? body = null, Action<HttpContext>? adjust = null)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = method;
        context.Request.Host = new HostString("slipway.example.com");
        context.Request.Path = path;
        context.Response.Body = new MemoryStream();
        if (body is not null)
        {
            context.Request.ContentType = "application/json";
            context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        }

        if (person is not null)
        {
            context.Request.Headers.Authorization = "Bearer of-the-platform";
            context.Request.Headers["X-MS-CLIENT-PRINCIPAL"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"claims":[{"typ":"preferred_username","val":"{{person}}"}]}"""));
        }

        adjust?.Invoke(context);
        await app.Dispatcher(host.Client).HandleAsync(context);
        context.Response.Body.Position = 0;
        var json = context.Response.ContentType?.Contains("json", StringComparison.Ordinal) == true && context.Response.Body.Length > 0
            ? (await JsonDocument.ParseAsync(context.Response.Body)).RootElement.Clone()
            : default;
        return (context.Response.StatusCode, json);
    }

    /// <summary>Each client to its own server: by the kind of its options.</summary>
    private void Adjust(ClientOptions options) =>
        Rerouted.To(options.GetType().Name.StartsWith("Blob", StringComparison.Ordinal) ? Blobs.Url : Configuration.Url)(options);
}
