using Slipway.Benchmarks.Statistics;

namespace Slipway.Benchmarks.Tests.Statistics;

public class PercentilesTests
{
    /// <summary>R 4.2.2: <c>quantile(c(3.1,0.2,7.7,5.5,1.4,9.9,2.6), c(0,.05,.25,.5,.9,.95,.99,1), type=7)</c></summary>
    [Theory]
    [InlineData(0, 0.2)]
    [InlineData(0.05, 0.56)]
    [InlineData(0.25, 2.0)]
    [InlineData(0.5, 3.1)]
    [InlineData(0.9, 8.58)]
    [InlineData(0.95, 9.24)]
    [InlineData(0.99, 9.768)]
    [InlineData(1, 9.9)]
    public void Of_EqualsRsTypeSeven(double share, double expected) =>
        Assert.Equal(expected, Percentiles.Of([3.1, 0.2, 7.7, 5.5, 1.4, 9.9, 2.6], share), 1e-12);

    /// <summary>R 4.2.2: <c>quantile(5, .3, type=7)</c> and <c>quantile(c(1,1,2,2), c(.25,.5,.75), type=7)</c></summary>
    [Fact]
    public void Of_OneValueAndTies_EqualsR()
    {
        Assert.Equal(5, Percentiles.Of([5], 0.3));
        Assert.Equal(1, Percentiles.Of([2, 1, 2, 1], 0.25));
        Assert.Equal(1.5, Percentiles.Of([2, 1, 2, 1], 0.5));
        Assert.Equal(2, Percentiles.Of([2, 1, 2, 1], 0.75));
    }

    [Fact]
    public void Of_EmptyAndInfiniteSamples_AreDefined()
    {
        Assert.True(double.IsNaN(Percentiles.Of([], 0.5)));
        Assert.Equal(double.PositiveInfinity, Percentiles.Of([1, double.PositiveInfinity, double.PositiveInfinity], 0.75));
    }
}
