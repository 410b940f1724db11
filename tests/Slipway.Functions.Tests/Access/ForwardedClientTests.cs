using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Slipway.Functions.Access;
using Slipway.Functions.Composition;
using Slipway.Functions.Tests.Composition;
using Slipway.Functions.Tests.Engine;
using Slipway.Workflow.Engine;

namespace Slipway.Functions.Tests.Access;

/// <summary>Behind the platform each client has a budget of its own, and none can take another's name.</summary>
public sealed class ForwardedClientTests
{
    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("203.0.113.7:51234", "203.0.113.7")]
    [InlineData("198.51.100.1, 203.0.113.7:51234", "203.0.113.7")]
    [InlineData("127.0.0.1, 127.0.0.1, 203.0.113.7", "203.0.113.7")]
    [InlineData("198.51.100.1, 127.0.0.1", "127.0.0.1")]
    [InlineData("[2001:db8:1:2:3:4:5:6]:443", "2001:db8:1:2::/64")]
    [InlineData("198.51.100.1, [2001:db8:1:2::1]:443", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64")]
    [InlineData("[::ffff:203.0.113.7]:443", "203.0.113.7")]
    [InlineData("203.0.113.7, unknown", "127.0.0.1")]
    [InlineData("", "127.0.0.1")]
    [InlineData(null, "127.0.0.1")]
    public async Task On_the_platform_the_client_is_the_last_entry(string? header, string expected) =>
        Assert.Equal(expected, await ClientAsync("https://slipway.example.com", header));

    [Fact]
    public async Task Nobody_but_the_host_is_believed() => Assert.Equal("10.0.0.9", await ClientAsync("https://slipway.example.com", "203.0.113.7", "10.0.0.9"));

    [Fact]
    public async Task On_a_workstation_the_header_is_the_clients_own_and_says_nothing() => Assert.Equal("127.0.0.1", await ClientAsync("http://localhost:7071", "203.0.113.7"));

    [Fact]
    public void Without_any_address_it_is_unknown() => Assert.Equal("unknown", ForwardedClient.Of(new DefaultHttpContext()));

    [Fact]
    public async Task One_clients_excess_is_nobody_elses_and_no_entry_of_its_own_gives_it_a_new_budget()
    {
        await using var world = new AzureWorld();
        var app = AzureWorld.App(world.Open());
        await using var host = await InProcessHost.StartAsync(new WorkflowRegistry());
        var options = Options("https://slipway.example.com");
        for (var sent = 0; sent < 60; sent++) Assert.NotEqual(429, await DecideAsync("203.0.113.7:4711"));
        Assert.Equal(429, await DecideAsync("203.0.113.7:4711"));
        Assert.Equal(429, await DecideAsync("192.0.2.55, 203.0.113.7:4712"));
        Assert.NotEqual(429, await DecideAsync("203.0.113.8:4711"));

        async Task<int> DecideAsync(string forwarded)
        {
            var context = new DefaultHttpContext();
            await ForwardAsync(context, options, forwarded, "127.0.0.1");
            var client = context.Connection.RemoteIpAddress;
            return (await AzureWorld.AskAsync(app, host, "POST", "/approvals/nothing", null, "{}", asked => asked.Connection.RemoteIpAddress = client)).Status;
        }
    }

    private static async Task<string> ClientAsync(string baseUrl, string? header, string connected = "127.0.0.1")
    {
        var context = new DefaultHttpContext();
        await ForwardAsync(context, Options(baseUrl), header, connected);
        return ForwardedClient.Of(context);
    }

    /// <summary>What the worker's pipeline does first.</summary>
    private static Task ForwardAsync(HttpContext context, IOptions<ForwardedHeadersOptions> options, string? header, string connected)
    {
        context.Connection.RemoteIpAddress = IPAddress.Parse(connected);
        if (header is not null) context.Request.Headers["X-Forwarded-For"] = header;
        return new ForwardedHeadersMiddleware(_ => Task.CompletedTask, NullLoggerFactory.Instance, options).Invoke(context);
    }

    /// <summary>As the application's own builder has them, after the worker's defaults.</summary>
    private static IOptions<ForwardedHeadersOptions> Options(string baseUrl)
    {
        var builder = FunctionsApplication.CreateBuilder([]);
        builder.ConfigureFunctionsWebApplication();
        // The builder has read the environment, and whoever runs the tests may do it on such a platform.
        foreach (var setting in Workstation.PlatformSettings) builder.Configuration[setting] = "";
        builder.Configuration["SLIPWAY_BASE_URL"] = baseUrl;
        builder.AddForwardedClient();
        return builder.Services.BuildServiceProvider().GetRequiredService<IOptions<ForwardedHeadersOptions>>();
    }
}
