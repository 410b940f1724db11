using Slipway.Rehearsal.Randomness;

namespace Slipway.Rehearsal.Tests.Randomness;

public class RandomStreamTests
{
    /// <summary>Computed apart from this code, from the published definitions of xoshiro256** and splitmix64.</summary>
    [Fact]
    public void Uniform_OfAFixedSeed_GivesTheKnownValues()
    {
        var random = new RandomStream(42);

        foreach (var expected in new[] { 0.08386297105988216, 0.3789802506626686, 0.6800434110281394, 0.9246929453253876 }) Assert.Equal(expected, random.Uniform());
    }

    [Fact]
    public void KeyOf_TheSameText_IsTheSameOnEveryMachine()
    {
        Assert.Equal(RandomStream.KeyOf("a"), RandomStream.KeyOf("a"));
        Assert.NotEqual(RandomStream.KeyOf("a"), RandomStream.KeyOf("b"));
        Assert.NotEqual(RandomStream.KeyOf(7, 0), RandomStream.KeyOf(7, 1));

        // The first eight bytes of SHA-256("a"), ca978112ca1bbdca, least significant first.
        Assert.Equal(0xcabd1bca128197caUL, RandomStream.KeyOf("a"));
    }

    [Theory]
    [InlineData(1e-9)]
    [InlineData(0.3)]
    [InlineData(0.999999)]
    [InlineData(1)]
    [InlineData(1.5)]
    [InlineData(12345.678)]
    [InlineData(1e18)]
    public void Log_AndExp_AgreeWithTheRuntimeTo14Digits(double value)
    {
        Assert.Equal(Math.Log(value), PortableMath.Log(value), 1e-14 * Math.Max(1, Math.Abs(Math.Log(value))));
        Assert.Equal(1, PortableMath.Exp(PortableMath.Log(value)) / value, 1e-13);
    }

    /// <summary>Both ways to draw, around where one takes over from the other.</summary>
    [Theory]
    [InlineData(0.2)]
    [InlineData(11.9)]
    [InlineData(12.1)]
    [InlineData(3000)]
    public void Poisson_Moments_AreItsMean(double mean)
    {
        var random = new RandomStream(1);
        var (average, variance) = Moments((ref stream) => Draws.Poisson(ref stream, mean), ref random);

        Assert.Equal(mean, average, 4 * Math.Sqrt(mean / Count));
        Assert.Equal(1, variance / mean, 4 * Math.Sqrt((2 + (1 / mean)) / Count));
    }

    [Theory]
    [InlineData(20, 0.01)]
    [InlineData(100, 0.11)]
    [InlineData(100, 0.13)]
    [InlineData(3000, 0.0025)]
    [InlineData(54_000, 0.05)]
    [InlineData(54_000, 0.93)]
    public void Binomial_Moments_AreThoseOfItsDefinition(int trials, double chance)
    {
        var random = new RandomStream(2);
        var (average, variance) = Moments((ref stream) => Draws.Binomial(ref stream, trials, chance), ref random);
        var expected = trials * chance * (1 - chance);

        Assert.Equal(trials * chance, average, 4 * Math.Sqrt(expected / Count));
        Assert.Equal(1, variance / expected, 4 * Math.Sqrt((2 + (1 / expected)) / Count));
    }

    [Fact]
    public void Binomial_NothingOrEverything_IsCertain()
    {
        var random = new RandomStream(3);

        Assert.Equal((0L, 0L, 50L), (Draws.Binomial(ref random, 0, 0.5), Draws.Binomial(ref random, 50, 0), Draws.Binomial(ref random, 50, 1)));
    }

    private const int Count = 40_000;

    internal delegate long Draw(ref RandomStream random);

    private static (double Average, double Variance) Moments(Draw draw, ref RandomStream random)
    {
        double sum = 0, squares = 0;
        for (var i = 0; i < Count; i++)
        {
            var value = (double)draw(ref random);
            sum += value;
            squares += value * value;
        }

        var average = sum / Count;
        return (average, (squares / Count) - (average * average));
    }
}
