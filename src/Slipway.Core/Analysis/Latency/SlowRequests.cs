using Slipway.Core.Analysis.Sequential;

namespace Slipway.Core.Analysis.Latency;

/// <summary>
/// Turns latencies into bad events. A request of the control arm is slow above the arm's own 95th percentile so far; one of the canary only
/// above that percentile times the tolerated ratio, in whole buckets. So the tolerance is a ratio of milliseconds, and the ratio of the two
/// shares of slow requests is what the sequential test looks at. Pure.
/// </summary>
public static class SlowRequests
{
    /// <summary>The percentile above which a request is slow.</summary>
    public const double Percentile = 0.95;

    /// <summary>The share of the control arm's requests that are slow by definition, at most.</summary>
    public const double Share = 1 - Percentile;

    private static readonly double BucketWidth = Math.Log(1.05);

    /// <summary>How many buckets a tolerated ratio is.</summary>
    /// <param name="toleratedRatio">1 or more.</param>
    public static int Buckets(double toleratedRatio) => (int)Math.Ceiling((Math.Log(toleratedRatio) / BucketWidth) - 1e-9);

    /// <summary>The slow requests of both arms in one interval; null before the control arm has been seen.</summary>
    /// <param name="canary">The canary's latencies; empty where the arm is missing.</param>
    /// <param name="control">The control arm's.</param>
    /// <param name="before">The control arm's, of everything up to the interval before.</param>
    /// <param name="toleratedRatio">1 or more.</param>
    public static ArmCounts? Count(LatencyHistogram canary, LatencyHistogram control, LatencyHistogram before, double toleratedRatio)
    {
        if (before.Total == 0) return null;
        var edge = before.PercentileBucket(Percentile);
        return new ArmCounts(canary.Above(edge + Buckets(toleratedRatio)), canary.Total, control.Above(edge), control.Total);
    }
}
