using System.Collections.Concurrent;

namespace Slipway.Web.Api;

/// <summary>
/// How often somebody may ask within a minute: a token bucket that refills steadily, so that a burst is fine and a runaway script is told to
/// slow down (429 with Retry-After). Kept in memory, for each caller; who asked nothing for a while is forgotten.
/// </summary>
/// <param name="perMinute">How many requests a minute; also the largest burst.</param>
/// <param name="time">The clock.</param>
public sealed class RequestBudget(int perMinute, TimeProvider time)
{
    private const int MostCallers = 10_000;
    private readonly ConcurrentDictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);

    /// <summary>Takes one request of a caller; null: it may go on; otherwise the seconds after which the next may.</summary>
    public int? Take(string caller)
    {
        var now = time.GetTimestamp();
        if (_buckets.Count > MostCallers) Forget(now);
        var bucket = _buckets.GetOrAdd(caller, _ => new Bucket { Left = perMinute, At = now });
        lock (bucket)
        {
            bucket.Left = Math.Min(perMinute, bucket.Left + (time.GetElapsedTime(bucket.At, now).TotalMinutes * perMinute));
            bucket.At = now;
            if (bucket.Left >= 1)
            {
                bucket.Left--;
                return null;
            }

            return Math.Max(1, (int)Math.Ceiling((1 - bucket.Left) * 60 / perMinute));
        }
    }

    // A bucket that has been still for a minute is full again, and so is as good as none.
    private void Forget(long now)
    {
        foreach (var (caller, bucket) in _buckets)
        {
            if (time.GetElapsedTime(bucket.At, now) > TimeSpan.FromMinutes(1)) _buckets.TryRemove(caller, out _);
        }
    }

    private sealed class Bucket
    {
        public double Left { get; set; }

        public long At { get; set; }
    }
}

/// <summary>The budgets of one host. They outlive a dispatcher: a host that makes one for each call keeps them beside it.</summary>
public sealed class RequestBudgets
{
    /// <summary>Makes full budgets.</summary>
    public RequestBudgets(ApiSettings settings, TimeProvider time) =>
        (Changes, Commands, AnonymousChanges) =
            (new RequestBudget(settings.ChangesPerMinute, time), new RequestBudget(settings.ChangesPerMinute, time), new RequestBudget(settings.AnonymousChangesPerMinute, time));

    /// <summary>Of callers whose name is known, for requests that change something.</summary>
    public RequestBudget Changes { get; }

    /// <summary>Of callers whose name is known, for what can take a release back: nothing else that they do uses it up.</summary>
    public RequestBudget Commands { get; }

    /// <summary>Of addresses without a known identity, to sign in and to decide by a link.</summary>
    public RequestBudget AnonymousChanges { get; }
}
