using Slipway.Core.Analysis;

namespace Slipway.Cli.Demo.Storefront;

/// <summary>Counts finished requests by flag, arm and interval. Safe for many threads.</summary>
internal sealed class TelemetryWindows(TimeSpan interval)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(long Start, string Service, bool Canary), Counts> _open = [];

    /// <summary>Counts one request that finished at <paramref name="at"/>.</summary>
    /// <param name="service">The flag.</param>
    /// <param name="canary">Whether the user got the new path.</param>
    /// <param name="at">When it finished.</param>
    /// <param name="shopper">Who asked; empty when unknown.</param>
    /// <param name="elapsed">How long it took.</param>
    /// <param name="errorType">What failed; null when nothing did.</param>
    public void Count(string service, bool canary, DateTimeOffset at, string shopper, TimeSpan elapsed, string? errorType)
    {
        var start = at.UtcTicks / interval.Ticks;
        var bucket = LatencyHistogram.BucketOf(elapsed.TotalMilliseconds);
        lock (_gate)
        {
            if (!_open.TryGetValue((start, service, canary), out var counts))
                _open.Add((start, service, canary), counts = new Counts());
            counts.All.Add(bucket, errorType is not null);
            if (errorType is not null) counts.ErrorTypes.Add(errorType);
            if (shopper.Length == 0) return;
            if (!counts.Shoppers.TryGetValue(shopper, out var own)) counts.Shoppers.Add(shopper, own = new Tally());
            own.Add(bucket, errorType is not null);
        }
    }

    /// <summary>Takes out every interval that ended at or before <paramref name="now"/>, oldest first.</summary>
    public IReadOnlyList<TelemetryRow> TakeClosed(DateTimeOffset now) => Take(now.UtcTicks / interval.Ticks);

    /// <summary>Takes out everything, closed or not: for the end.</summary>
    public IReadOnlyList<TelemetryRow> TakeAll() => Take(long.MaxValue);

    private TelemetryRow[] Take(long before)
    {
        lock (_gate)
        {
            var closed = _open.Where(entry => entry.Key.Start < before).OrderBy(entry => entry.Key).ToArray();
            foreach (var (key, _) in closed) _open.Remove(key);
            return
            [
                .. closed.Select(entry => new TelemetryRow(
                    entry.Key.Service,
                    entry.Key.Canary,
                    new DateTimeOffset(entry.Key.Start * interval.Ticks, TimeSpan.Zero),
                    entry.Value.ToSample(),
                    entry.Value.ByShopper())),
            ];
        }
    }

    private sealed class Counts
    {
        public Tally All { get; } = new();

        public Dictionary<string, Tally> Shoppers { get; } = new(StringComparer.Ordinal);

        public SortedSet<string> ErrorTypes { get; } = new(StringComparer.Ordinal);

        public ArmSample ToSample() => new()
        {
            Requests = All.Requests,
            Errors = All.Errors,
            Latency = All.ToHistogram(),
            Users = Shoppers.Count,
            ErrorTypes = [.. ErrorTypes],
        };

        public IReadOnlyList<ShopperCounts> ByShopper() =>
        [
            .. Shoppers.OrderBy(entry => entry.Key, StringComparer.Ordinal)
                .Select(entry => new ShopperCounts(entry.Key, entry.Value.Requests, entry.Value.Errors, entry.Value.ToHistogram())),
        ];
    }

    private sealed class Tally
    {
        private readonly Dictionary<int, long> _buckets = [];

        public long Requests { get; private set; }

        public long Errors { get; private set; }

        public void Add(int bucket, bool failed)
        {
            Requests++;
            if (failed) Errors++;
            _buckets[bucket] = _buckets.GetValueOrDefault(bucket) + 1;
        }

        public LatencyHistogram ToHistogram() => new(_buckets);
    }
}
