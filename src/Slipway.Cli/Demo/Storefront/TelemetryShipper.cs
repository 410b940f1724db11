using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Slipway.Cli.Demo.Storefront;

/// <summary>Sends each interval's rows soon after it closed; what was not accepted is sent again with the next.</summary>
internal sealed partial class TelemetryShipper(TelemetryWindows windows, ITelemetrySink sink, TimeProvider time, ILogger<TelemetryShipper> logger)
    : BackgroundService
{
    /// <summary>How often closed intervals are looked for: a small part of an interval, so that rows are never late by much.</summary>
    public static TimeSpan Period { get; } = TimeSpan.FromMilliseconds(100);

    private const int MostKept = 600;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        List<TelemetryRow> waiting = [];
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                waiting.AddRange(windows.TakeClosed(time.GetUtcNow()));
                if (waiting.Count > 0 && await TrySendAsync(waiting, stoppingToken)) waiting.Clear();
                if (waiting.Count > MostKept) waiting.RemoveRange(0, waiting.Count - MostKept);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The storefront is closing.
        }
    }

    private async Task<bool> TrySendAsync(List<TelemetryRow> rows, CancellationToken cancellation)
    {
        try
        {
            await sink.SendAsync(rows, cancellation);
            return true;
        }
        catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            LogUnsent(rows.Count, problem.Message);
            return false;
        }
    }

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "{Rows} telemetry rows could not be sent and are kept: {Problem}")]
    private partial void LogUnsent(int rows, string problem);
}
