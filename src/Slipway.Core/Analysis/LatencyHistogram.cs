using System.Text.Json.Serialization;

namespace Slipway.Core.Analysis;

/// <summary>
/// A mergeable latency histogram with log-spaced buckets, each 5 % wide: bucket <c>i</c> holds latencies in
/// (1.05^(i-1), 1.05^i] milliseconds; everything at or below 1 ms is bucket 0. Immutable; adding histograms adds counts.
/// </summary>
public sealed class LatencyHistogram : IEquatable<LatencyHistogram>
{
    private static readonly double LogBase = Math.Log(Growth);

    /// <summary>By how much a bucket's upper edge is above the one before.</summary>
    public const double Growth = 1.05;

    /// <summary>How far above an edge, in buckets, a latency still counts as on it: logarithms are rounded.</summary>
    public const double EdgeTolerance = 1e-9;

    /// <summary>The largest bucket: about 24 hours. Slower requests count there.</summary>
    public const int LastBucket = 375;

    // From the first bucket with a count to the last one, without a gap: adding and counting are what a judge does most.
    private readonly int _first;
    private readonly long[] _dense;

    /// <summary>Makes a histogram from counts by bucket; throws <see cref="ArgumentOutOfRangeException"/> on a bucket outside 0 to
    /// <see cref="LastBucket"/> or a negative count. Zero counts are dropped.</summary>
    [JsonConstructor]
    public LatencyHistogram(IReadOnlyDictionary<int, long>? counts)
    {
        var (first, last) = (int.MaxValue, -1);
        foreach (var (bucket, count) in counts ?? new Dictionary<int, long>())
        {
            ArgumentOutOfRangeException.ThrowIfNegative(count);
            ArgumentOutOfRangeException.ThrowIfNegative(bucket);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(bucket, LastBucket);
            if (count > 0) (first, last) = (Math.Min(first, bucket), Math.Max(last, bucket));
        }

        (_first, _dense) = last < 0 ? (0, []) : (first, new long[last - first + 1]);
        foreach (var (bucket, count) in counts ?? new Dictionary<int, long>())
        {
            if (count > 0) _dense[bucket - first] = count;
        }

        Total = _dense.Sum();
    }

    private LatencyHistogram(int first, long[] dense, long total) => (_first, _dense, Total) = (first, dense, total);

    /// <summary>No request at all.</summary>
    public static LatencyHistogram Empty { get; } = new(null);

    /// <summary>Counts by bucket, ascending, without zeros.</summary>
    public IReadOnlyDictionary<int, long> Counts
    {
        get
        {
            var counts = new OrderedDictionary<int, long>(_dense.Length);
            for (var i = 0; i < _dense.Length; i++)
            {
                if (_dense[i] > 0) counts.Add(_first + i, _dense[i]);
            }

            return counts;
        }
    }

    /// <summary>Number of requests.</summary>
    [JsonIgnore]
    public long Total { get; }

    /// <summary>The bucket of a latency in milliseconds; negative and NaN count as 0 ms.</summary>
    public static int BucketOf(double milliseconds) =>
        milliseconds > 1 ? Math.Min(LastBucket, (int)Math.Ceiling((Math.Log(milliseconds) / LogBase) - EdgeTolerance)) : 0;

    /// <summary>The inclusive upper edge of a bucket in milliseconds.</summary>
    public static double UpperEdge(int bucket) => Math.Pow(Growth, bucket);

    /// <summary>Builds a histogram from single latencies in milliseconds.</summary>
    public static LatencyHistogram Of(params IEnumerable<double> milliseconds)
    {
        var counts = new Dictionary<int, long>();
        foreach (var value in milliseconds)
        {
            var bucket = BucketOf(value);
            counts[bucket] = counts.GetValueOrDefault(bucket) + 1;
        }

        return new LatencyHistogram(counts);
    }

