using Slipway.Core.Analysis.Power;
using Slipway.Core.Analysis.Sequential;

namespace Slipway.Core.Tests.Analysis.Power;

public class MarginFinderTests
{
    [Theory]
    [InlineData(0.01, 5)]
    [InlineData(0.05, 5)]
    [InlineData(0.06, 3)]
    [InlineData(0.25, 3)]
    [InlineData(0.26, 2)]
    [InlineData(0.5, 2)]
    public void Largest_FallsWithTheShareOfUsers(double share, double expected) => Assert.Equal(expected, MarginFinder.Largest(share));

    [Fact]
    public void Find_MuchTraffic_IsAtLeastAQuarterAboveTheToleratedRatio()
    {
        var margin = MarginFinder.Find(new StageTraffic(6e7, 0.25, 0.005, 600), 1.25)!;

        Assert.Equal(1.25 * 1.25, margin.Ratio, 1e-9);
        Assert.True(margin.AlsoLastHalf);
    }

    [Fact]
    public void Find_HardlyAnyTraffic_FindsNone()
    {
        Assert.Null(MarginFinder.Find(new StageTraffic(60, 0.05, 0.005, 15), 1.25));
        Assert.Null(MarginFinder.Find(new StageTraffic(6000, 0.01, 0.001, 15), 1.25));
    }

    [Theory]
    [InlineData(6000, 0)]
    [InlineData(0, 0.005)]
    public void Find_WithoutBadEvents_FindsNone(double requests, double badRate) =>
        Assert.Null(MarginFinder.Find(new StageTraffic(requests, 0.05, badRate, 15), 1));

    [Theory]
    [InlineData("traffic")]
    [InlineData("share")]
    [InlineData("bake")]
    public void Find_WithMoreEvidence_IsNeverLarger(string what)
    {
        var previous = double.PositiveInfinity;
        foreach (var factor in new[] { 1, 2, 4, 8, 16 })
        {
            var stage = new StageTraffic(
                what == "traffic" ? 6000 * factor : 12_000, what == "share" ? 0.003 * factor : 0.05, 0.005, what == "bake" ? 8 * factor : 30);
            var found = MarginFinder.Find(stage, 1.25) is { } margin ? margin.Ratio : double.PositiveInfinity;
            Assert.True(found <= previous, $"{what} x{factor}: {found} after {previous}");
            previous = found;
        }

        Assert.True(previous <= 5);
    }

    [Theory]
    [InlineData(6000, 0.05, 0.005, 1)]
    [InlineData(1e12, 0.999, 1e-9, 10_000)]
    [InlineData(0.01, 0.0001, 1, 1)]
    [InlineData(1e9, 0.5, 1, 15)]
    public void Passes_AtTheEdges_IsAProbability(double requests, double share, double badRate, int intervals)
    {
        var stage = new StageTraffic(requests, share, badRate, intervals);
        foreach (var margin in new[] { 1.01, 1.25, 2, 5, 20 })
        {
            Assert.InRange(MarginFinder.Passes(stage, margin, alsoHalf: false), 0, 1);
            Assert.InRange(MarginFinder.Passes(stage, margin, alsoHalf: true), 0, MarginFinder.Passes(stage, margin, alsoHalf: false));
        }
    }

    /// <summary>The short way to the decision against the probability itself, at every kind of traffic.</summary>
    [Fact]
    public void Find_FindsTheFirstMarginOfTheLatticeThatPassesAsOftenAsWanted()
    {
        var random = new Random(11);
        var found = 0;
        for (var i = 0; i < 3_000; i++)
        {
            var stage = new StageTraffic(Math.Pow(10, random.NextDouble() * 7), Math.Pow(10, -3 * random.NextDouble()) * 0.99, Math.Pow(10, -4 * random.NextDouble()), random.Next(1, 400));
            var tolerated = 1 + random.NextDouble();
            var first = First(stage, tolerated, alsoHalf: true) ?? First(stage, tolerated, alsoHalf: false);

            Assert.Equal(first, MarginFinder.Find(stage, tolerated));
            if (first is not null) found++;
        }

        Assert.InRange(found, 500, 2_500);
    }

    private static StageMargin? First(StageTraffic stage, double tolerated, bool alsoHalf)
    {
        for (var r = 2; r <= NoiseLattice.LastRatio; r++)
        {
            var margin = tolerated * NoiseLattice.RatioOf(r);
            if (margin > MarginFinder.Largest(stage.Share) * (1 + 1e-9)) return null;
            if (MarginFinder.Passes(stage, margin, alsoHalf) >= MarginFinder.Wanted) return new StageMargin(margin, alsoHalf);
        }

        return null;
    }

    [Fact]
    public void Find_OfAMarginItFinds_PassesAsOftenAsWanted()
    {
        var stage = new StageTraffic(6000, 0.25, 0.005, 15);
        var margin = MarginFinder.Find(stage, 1.25)!;

        Assert.True(MarginFinder.Passes(stage, margin.Ratio, margin.AlsoLastHalf) >= MarginFinder.Wanted);
        Assert.InRange(margin.Ratio, 1.5625, 3);
    }
}
