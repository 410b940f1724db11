using Microsoft.Extensions.Logging;
using Slipway.Workflow.Releases;

namespace Slipway.Cli.Hosting;

/// <summary>Sweeps once a minute for as long as the server runs; a sweep that fails is told, and the next one tries again.</summary>
internal sealed partial class SweepTimer : IAsyncDisposable
{
    private readonly ReleaseSweeper _sweeper;
    private readonly ILogger<SweepTimer> _log;
    private readonly PeriodicTimer _timer;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;

    public SweepTimer(ReleaseSweeper sweeper, TimeProvider time, ILogger<SweepTimer> log)
    {
        (_sweeper, _log) = (sweeper, log);
        _timer = new PeriodicTimer(ReleaseSweeper.Period, time);
        _run = RunAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _timer.Dispose();
        await _run;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (await _timer.WaitForNextTickAsync(_stop.Token))
            {
                try
                {
                    foreach (var release in await _sweeper.SweepAsync(_stop.Token)) LogRepaired(release.Value);
                }
                catch (Exception error) when (!_stop.IsCancellationRequested)
                {
                    LogFailed(error);
                }
            }
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    [LoggerMessage(EventId = 4005, Level = LogLevel.Warning, Message = "{Release}: a lost signal was repaired")]
    private partial void LogRepaired(string release);

    [LoggerMessage(EventId = 4006, Level = LogLevel.Error, Message = "A sweep for lost signals failed; the next one is in a minute")]
    private partial void LogFailed(Exception error);
}
