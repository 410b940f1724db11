using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Slipway.Cli.Client;
using Slipway.Cli.Demo.Storefront;
using Slipway.Core.Analysis;

namespace Slipway.Cli.Tests.Hosting;

/// <summary>
/// A service under release as Slipway sees it: telemetry every second as its flag says, and a health check that can be told to hang. It
/// outlives the server, and sends what a dead server did not take to the next one.
/// </summary>
internal sealed class FedService : IAsyncDisposable
{
    public const string Flag = "kill-flag";

    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stop = new();
    private readonly Queue<TelemetryBatch> _waiting = new();
    private readonly TaskCompletionSource _healthy = new();
    private readonly string _sender = Guid.NewGuid().ToString("n");
    private readonly double _errorRate;
    private readonly Task _feeding;
    private volatile SlipwayConnection? _server;
    private volatile bool _hangs;
    private long _lastSecond;
    private int _batches;

    private FedService(WebApplication app, double errorRate)
    {
        _app = app;
        _errorRate = errorRate;
        _lastSecond = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 10;
        _feeding = FeedAsync();
    }

    /// <summary>Whether a server has taken everything up to now.</summary>
    public bool Fed => _batches > 0 && _waiting.Count == 0;

    public string Health => $"{_app.Urls.First()}/health";

    public static async Task<FedService> StartAsync(double canaryErrorRate)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        FedService? service = null;
        app.Run(async context =>
        {
            if (service is { _hangs: true }) await service._healthy.Task.WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync("ok");
        });
        await app.StartAsync();
        return service = new FedService(app, canaryErrorRate);
    }

    public void Connect(ServerFile server) => _server = new SlipwayConnection(new Uri(server.Url), server.TelemetryToken);

    /// <summary>From now on health checks get no answer, until <see cref="Recover"/>.</summary>
    public void Hang() => _hangs = true;

    public void Recover()
    {
        _hangs = false;
        _healthy.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        Recover();
        await _stop.CancelAsync();
        await _feeding;
        await _app.DisposeAsync();
        _server?.Dispose();
        _stop.Dispose();
    }

    private async Task FeedAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token)) await FeedOnceAsync();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The test is over.
        }
    }

    private async Task FeedOnceAsync()
    {
        if (_server is not { } server) return;
        try
        {
            var exposed = IsOn((await server.FetchAsync(_stop.Token)).Single(flag => flag.Contains(Flag, StringComparison.Ordinal)));
            var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
            while (_lastSecond < now) _waiting.Enqueue(Second(_lastSecond++, exposed));
            while (_waiting.TryPeek(out var batch))
            {
                await server.SendAsync(batch, _stop.Token);
                _waiting.Dequeue();
            }
        }
        catch (HttpRequestException)
        {
            // The server was killed: what it did not take waits for the next one.
        }
    }

    private TelemetryBatch Second(long second, bool exposed)
    {
        var start = DateTimeOffset.FromUnixTimeSeconds(second);
        List<TelemetryRow> rows = [new(Flag, false, start, Sample(100, 0), [])];
        if (exposed) rows.Add(new(Flag, true, start, Sample(100, (long)(100 * _errorRate)), []));
        return new TelemetryBatch($"{_sender}/{++_batches}", Flag, rows);
    }

    private static ArmSample Sample(long requests, long errors) => new()
    {
        Requests = requests,
        Errors = errors,
        Latency = LatencyHistogram.Of(Enumerable.Repeat(8.0, (int)requests)),
    };

    private static bool IsOn(string flag)
    {
        using var json = JsonDocument.Parse(flag);
        return json.RootElement.GetProperty("enabled").GetBoolean();
    }
}
