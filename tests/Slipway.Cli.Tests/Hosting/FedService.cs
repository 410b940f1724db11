using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Slipway.Cli.Client;
using Slipway.Cli.Demo.Storefront;
using Slipway.Core.Analysis;

namespace Slipway.Cli.Tests.Hosting;

/// <summary>
/// A service under release as Slipway sees it: telemetry every second as its flags say, each of them judged for itself, and a health
/// check that can be told to hang. Its pipeline honours the idempotency key of its hook. It outlives the server, and sends what a dead
/// server did not take to the next one.
/// </summary>
internal sealed class FedService : IAsyncDisposable
{
    public const string Flag = "kill-flag";

    /// <summary>Of each arm, every second.</summary>
    private const int Requests = 100;

    private static readonly LatencyHistogram Fast = LatencyHistogram.Of(Enumerable.Repeat(8.0, Requests));

    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stop = new();
    private readonly Queue<TelemetryBatch> _waiting = new();
    private readonly TaskCompletionSource _healthy = new();
    private readonly string _sender = Guid.NewGuid().ToString("n");
    private readonly ConcurrentDictionary<string, Feature> _features = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _hookCalls = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _broken = new(StringComparer.Ordinal);
    private readonly Task _feeding;
    private volatile SlipwayConnection? _server;
    private volatile bool _hangs;
    private int _batches;

    private FedService(WebApplication app)
    {
        _app = app;
        _feeding = FeedAsync();
    }

    /// <summary>Whether a server has taken everything of <see cref="Flag"/> up to now.</summary>
    public bool Fed => HasFed(Flag);

    public string Health => HealthOf("");

    /// <summary>A health check that fails once <see cref="Flag"/>'s code is broken, until its hook brought the old code back.</summary>
    public string HealthOf(string flag) => $"{_app.Urls.First()}/health/{flag}";

    /// <summary>The pipeline's way back of a flag's code.</summary>
    public string HookOf(string flag) => $"{_app.Urls.First()}/hook/{flag}";

    /// <summary>The idempotency keys of a flag's hook calls, in order; a key that comes again took effect the first time alone.</summary>
    public IReadOnlyList<string> HookKeys(string flag) => _hookCalls.TryGetValue(flag, out var calls) ? [.. calls] : [];

    /// <summary>From now on a flag's code is broken, whether the flag is on or off.</summary>
    public void Break(string flag) => _broken[flag] = true;

    /// <summary>A service with the one flag <see cref="Flag"/>.</summary>
    public static async Task<FedService> StartAsync(double canaryErrorRate)
    {
        var service = await StartAsync();
        service.Serve(Flag, canaryErrorRate);
        return service;
    }

    /// <summary>A service with no flag yet.</summary>
    public static async Task<FedService> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        FedService? service = null;
        app.Run(async context =>
        {
            if (service is { _hangs: true }) await service._healthy.Task.WaitAsync(context.RequestAborted);
            await service!.AnswerAsync(context);
        });
        await app.StartAsync();
        return service = new FedService(app);
    }

    public void Connect(ServerFile server) => _server = new SlipwayConnection(new Uri(server.Url), server.TelemetryToken);

    /// <summary>From now on, a flag has traffic whose new path fails at a rate.</summary>
    public void Serve(string flag, double canaryErrorRate) =>
        _features.TryAdd(flag, new Feature(canaryErrorRate) { NextSecond = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 10 });

    /// <summary>From now on, a flag has no traffic.</summary>
    public void Retire(string flag) => _features.TryRemove(flag, out _);

    /// <summary>Whether a server has taken telemetry of a flag.</summary>
    public bool HasFed(string flag) => _features.TryGetValue(flag, out var feature) && feature.Fed;

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

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments("/hook", out var hooked))
        {
            var calls = _hookCalls.GetOrAdd(hooked.Value!.TrimStart('/'), _ => new ConcurrentQueue<string>());
            var key = context.Request.Headers["Idempotency-Key"].ToString();
            calls.Enqueue(key);

            // Tests heal nothing; the version before does.
            if (key.EndsWith(":rollback", StringComparison.Ordinal)) _broken.TryRemove(hooked.Value.TrimStart('/'), out _);
        }
        else if (context.Request.Path.StartsWithSegments("/health", out var asked) && _broken.ContainsKey(asked.Value!.TrimStart('/')))
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }

        await context.Response.WriteAsync("ok");
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
            foreach (var flag in await server.FetchAsync(_stop.Token))
            {
                var (name, exposed) = Read(flag);
                if (_features.TryGetValue(name, out var feature)) Enqueue(name, feature, exposed);
            }

            while (_waiting.TryPeek(out var batch))
            {
                await server.SendAsync(batch, _stop.Token);
                _waiting.Dequeue();
                if (_features.TryGetValue(batch.Service, out var feature)) feature.Fed = true;
            }
        }
        catch (Exception error) when (error is HttpRequestException or SocketException or IOException or TaskCanceledException && !_stop.IsCancellationRequested)
        {
            // The server was killed: what it did not take waits for the next one.
        }
    }

    private void Enqueue(string flag, Feature feature, bool exposed)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        if (feature.NextSecond >= now) return;
        var rows = new List<TelemetryRow>();
        for (; feature.NextSecond < now; feature.NextSecond++)
        {
            var start = DateTimeOffset.FromUnixTimeSeconds(feature.NextSecond);
            rows.Add(new(flag, false, start, Sample(0), []));
            if (exposed) rows.Add(new(flag, true, start, Sample((long)(Requests * feature.ErrorRate)), []));
        }

        _waiting.Enqueue(new TelemetryBatch($"{_sender}/{++_batches}", flag, rows));
    }

    private static ArmSample Sample(long errors) => new() { Requests = Requests, Errors = errors, Latency = Fast };

    private static (string Name, bool On) Read(string flag)
    {
        using var json = JsonDocument.Parse(flag);
        return (json.RootElement.GetProperty("id").GetString()!, json.RootElement.GetProperty("enabled").GetBoolean());
    }

    private sealed class Feature(double errorRate)
    {
        public double ErrorRate { get; } = errorRate;

        public long NextSecond { get; set; }

        public volatile bool Fed;
    }
}
