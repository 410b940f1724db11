namespace Slipway.Azure.Throttling;

/// <summary>
/// Counts requests over sliding windows, so that a service's limits are kept from this side, and rests where the service asks for it. One instance for
/// each limited resource and process: what is to share a limit shares the instance. Safe for concurrent use.
/// </summary>
public sealed class RequestBudget
{
    /// <summary>No service keeps this side from asking for longer: shorter than lost sight is tolerated by default.</summary>
    public static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(5);

    /// <summary>The rest after a refusal that states none.</summary>
    public static readonly TimeSpan UsualRest = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly (RateLimit Limit, Queue<DateTimeOffset> Taken)[] _windows;
    private DateTimeOffset _restsUntil;

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

    /// <summary>Until when the service wants not to be asked; in the past: it may be.</summary>
    public DateTimeOffset RestsUntil
    {
        get
        {
            lock (_gate) return _restsUntil;
        }
    }

    /// <summary>
    /// The service refused a request because there are too many: until that moment <see cref="TryTake"/> finds no room, but for no longer than
    /// <see cref="LongestRest"/>. What is only counted goes out all the same. A rest that ends earlier than the one under way changes nothing.
    /// </summary>
    /// <param name="until">The moment that the service states; null: it states none, which means <see cref="UsualRest"/>.</param>
    public void Rest(DateTimeOffset? until)
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            var end = until ?? now + UsualRest;
            if (end > now + LongestRest) end = now + LongestRest;
            if (end > _restsUntil) _restsUntil = end;
        }
    }

    /// <summary>Takes one request; null when there was room. Otherwise nothing is taken, and the result is the first moment with room again.</summary>
    public DateTimeOffset? TryTake()
    {
        lock (_gate)
        {
            var now = Forget();
            DateTimeOffset? free = _restsUntil > now ? _restsUntil : null;
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
