namespace Slipway.Azure.Throttling;

/// <summary>
/// Counts requests over sliding windows, so that a service's limits are kept from this side. One instance for each limited resource and
/// process: what is to share a limit shares the instance. Safe for concurrent use.
/// </summary>
public sealed class RequestBudget
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly (RateLimit Limit, Queue<DateTimeOffset> Taken)[] _windows;

    /// <summary>A budget of several windows, each of which must have room.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="limits">The windows; none: everything has room. Throws <see cref="ArgumentOutOfRangeException"/> on one below its range.</param>
    public RequestBudget(TimeProvider time, params IReadOnlyList<RateLimit> limits)
    {
        foreach (var limit in limits)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(limit.Count, 1, nameof(limits));
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit.Window, TimeSpan.Zero, nameof(limits));
        }

        _time = time;
        _windows = [.. limits.Select(limit => (limit, new Queue<DateTimeOffset>()))];
    }

    /// <summary>Takes one request; null when there was room. Otherwise nothing is taken, and the result is the first moment with room again.</summary>
    public DateTimeOffset? TryTake()
    {
        lock (_gate)
        {
            var now = Forget();
            DateTimeOffset? free = null;
            foreach (var (limit, taken) in _windows)
            {
                // After requests that were counted without asking there may be more than the limit.
                if (taken.Count < limit.Count) continue;
                var at = taken.ElementAt(taken.Count - limit.Count) + limit.Window;
                if (free is null || at > free) free = at;
            }

            if (free is null) Add(now);
            return free;
        }
    }

    /// <summary>Counts a request that goes out whether there is room or not.</summary>
    public void Count()
    {
        lock (_gate) Add(Forget());
    }

    private void Add(DateTimeOffset now)
    {
        foreach (var (_, taken) in _windows) taken.Enqueue(now);
    }

    private DateTimeOffset Forget()
    {
        var now = _time.GetUtcNow();
        foreach (var (limit, taken) in _windows)
        {
            while (taken.TryPeek(out var oldest) && oldest + limit.Window <= now) taken.Dequeue();
        }

        return now;
    }
}
