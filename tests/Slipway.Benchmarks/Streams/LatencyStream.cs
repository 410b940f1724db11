using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Sequential;

namespace Slipway.Benchmarks.Streams;

/// <summary>
/// Draws latency histograms and counts slow requests in them as the product does. The number of requests in a minute is Poisson, and so
/// each bucket's count is Poisson on its own: together they are multinomial given their sum.
/// </summary>
internal static class LatencyStream
{
    private const int Buckets = LatencyHistogram.LastBucket + 1;

    /// <summary>One run. A canary's request is slow above the edge of the control arm's p95 over all minutes before, plus as many buckets
    /// as the tolerance has; a control request above that edge itself. The first minute has no such edge and counts for nothing.</summary>
    public static ReleaseStream Draw(LatencyCase kind, int run, double tolerated)
    {
        var random = new Rng(Rng.Seed(kind.Name, run));
        var (healthy, shifted) = (Chances(1, kind.LogSpread), Chances(kind.Factor, kind.LogSpread));
        var allowed = (int)Math.Ceiling((Math.Log(tolerated) / Math.Log(1.05)) - 1e-9);
        var (canary, control, before) = (new long[Buckets], new long[Buckets], new long[Buckets]);
        var minutes = new ArmCounts[kind.Minutes];
        var latencies = new (double Canary, double Control)[kind.Minutes];
        var minute = 0;
        foreach (var (percentage, length) in kind.Stages)
        {
            for (var i = 0; i < length; i++, minute++)
            {
                var requests = kind.Rps * 60;
                Fill(random, canary, shifted, requests * percentage / 100);
                Fill(random, control, healthy, requests * (1 - (percentage / 100)));
                if (minute > 0)
                {
                    var edge = P95(before);
                    minutes[minute] = new ArmCounts(Above(canary, edge + allowed), canary.Sum(), Above(control, edge), control.Sum());
                }

                latencies[minute] = (LatencyHistogram.UpperEdge(P95(canary)), LatencyHistogram.UpperEdge(P95(control)));
                for (var bucket = 0; bucket < Buckets; bucket++) before[bucket] += control[bucket];
            }
        }

        var end = 0;
        return new ReleaseStream(minutes, [.. kind.Stages.Select(stage => end += stage.Minutes)], 0.05)
        {
            Latencies = latencies,
            HealthyLatency = kind.HealthyLatency,
        };
    }

    /// <summary>The chance of each bucket.</summary>
    internal static double[] Chances(double factor, double logSpread)
    {
        var below = 0.0;
        var chances = new double[Buckets];
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            var z = (Math.Log(LatencyHistogram.UpperEdge(bucket)) - Math.Log(LatencyCase.Median * factor)) / logSpread;
            var upTo = bucket == Buckets - 1 ? 1 : Statistics.Normal.Below(z);
            chances[bucket] = Math.Max(0, upTo - below);
            below = upTo;
        }

        return chances;
    }

    /// <summary>Draws every bucket's count.</summary>
    internal static void Fill(Rng random, long[] counts, double[] chances, double requests)
    {
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            var mean = requests * chances[bucket];
            counts[bucket] = mean < 1e-6 ? 0 : random.Poisson(mean);
        }
    }

    private static int P95(long[] counts)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(0.95 * counts.Sum()));
        long seen = 0;
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            seen += counts[bucket];
            if (seen >= rank) return bucket;
        }

        return 0;
    }

    private static long Above(long[] counts, int bucket)
    {
        long sum = 0;
        for (var i = bucket + 1; i < Buckets; i++) sum += counts[i];
        return sum;
    }
}
