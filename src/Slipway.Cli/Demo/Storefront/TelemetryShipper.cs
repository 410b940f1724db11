using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Slipway.Cli.Demo.Storefront;

/// <summary>Sends each interval's rows soon after it closed; a batch that was not accepted is sent again, as it is, before any other.</summary>
internal sealed partial class TelemetryShipper(TelemetryWindows windows, ITelemetrySink sink, TimeProvider time, ILogger<TelemetryShipper> logger)
    : BackgroundService
{
    /// <summary>How often closed intervals are looked for: a small part of an interval, so that rows are never late by much.</summary>
    public static TimeSpan Period { get; } = TimeSpan.FromMilliseconds(100);

    private const int MostKept = 600;

    private readonly string _sender = Guid.NewGuid().ToString("n");
    private readonly Queue<TelemetryBatch> _waiting = new();
    private long _batches;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                foreach (var rows in windows.TakeClosed(time.GetUtcNow()).GroupBy(row => row.Service, StringComparer.Ordinal))
                    _waiting.Enqueue(new TelemetryBatch($"{_sender}/{++_batches}", rows.Key, [.. rows]));
                while (_waiting.TryPeek(out var batch) && await TrySendAsync(batch, stoppingToken)) _waiting.Dequeue();
                while (_waiting.Count > MostKept) _waiting.Dequeue();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The storefront is closing.
        }
    }

    private async Task<bool> TrySendAsync(TelemetryBatch batch, CancellationToken cancellation)
    {
        try
        {
            await sink.SendAsync(batch, cancellation);
            return true;
        }
        catch (Exception problem) when (problem is HttpRequestException or SocketException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            LogUnsent(batch.Rows.Count, problem.Message);
            return false;
        }
    }

    [LoggerMessage(EventId = 3002, Level = LogLevel.Warning, Message = "{Rows} telemetry rows could not be sent and are kept: {Problem}")]
    private partial void LogUnsent(int rows, string problem);
}
