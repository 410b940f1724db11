using Slipway.Benchmarks.Streams;

namespace Slipway.Benchmarks.Tests.Streams;

public class RngTests
{
    /// <summary>Computed apart from this code, from the published definitions of xoshiro256** and splitmix64.</summary>
    [Fact]
    public void Uniform_OfAFixedSeed_GivesTheKnownValues()
    {
        var random = new Rng(42);

        foreach (var expected in new[] { 0.08386297105988216, 0.3789802506626686, 0.6800434110281394, 0.9246929453253876 }) Assert.Equal(expected, random.Uniform());
    }

    [Fact]
    public void Seed_DependsOnNameAndRunOnly()
    {
        Assert.Equal(17668162938997374014UL, Rng.Seed("clean", 0));
        Assert.Equal(5239446305712005329UL, Rng.Seed("clean", 7));
        Assert.NotEqual(Rng.Seed("clean", 1), Rng.Seed("cleaned", 1));
    }

    /// <summary>Mean and variance of Poisson are its mean; both ways to draw it, around where one takes over from the other.</summary>
    [Theory]
    [InlineData(0.15)]
    [InlineData(7.5)]
    [InlineData(29.9)]
    [InlineData(30.1)]
    [InlineData(250)]
    [InlineData(60_000)]
    public void Poisson_Moments_AreItsMean(double mean)
    {
        var random = new Rng(1);
        var (average, variance) = Moments(() => random.Poisson(mean));

        Assert.Equal(mean, average, 4 * Math.Sqrt(mean / Draws));
        Assert.Equal(1, variance / mean, 4 * Math.Sqrt((2 + (1 / mean)) / Draws));
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(1.0)]
    [InlineData(1.4)]
    public void Noise_Moments_AreOneAndTheVariation(double variation)
    {
        var random = new Rng(2);
        var (average, variance) = Moments(() => random.Noise(variation));

        Assert.Equal(1, average, 4 * variation / Math.Sqrt(Draws));

        // The excess kurtosis of a gamma distribution is 6 cv².
        Assert.Equal(1, variance / (variation * variation), 4 * Math.Sqrt((2 + (6 * variation * variation)) / Draws));
    }

    [Fact]
    public void Normal_Moments_AreZeroAndOne()
    {
        var random = new Rng(3);
        var (average, variance) = Moments(random.Normal);

        Assert.Equal(0, average, 4 / Math.Sqrt(Draws));
        Assert.Equal(1, variance, 4 * Math.Sqrt(2.0 / Draws));
    }

    [Fact]
    public void Draws_OfNothing_AreNothing()
    {
        var random = new Rng(4);

        Assert.Equal(0, random.Poisson(0));
        Assert.Equal(1, random.Noise(0));
    }

    private const int Draws = 40_000;

    private static (double Average, double Variance) Moments(Func<double> draw)
    {
        double sum = 0, squares = 0;
        for (var i = 0; i < Draws; i++)
        {
            var value = draw();
            sum += value;
            squares += value * value;
        }

        var average = sum / Draws;
        return (average, (squares / Draws) - (average * average));
    }
}
