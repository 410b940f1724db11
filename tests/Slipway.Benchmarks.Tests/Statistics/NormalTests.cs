using Slipway.Benchmarks.Statistics;

namespace Slipway.Benchmarks.Tests.Statistics;

public class NormalTests
{
    /// <summary>R 4.2.2: <c>pnorm(z, lower.tail=FALSE)</c></summary>
    [Theory]
    [InlineData(0.1, 4.60172162722971e-01)]
    [InlineData(1, 1.58655253931457e-01)]
    [InlineData(1.959963984540054, 2.5e-02)]
    [InlineData(3, 1.34989803163009e-03)]
    [InlineData(5, 2.86651571879194e-07)]
    [InlineData(8, 6.22096057427178e-16)]
    [InlineData(20, 2.75362411860623e-89)]
    public void Above_EqualsR(double z, double expected)
    {
        Assert.Equal(1, Normal.Above(z) / expected, 1e-12);
        Assert.Equal(expected, Normal.Below(-z), 1e-12);
        Assert.Equal(1 - expected, Normal.Above(-z), 1e-12);
    }

    /// <summary>R 4.2.2: <c>qnorm(1 - c(.05, .05/12, .01)/2)</c></summary>
    [Theory]
    [InlineData(0.05, 1.95996398454005)]
    [InlineData(0.05 / 12, 2.86526023853213)]
    [InlineData(0.01, 2.5758293035489)]
    public void Deviations_EqualsR(double outside, double expected) => Assert.Equal(expected, Normal.Deviations(outside), 1e-10);
}
