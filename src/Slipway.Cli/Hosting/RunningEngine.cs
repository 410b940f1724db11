using Microsoft.Extensions.Logging;
using Slipway.Embedded.Engine;

namespace Slipway.Cli.Hosting;

/// <summary>The engine's run beside the server: started once, stopped in order, and loud when it ends by itself.</summary>
internal sealed partial class RunningEngine(EmbeddedEngine engine, ILogger<RunningEngine> log) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _run = Task.CompletedTask;

    /// <summary>Fails with the cause when the engine met a defect; otherwise never completes.</summary>
    public Task Failure => _failure.Task;

    /// <summary>Lets the engine run, beginning with what an earlier one left.</summary>
    public void Start() => _run = Task.Run(RunAsync);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            await engine.RunAsync(_stop.Token);
        }
        catch (Exception defect)
        {
            LogDefect(defect);
            _failure.SetException(defect);
            // Somebody may never ask; the log has it.
            _ = _failure.Task.Exception;
        }
    }

    [LoggerMessage(EventId = 4003, Level = LogLevel.Critical, Message = "The engine met a defect and stands still; no release goes on until the server is started again")]
    private partial void LogDefect(Exception defect);
}
