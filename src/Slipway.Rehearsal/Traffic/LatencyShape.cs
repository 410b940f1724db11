using Slipway.Core.Analysis;
using Slipway.Rehearsal.Randomness;

namespace Slipway.Rehearsal.Traffic;

/// <summary>
/// How latencies of one service are spread: log-normal with a deviation of 0.4 in the logarithm, as single values a histogram bucket (5 %) apart
/// around and above the 95th percentile, where regressions are looked for, and five buckets apart below.
/// </summary>
internal sealed class LatencyShape
{
    private const double Deviation = 0.4, P95 = 1.6449, BucketWidth = 0.04879016416943205;

    /// <summary>Where the percentile stands within its bucket, so that about 5 % of the requests lie in higher ones.</summary>
    private const double Within = 0.35;

    private const int Finest = -6, Highest = 16, Lowest = -36, Coarse = 5;

    private readonly double[] _values;
    private readonly double[] _chances;

    /// <summary>Of a service with the given 95th percentile in milliseconds.</summary>
    public LatencyShape(double p95)
    {
        var offsets = new List<(double Offset, double Width)>();
        for (var offset = Lowest; offset <= Finest - Coarse; offset += Coarse) offsets.Add((offset + 2, Coarse));
        for (var offset = Finest; offset <= Highest; offset++) offsets.Add((offset, 1));
        var weights = offsets.Select(one => one.Width * Density(one.Offset)).ToArray();
        var sum = weights.Sum();

        // Each is drawn from those that are left, from the slowest down.
        offsets.Reverse();
        Array.Reverse(weights);
        _values = [.. offsets.Select(one => p95 * PortableMath.Exp(one.Offset * BucketWidth))];
        _chances = new double[weights.Length];
        var left = sum;
        for (var i = 0; i < weights.Length; i++)
        {
            _chances[i] = i == weights.Length - 1 ? 1 : Math.Min(1, weights[i] / left);
            left -= weights[i];
        }
    }

    /// <summary>The latencies of so many requests, and how many of them lie above each edge.</summary>
    /// <param name="random">The stream.</param>
    /// <param name="requests">How many.</param>
    /// <param name="factor">How many times the usual latency.</param>
    /// <param name="edges">Milliseconds, for exact counts.</param>
    public (LatencyHistogram Latency, SlowCount[] Slower) Draw(ref RandomStream random, long requests, double factor, IReadOnlyList<double> edges)
    {
        Span<long> counts = stackalloc long[LatencyHistogram.LastBucket + 1];
        var slower = new long[edges.Count];
        var left = requests;
        for (var i = 0; i < _values.Length && left > 0; i++)
        {
            var count = Draws.Binomial(ref random, left, _chances[i]);
            if (count == 0) continue;
            left -= count;
            var value = _values[i] * factor;
            counts[LatencyHistogram.BucketOf(value)] += count;
            for (var edge = 0; edge < slower.Length; edge++)
            {
                if (value > edges[edge]) slower[edge] += count;
            }
        }

        return (LatencyHistogram.OfBuckets(0, counts), [.. edges.Select((edge, index) => new SlowCount(edge, slower[index]))]);
    }

    private static double Density(double offset)
    {
        var z = P95 + ((offset - Within) * BucketWidth / Deviation);
        return PortableMath.Exp(-z * z / 2);
    }
}
