using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Functions.Composition;
using Slipway.Functions.Tests.Engine;
using Slipway.Web.Api;
using Slipway.Workflow.Engine;

namespace Slipway.Functions.Tests.Composition;

/// <summary>What the application is composed from, and what it says when it cannot be.</summary>
public sealed class AdapterSettingsTests
{
    [Theory]
    [InlineData(null, "/data", "http://localhost:7071", "SLIPWAY_ADAPTERS is not set. Expected: azure or data-folder.")]
    [InlineData("aws", "/data", "http://localhost:7071", "SLIPWAY_ADAPTERS is 'aws'. Expected: azure or data-folder.")]
    [InlineData("azure", null, null, "SLIPWAY_BASE_URL is not set. Expected: where people reach the app, for example https://contoso.azurewebsites.net.")]
    [InlineData("data-folder", null, "http://localhost:7071", "SLIPWAY_DATA is not set. Expected: an absolute path, the folder is made when it is missing.")]
    [InlineData("data-folder", "data", "http://localhost:7071", "SLIPWAY_DATA is 'data'. Expected: an absolute path, because the host chooses the working folder.")]
    [InlineData("data-folder", "/data", null, "SLIPWAY_BASE_URL is not set. Expected: the address of the Functions host on this machine, for example http://localhost:7071.")]
    [InlineData("data-folder", "/data", "https://slipway.example.com", "SLIPWAY_BASE_URL is 'https://slipway.example.com'. Expected with SLIPWAY_ADAPTERS=data-folder: the address of the Functions host on this machine, for example http://localhost:7071.")]
    public void Open_UnusableSettings_SaysWhatIsExpected(string? adapters, string? folder, string? url, string expected) =>
        Assert.Equal(expected, Assert.Throws<AdapterSettingsException>(() => AdapterSettings.Open(Settings(adapters, folder, url), TimeProvider.System)).Message);

    [Fact]
    public async Task A_data_folder_serves_the_api_with_the_tokens_that_the_command_line_reads()
    {
        var folder = Directory.CreateTempSubdirectory("slipway-functions-").FullName;
        var app = new SlipwayApp(AdapterSettings.Open(Settings("data-folder", folder, "http://localhost:7071/"), TimeProvider.System), TimeProvider.System, NullLogger<ApiDispatcher>.Instance);
        await using var host = await InProcessHost.StartAsync(new WorkflowRegistry());
        Assert.Equal(200, (await AskAsync(app, host, "/health", null)).StatusCode);
        Assert.Equal(401, (await AskAsync(app, host, "/api/releases", null)).StatusCode);
        var file = Cli.Client.ServerFile.Read(folder)!;
        Assert.Equal("http://localhost:7071", file.Url);
        Assert.Equal(200, (await AskAsync(app, host, "/api/releases", file.OperatorToken)).StatusCode);
        Assert.Equal(403, (await AskAsync(app, host, "/api/releases", file.TelemetryToken)).StatusCode);
    }

    private static async Task<HttpResponse> AskAsync(SlipwayApp app, DurableTaskTestHost host, string path, string? token)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = "GET";
        context.Request.Host = new HostString("localhost", 7071);
        context.Request.Path = path;
        if (token is not null) context.Request.Headers.Authorization = $"Bearer {token}";
        await app.Dispatcher(host.Client).HandleAsync(context);
        return context.Response;
    }

    private static IConfiguration Settings(string? adapters, string? folder, string? url) => new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
    {
        [AdapterSettings.Adapters] = adapters,
        [AdapterSettings.DataFolder] = folder,
        [AdapterSettings.BaseUrl] = url,
    }).Build();
}
