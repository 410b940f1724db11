using Slipway.Benchmarks.Statistics;
using Slipway.Benchmarks.Streams;

namespace Slipway.Benchmarks.Tests.Statistics;

public class InformationLimitTests
{
    /// <summary>Known: at 100 requests a second, 5 % and a base of 0.5 %, 2x needs 9.8 minutes, 3x 3.0, 5x 1.0.</summary>
    [Theory]
    [InlineData(2, 9.8)]
    [InlineData(3, 3.0)]
    [InlineData(5, 1.0)]
    public void Minutes_AtAHundredRequestsASecond_AreTheKnownOnes(double ratio, double expected) =>
        Assert.Equal(expected, InformationLimit.Minutes(new StreamCase { Name = "limit" }, ratio, 0.005), 0.06);

    [Fact]
    public void Minutes_OfARegressionThatTellsTooLittle_AreInfinite() =>
        Assert.Equal(double.PositiveInfinity, InformationLimit.Minutes(new StreamCase { Name = "limit", Rps = 0.1 }, 1.1, 0.005));
}
