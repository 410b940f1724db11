using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.FeatureManagement;

namespace Slipway.Cli.Demo.Storefront;

/// <summary>
/// A small shop on a free loopback port: <c>GET /search?q=word</c> takes the old or the new path as Microsoft.FeatureManagement decides
/// from Slipway's flags, <c>GET /health</c> answers 200.
/// </summary>
internal sealed class StorefrontServer : IAsyncDisposable
{
    /// <summary>The header that numbers a request, so that a run can be repeated.</summary>
    public const string NumberHeader = "request-number";

    private readonly WebApplication _app;

    private StorefrontServer(WebApplication app) => _app = app;

    /// <summary>Where it listens.</summary>
    public Uri Url => new(_app.Urls.First());

    /// <summary>Starts it on a free port.</summary>
    /// <param name="seed">Which requests fail and how long each takes follows from it.</param>
    /// <param name="fetcher">Where the flags come from.</param>
    /// <param name="sink">Where the telemetry goes.</param>
    /// <param name="cancellation">Gives up starting.</param>
    public static async Task<StorefrontServer> StartAsync(int seed, IFlagFetcher fetcher, ITelemetrySink sink, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "Slipway demo storefront" });
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();

        var feed = new FlagFeed();
        ((IConfigurationBuilder)builder.Configuration).Add(feed);
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddFeatureManagement(builder.Configuration).WithTargeting<ShopperTargeting>();
        builder.Services
            .AddSingleton(TimeProvider.System)
            .AddSingleton(feed)
            .AddSingleton(fetcher)
            .AddSingleton(sink)
            .AddSingleton(new TelemetryWindows(TimeSpan.FromSeconds(1)))
            .AddSingleton(new Catalogue())
            .AddHostedService<FlagRefresher>()
            .AddHostedService<TelemetryShipper>();

        var app = builder.Build();
        app.UseMiddleware<TelemetryMiddleware>();
        app.MapGet("/health", static context => context.Response.WriteAsync("ok"));
        app.MapGet("/search", context => SearchAsync(context, seed));
        try
        {
            await app.StartAsync(cancellation);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new StorefrontServer(app);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static async Task SearchAsync(HttpContext context, int seed)
    {
        var services = context.RequestServices;
        var features = services.GetRequiredService<IFeatureManagerSnapshot>();
        CodePath? path = null;
        List<KeyValuePair<string, bool>> sides = [];
        foreach (var feature in StorefrontFeature.All)
        {
            var on = await features.IsEnabledAsync(feature.Flag);
            sides.Add(new(feature.Flag, on));
            if (on) path ??= feature.New;
        }

        path ??= StorefrontFeature.Old;
        context.Features.Set(new Exposure(sides));
        _ = long.TryParse(context.Request.Headers[NumberHeader], NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        await Task.Delay(path.Takes(seed, number), context.RequestAborted);
        if (path.Fails(seed, number)) throw new StorefrontFailure(path);
        var products = path.Find(services.GetRequiredService<Catalogue>(), context.Request.Query["q"].ToString());
        await context.Response.WriteAsJsonAsync(new { path = path.Name, products }, context.RequestAborted);
    }
}
