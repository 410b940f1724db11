using System.Collections.Concurrent;
using Slipway.Azure.Throttling;
using Slipway.Workflow.Ports;

namespace Slipway.Azure.Metrics;

/// <summary>
/// The questions of one process to Log Analytics: 200 in 30 seconds and 5 at a time, as the service allows one identity. What would be the
/// sixth waits a moment for its turn; what gets none, or would be beyond the 200, is refused, so that no poll that was given up keeps a place. One instance for each process.
/// </summary>
public sealed class LogsBudget : IDisposable
{
    private const int AtATime = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly SemaphoreSlim _places = new(AtATime);
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, RequestBudget> _workspaces = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The service's limits.</summary>
    /// <param name="time">The clock.</param>
    public LogsBudget(TimeProvider time) => (_time, Requests) = (time, new RequestBudget(time, new RateLimit(200, TimeSpan.FromSeconds(30))));

    internal RequestBudget Requests { get; }

    /// <summary>What rests while one workspace is away: it must take sight from nobody who is watched in another.</summary>
    internal RequestBudget Of(string workspace) => _workspaces.GetOrAdd(workspace, _ => new RequestBudget(_time));

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();

    internal async Task<T> RunAsync<T>(Func<Task<T>> ask, CancellationToken cancellation)
    {
        if (!await _places.TryEnterAsync(Patience, _time, cancellation))
            throw new PortUnavailableException(LogsClient.Service.Name, $"{AtATime} questions are under way, and none was answered in {Patience.TotalSeconds:0} s");
        try
        {
            return await ask();
        }
        finally
        {
            _places.Release();
        }
    }
}
