using Slipway.Benchmarks.Statistics;

namespace Slipway.Benchmarks.Tests.Statistics;

public class ShareTests
{
    /// <summary>R 4.2.2: <c>prop.test(k, n, correct=FALSE)$conf.int</c>, which is Wilson's.</summary>
    [Theory]
    [InlineData(0, 10, 0, 0.277532799862889)]
    [InlineData(1, 10, 0.0178762130950729, 0.4041500267952384)]
    [InlineData(15, 100, 0.0930598528365663, 0.2328355959083236)]
    [InlineData(100, 100, 0.963006501793014, 1)]
    [InlineData(4, 10_000, 0.000155562836623075, 0.001028128335356979)]
    [InlineData(25, 50, 0.366445143168286, 0.633554856831714)]
    public void Interval_EqualsRs(long hits, long of, double low, double high)
    {
        var share = new Share(hits, of);

        Assert.Equal(low, share.Low, 1e-12);
        Assert.Equal(high, share.High, 1e-12);
    }

    [Fact]
    public void Interval_WithoutTrials_IsEverything()
    {
        Assert.Equal((0, 0, 1), (new Share(0, 0).Rate, new Share(0, 0).Low, new Share(0, 0).High));
        Assert.Equal(new Share(3, 30), default(Share) + new Share(1, 10) + new Share(2, 20));
    }

    [Fact]
    public void WorstOf_Several_IsWider()
    {
        var (one, worst) = (new Share(5, 100), new Share(5, 100).WorstOf(12));

        Assert.True(worst.Low < one.Low && worst.High > one.High);
        Assert.Equal(one.Rate, worst.Rate);
        Assert.Equal(one.Low, one.WorstOf(1).Low, 1e-9);
    }
}