    /// <summary>Builds a histogram from the counts of neighbouring buckets; throws <see cref="ArgumentOutOfRangeException"/> on a bucket outside 0 to
    /// <see cref="LastBucket"/> or a negative count.</summary>
    /// <param name="first">The bucket of the first count.</param>
    /// <param name="counts">A count for each bucket from there on, 0 or more.</param>
    public static LatencyHistogram OfBuckets(int first, ReadOnlySpan<long> counts)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + counts.Length - 1, LastBucket, nameof(counts));
        var (from, to, total) = (0, counts.Length, 0L);
        foreach (var count in counts)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(count, nameof(counts));
            total += count;
        }

        if (total == 0) return Empty;
        while (counts[from] == 0) from++;
        while (counts[to - 1] == 0) to--;
        return new LatencyHistogram(first + from, counts[from..to].ToArray(), total);
    }

    /// <summary>Adds another histogram's counts.</summary>
    public LatencyHistogram Add(LatencyHistogram other)
    {
        if (other.Total == 0) return this;
        if (Total == 0) return other;
        var first = Math.Min(_first, other._first);
        var sum = new long[Math.Max(_first + _dense.Length, other._first + other._dense.Length) - first];
        for (var i = 0; i < _dense.Length; i++) sum[_first - first + i] = _dense[i];
        for (var i = 0; i < other._dense.Length; i++) sum[other._first - first + i] += other._dense[i];
        return new LatencyHistogram(first, sum, Total + other.Total);
    }

    /// <summary>The latencies of several rows.</summary>
    internal static LatencyHistogram Sum(IReadOnlyList<ArmSample> rows)
    {
        var (first, end, filled) = (int.MaxValue, 0, 0);
        LatencyHistogram? only = null;
        foreach (var row in rows)
        {
            if (row.Latency is not { Total: > 0 } latency) continue;
            (first, end, filled, only) = (Math.Min(first, latency._first), Math.Max(end, latency._first + latency._dense.Length), filled + 1, latency);
        }

        if (filled < 2) return only ?? rows[0].Latency;
        var sum = new long[end - first];
        var total = 0L;
        foreach (var row in rows)
        {
            if (row.Latency is not { Total: > 0 } latency) continue;
            var into = sum.AsSpan(latency._first - first, latency._dense.Length);
            for (var i = 0; i < into.Length; i++) into[i] += latency._dense[i];
            total += latency.Total;
        }

        return new LatencyHistogram(first, sum, total);
    }

    /// <summary>
    /// The latency in milliseconds that <paramref name="share"/> (0 to 1) of the requests do not exceed: the upper edge of the bucket in
    /// which that request falls, so at most 5 % too high. 0 when the histogram is empty.
    /// </summary>
    public double Percentile(double share) => Total == 0 ? 0 : UpperEdge(PercentileBucket(share));

    /// <summary>The bucket in which the request at <paramref name="share"/> (0 to 1) falls; 0 when the histogram is empty.</summary>
    public int PercentileBucket(double share)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(Math.Clamp(share, 0, 1) * Total));
        long seen = 0;
        for (var i = 0; i < _dense.Length; i++)
        {
            seen += _dense[i];
            if (seen >= rank) return _first + i;
        }

        return 0;
    }

    /// <summary>Requests slower than <paramref name="milliseconds"/>, counted by whole buckets whose lower edge is at or above it.</summary>
    public long SlowerThan(double milliseconds) => Above(BucketOf(milliseconds));

    /// <summary>Requests in buckets above one.</summary>
    public long Above(int bucket)
    {
        long above = 0;
        for (var i = Math.Max(0, bucket + 1 - _first); i < _dense.Length; i++) above += _dense[i];
        return above;
    }

    /// <inheritdoc/>
    public bool Equals(LatencyHistogram? other) => other is not null && _first == other._first && _dense.AsSpan().SequenceEqual(other._dense);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LatencyHistogram);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_first, _dense.Length, Total);
}
