using Microsoft.Extensions.Logging;
using Slipway.Workflow.Retention;

namespace Slipway.Cli.Hosting;

/// <summary>Keeps releases that are over, and purges their instances when their time has come: at the start of the server, and every hour after
/// it. A round that fails is told, and the next one tries again.</summary>
internal sealed partial class RetentionTimer : IAsyncDisposable
{
    /// <summary>How often.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromHours(1);

    private readonly ReleaseRetention _retention;
    private readonly ILogger<RetentionTimer> _log;
    private readonly PeriodicTimer _timer;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;

    public RetentionTimer(ReleaseRetention retention, TimeProvider time, ILogger<RetentionTimer> log)
    {
        (_retention, _log) = (retention, log);
        _timer = new PeriodicTimer(Period, time);
        _run = Task.Run(RunAsync);
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
            do
            {
                try
                {
                    var outcome = await _retention.RunAsync(_stop.Token);
                    foreach (var release in outcome.Kept) LogKept(release.Value);
                    foreach (var release in outcome.Purged) LogPurged(release.Value);
                    foreach (var problem in outcome.Problems) LogProblem(problem);
                }
                catch (Exception error) when (!_stop.IsCancellationRequested)
                {
                    LogFailed(error);
                }
            }
            while (await _timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    [LoggerMessage(EventId = 4011, Level = LogLevel.Information, Message = "{Release}: report, ledger and documents are kept")]
    private partial void LogKept(string release);

    [LoggerMessage(EventId = 4012, Level = LogLevel.Information, Message = "{Release}: its instances are purged")]
    private partial void LogPurged(string release);

    [LoggerMessage(EventId = 4013, Level = LogLevel.Error, Message = "not kept: {Problem}")]
    private partial void LogProblem(string problem);

    [LoggerMessage(EventId = 4014, Level = LogLevel.Error, Message = "Looking after releases that are over failed; the next round is in an hour")]
    private partial void LogFailed(Exception error);
}
