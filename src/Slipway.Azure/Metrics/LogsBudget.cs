using Slipway.Azure.Throttling;

namespace Slipway.Azure.Metrics;

/// <summary>
/// The questions of one process to Log Analytics: 200 in 30 seconds and 5 at a time, as the service allows one identity. What would be the
/// sixth waits for its turn; what would be beyond the 200 is refused. One instance for each process.
/// </summary>
public sealed class LogsBudget : IDisposable
{
    private const int AtATime = 5;

    private readonly SemaphoreSlim _places = new(AtATime);

    /// <summary>The service's limits.</summary>
    /// <param name="time">The clock.</param>
    public LogsBudget(TimeProvider time) => Requests = new RequestBudget(time, new RateLimit(200, TimeSpan.FromSeconds(30)));

    internal RequestBudget Requests { get; }

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();

    internal async Task<T> RunAsync<T>(Func<Task<T>> ask, CancellationToken cancellation)
    {
        await _places.WaitAsync(cancellation);
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
