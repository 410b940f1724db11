using System.Globalization;
using Slipway.Core.Analysis;

namespace Slipway.Core.Tests.Analysis;

public class BinomialBoundsTests
{
    /// <summary>
    /// Closed forms: with no success the upper bound is 1 - (1-c)^(1/n); with one success in one trial the lower bound is 1-c; with all
    /// successes it is (1-c)^(1/n).
    /// </summary>
    [Theory]
    [InlineData(1, 0.95)]
    [InlineData(10, 0.9999)]
    [InlineData(1000, 0.9999)]
    [InlineData(1_000_000, 0.99)]
    public void Bounds_AtTheEdges_EqualTheirClosedForms(long trials, double confidence)
    {
        Assert.Equal(0, BinomialBounds.Lower(0, trials, confidence));
        Assert.Equal(1, BinomialBounds.Upper(trials, trials, confidence));
        Assert.Equal(1 - Math.Pow(1 - confidence, 1.0 / trials), BinomialBounds.Upper(0, trials, confidence), 1e-9);
        Assert.Equal(Math.Pow(1 - confidence, 1.0 / trials), BinomialBounds.Lower(trials, trials, confidence), 1e-9);
    }

    /// <summary>The definition itself, checked by summing the binomial tail in decimal arithmetic.</summary>
    [Theory]
    [InlineData(3, 40)]
    [InlineData(8, 100)]
    [InlineData(1, 25)]
    public void Lower_TheTailAtTheBound_IsOneMinusTheConfidence(int successes, int trials)
    {
        const double confidence = 0.9999;
        var bound = (decimal)BinomialBounds.Lower(successes, trials, confidence);
        decimal below = 0;
        for (var k = 0; k < successes; k++) below += Choose(trials, k) * Power(bound, k) * Power(1 - bound, trials - k);
        Assert.Equal(1 - confidence, (double)(1 - below), 1e-9);
    }

    /// <summary>Which side of a proportion a bound is on is told without it where the share itself is on the other side: never otherwise than by the tail.</summary>
    [Fact]
    public void ExceedsAndFallsBelow_AtAnyCounts_AreWhatTheTailSays()
    {
        double[] proportions = [0, 1e-6, 0.001, 0.005, 0.05, 0.1, 0.25, 0.5, 0.9, 0.95, 0.999, 1];
        foreach (var confidence in (double[])[0.52, 0.9, 0.99, 0.9999])
        {
            foreach (var proportion in proportions)
            {
                for (var trials = 0; trials <= 60; trials++)
                {
                    for (var successes = 0; successes <= trials; successes++)
                    {
                        var exceeds = successes > 0 && BinomialBounds.RegularizedBeta(proportion, successes, trials - successes + 1.0) < 1 - confidence;
                        var below = successes < trials && BinomialBounds.RegularizedBeta(proportion, successes + 1.0, trials - successes) > confidence;
                        Assert.Equal(exceeds, BinomialBounds.Exceeds(successes, trials, proportion, confidence));
                        Assert.Equal(below, BinomialBounds.FallsBelow(successes, trials, proportion, confidence));
                    }
                }
            }
        }
    }

    [Fact]
    public void Bound_that_is_only_shown_reads_as_the_exact_one_at_any_counts()
    {
        long[] trials = [1, 2, 7, 40, 333, 1000, 4999, 65_536, 1_000_000, 123_456_789];
        foreach (var all in trials)
        {
            foreach (var some in trials.Append(0).Select(number => Math.Min(number, all)).Append(all / 2).Append(all / 200).Append(all - (all / 100)).Distinct())
            {
                Assert.Equal(Text(BinomialBounds.Lower(some, all, 0.975)), Text(BinomialBounds.Lower(some, all, 0.975, 1e-4)));
                Assert.Equal(Text(BinomialBounds.Upper(some, all, 0.975)), Text(BinomialBounds.Upper(some, all, 0.975, 1e-4)));
            }
        }

        static string Text(double bound) => (100 * bound).ToString("0.##", CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Lower_MoreSuccesses_GivesAHigherBound()
    {
        var previous = -1.0;
        for (var successes = 0; successes <= 200; successes++)
        {
            var bound = BinomialBounds.Lower(successes, 200);
            Assert.True(bound > previous || successes == 0);
            Assert.True(bound <= successes / 200.0);
            Assert.True(BinomialBounds.Upper(successes, 200) >= successes / 200.0);
            previous = bound;
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1_000_000_000, 1_000_000_000)]
    [InlineData(5_000_000, 1_000_000_000)]
    [InlineData(0, 1_000_000_000)]
    public void Bounds_HugeAndEmptyCounts_AreNumbersBetweenZeroAndOne(long successes, long trials)
    {
        Assert.InRange(BinomialBounds.Lower(successes, trials), 0, 1);
        Assert.InRange(BinomialBounds.Upper(successes, trials), 0, 1);
        Assert.True(BinomialBounds.Lower(successes, trials) <= BinomialBounds.Upper(successes, trials));
    }

    [Fact]
    public void Lower_MoreSuccessesThanTrials_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => BinomialBounds.Lower(3, 2));

    private static decimal Choose(int n, int k)
    {
        decimal result = 1;
        for (var i = 1; i <= k; i++) result = result * (n - k + i) / i;
        return result;
    }

    private static decimal Power(decimal x, int n)
    {
        decimal result = 1;
        for (var i = 0; i < n; i++) result *= x;
        return result;
    }
}
