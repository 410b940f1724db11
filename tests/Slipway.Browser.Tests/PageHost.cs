using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Playwright;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Browser.Tests;

/// <summary>The real handlers over ports in memory, on a loopback port: for pages in states that a real release would take hours to reach.</summary>
internal sealed class PageHost : IAsyncDisposable
{
    private readonly string _token;
    private WebApplication _app;

    private PageHost(ApiWorld world, WebApplication app, string token) => (World, _app, _token) = (world, app, token);

    public ApiWorld World { get; }

    public string Url => _app.Urls.First();

    public static async Task<PageHost> StartAsync(string token = ApiWorld.OperatorToken)
    {
        // A page counts by the machine's clock, and so does its server.
        var world = new ApiWorld(time: TimeProvider.System);
        return new PageHost(world, await ListenAsync(world, 0), token);
    }

    /// <summary>Serves a world that is there already.</summary>
    public static async Task<PageHost> OverAsync(ApiWorld world, string token = ApiWorld.OperatorToken) => new(world, await ListenAsync(world, 0), token);

    /// <summary>Stops answering at once; open streams are cut.</summary>
    public Task StopAsync() => _app.StopAsync(new CancellationToken(canceled: true));

    /// <summary>Answers again, at the same address.</summary>
    public async Task StartAgainAsync()
    {
        var port = new Uri(Url).Port;
        await _app.DisposeAsync();
        _app = await ListenAsync(World, port);
    }

    /// <summary>Signs a browser in by a link.</summary>
    public async Task<IPage> SignInAsync(IPage page)
    {
        var link = (await World.SendAsync("POST", "/api/sign-in-links", token: _token)).Json.GetProperty("path").GetString()!;
        await page.GotoAsync(Url + link);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { NameRegex = new("^Sign in as ") }).ClickAsync();
        return page;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task<WebApplication> ListenAsync(ApiWorld world, int port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        var app = builder.Build();
        app.Run(world.HandleAsync);
        await app.StartAsync();
        return app;
    }
}
