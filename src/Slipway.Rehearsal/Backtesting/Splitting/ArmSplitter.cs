using System.Globalization;
using Slipway.Core.Analysis;
using Slipway.Rehearsal.Randomness;

namespace Slipway.Rehearsal.Backtesting.Splitting;

/// <summary>
/// Makes two arms of one. Every request goes to the canary with the stage's share (binomial thinning): failed and other requests, and each
/// bucket of latencies, are thinned by themselves, so that every count has the distribution that a random split of the requests gives it, and
/// both arms are alike. The same seed, region and interval give the same split on every machine, whatever was split before. Users and business
/// metrics are left out: how those of a part of the requests add up is not recorded. Pure.
/// </summary>
/// <param name="seed">The seed.</param>
internal sealed class ArmSplitter(int seed)
{
    private readonly Dictionary<string, ulong> _keys = new(StringComparer.Ordinal);

    /// <summary>Both arms of what was recorded in one region and interval; one that has no share is null.</summary>
    /// <param name="start">Start of the interval.</param>
    /// <param name="region">The region.</param>
    /// <param name="everybody">What was recorded.</param>
    /// <param name="share">The canary's share of the requests, 0 to 1.</param>
    /// <param name="usual">What the service is like while all is well; null: as it was. Else what was recorded is the new version's alone, and
    /// the requests of the old version fail and take as long as usual.</param>
    public (ArmSample? Canary, ArmSample? Control) Split(DateTimeOffset start, string region, ArmSample everybody, double share, ArmSample? usual)
    {
        if (share >= 1) return (Plain(everybody), null);
        var random = new RandomStream(RandomStream.KeyOf(KeyOf(region), start.UtcTicks / TimeSpan.TicksPerSecond));
        var canary = share <= 0 ? null : Thin(ref random, everybody, share);
        var control = canary is null ? Plain(everybody) : Rest(everybody, canary);
        return (canary, usual is null ? control : Usual(ref random, control, usual));
    }

    private static ArmSample Plain(ArmSample sample) => new() { Requests = sample.Requests, Errors = sample.Errors, Latency = sample.Latency };

    private static ArmSample Thin(ref RandomStream random, ArmSample all, double share)
    {
        var failed = Draws.Binomial(ref random, all.Errors, share);
        var others = Draws.Binomial(ref random, all.Requests - all.Errors, share);
        var latency = new Dictionary<int, long>();
        foreach (var (bucket, count) in all.Latency.Counts)
        {
            var mine = Draws.Binomial(ref random, count, share);
            if (mine > 0) latency[bucket] = mine;
        }

        return new ArmSample { Requests = failed + others, Errors = failed, Latency = new LatencyHistogram(latency) };
    }

    private static ArmSample Rest(ArmSample all, ArmSample canary)
    {
        var mine = canary.Latency.Counts;
        return new ArmSample
        {
            Requests = all.Requests - canary.Requests,
            Errors = all.Errors - canary.Errors,
            Latency = new LatencyHistogram(all.Latency.Counts.ToDictionary(entry => entry.Key, entry => entry.Value - mine.GetValueOrDefault(entry.Key))),
        };
    }

    /// <summary>As many requests, that fail and take as long as they usually do.</summary>
    private static ArmSample Usual(ref RandomStream random, ArmSample arm, ArmSample usual)
    {
        var latency = new Dictionary<int, long>();
        var (left, rest) = (arm.Latency.Total, (double)usual.Latency.Total);
        foreach (var (bucket, count) in usual.Latency.Counts)
        {
            var mine = Draws.Binomial(ref random, left, Math.Min(1, count / rest));
            if (mine > 0) latency[bucket] = mine;
            left -= mine;
            rest -= count;
        }

        return new ArmSample
        {
            Requests = arm.Requests,
            Errors = Draws.Binomial(ref random, arm.Requests, (double)usual.Errors / Math.Max(1, usual.Requests)),
            Latency = new LatencyHistogram(latency),
        };
    }

    private ulong KeyOf(string region)
    {
        if (!_keys.TryGetValue(region, out var key))
            _keys[region] = key = RandomStream.KeyOf(string.Create(CultureInfo.InvariantCulture, $"split\n{seed}\n{region}"));
        return key;
    }
}
