using Slipway.Core.Analysis;

namespace Slipway.Core.Tests.Analysis;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void OfBuckets_CountsOfNeighbours_AreTheSameHistogramAsByBucket()
    {
        var expected = new LatencyHistogram(new Dictionary<int, long> { [12] = 3, [14] = 5 });

        var built = LatencyHistogram.OfBuckets(10, [0, 0, 3, 0, 5, 0]);

        Assert.Equal(expected, built);
        Assert.Equal(8, built.Total);
        Assert.Equal([(12, 3L), (14, 5L)], built.Counts.Select(count => (count.Key, count.Value)));
    }

    [Fact]
    public void OfBuckets_NothingCounted_IsEmpty()
    {
        Assert.Equal(LatencyHistogram.Empty, LatencyHistogram.OfBuckets(10, [0, 0]));
        Assert.Equal(LatencyHistogram.Empty, LatencyHistogram.OfBuckets(0, []));
    }

    [Fact]
    public void OfBuckets_TheLastBucket_IsTheHighest()
    {
        Assert.Equal(1, LatencyHistogram.OfBuckets(LatencyHistogram.LastBucket, [1]).Total);
        Assert.Throws<ArgumentOutOfRangeException>(() => LatencyHistogram.OfBuckets(LatencyHistogram.LastBucket, [0, 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => LatencyHistogram.OfBuckets(-1, [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => LatencyHistogram.OfBuckets(0, [1, -1]));
    }
}
