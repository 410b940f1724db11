using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Slipway.Cli.Demo.Storefront;

/// <summary>Keeps <see cref="FlagFeed"/> fresh. While the source does not answer, the last known flags stay.</summary>
internal sealed partial class FlagRefresher(FlagFeed feed, IFlagFetcher fetcher, TimeProvider time, ILogger<FlagRefresher> logger) : BackgroundService
{
    /// <summary>Pause between two reads.</summary>
    public static TimeSpan Period { get; } = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // The first flags are there before the first shopper is served.
        await RefreshAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await RefreshAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The storefront is closing.
        }
    }

    private async Task RefreshAsync(CancellationToken cancellation)
    {
        try
        {
            feed.Apply(await fetcher.FetchAsync(cancellation));
        }
        catch (Exception problem) when (problem is HttpRequestException or SocketException or JsonException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            LogStale(problem.Message);
        }
    }

    [LoggerMessage(EventId = 3001, Level = LogLevel.Warning, Message = "Flags could not be refreshed; the last known ones stay: {Problem}")]
    private partial void LogStale(string problem);
}
