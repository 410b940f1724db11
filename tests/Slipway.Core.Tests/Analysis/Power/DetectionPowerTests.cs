using Slipway.Core.Analysis.Power;
using Slipway.Core.Analysis.Sequential;

namespace Slipway.Core.Tests.Analysis.Power;

public class DetectionPowerTests
{
    private static readonly PlannedTest Test = new(1.25, 0.004, 45);

    [Fact]
    public void Smallest_AtOnePercentOfAHundredRequestsASecondAndARareError_NothingBelowTenTimesIsSeenInAQuarterOfAnHour()
    {
        var found = DetectionPower.Smallest(Test, [], new StageTraffic(6000, 0.01, 0.001, 15));

        Assert.True(found.Likely is null or > 10, $"{found.Likely}");
        Assert.Null(found.NearlySure);
        Assert.True(DetectionPower.Expect(Test, [], new StageTraffic(6000, 0.01, 0.001, 15), 5).Chance < 0.2);
    }

    [Theory]
    [InlineData(6000, 0.05, 3, 5)]
    [InlineData(60_000, 0.05, 1.5, 2.5)]
    [InlineData(600, 0.05, 10, 20)]
    public void Smallest_AtFivePercentAndAQuarterOfAnHour_DependsOnTheTraffic(double requests, double share, double atLeast, double atMost)
    {
        var found = DetectionPower.Smallest(Test, [], new StageTraffic(requests, share, 0.005, 15));

        Assert.InRange(found.Likely ?? DetectionPower.LargestRatio, atLeast, atMost);
        Assert.True((found.NearlySure ?? DetectionPower.LargestRatio) >= found.Likely);
    }

    /// <summary>More traffic, a larger share, a longer bake and a smaller tolerance never make a regression harder to find.</summary>
    [Theory]
    [InlineData("traffic")]
    [InlineData("share")]
    [InlineData("bake")]
    [InlineData("tolerance")]
    [InlineData("base")]
    public void Smallest_WithMoreEvidence_IsNeverLarger(string what)
    {
        var previous = double.PositiveInfinity;
        foreach (var factor in new[] { 1, 2, 4, 8 })
        {
            var stage = new StageTraffic(
                what == "traffic" ? 600 * factor : 1200,
                what == "share" ? 0.05 * factor : 0.05,
                what == "base" ? 0.002 * factor : 0.005,
                what == "bake" ? 10 * factor : 30);
            var tolerated = what == "tolerance" ? 2.25 - (0.15 * factor) : 1.25;
            var found = DetectionPower.Smallest(Test with { Tolerated = tolerated }, [], stage).Likely ?? double.PositiveInfinity;
            Assert.True(found <= previous, $"{what} x{factor}: {found} after {previous}");
            previous = found;
        }

        Assert.True(previous < 20);
    }

    [Fact]
    public void Expect_LargerRegressions_AreLikelierFoundAndSooner()
    {
        var stage = new StageTraffic(6000, 0.05, 0.005, 30);
        var (chance, intervals) = (0.0, int.MaxValue);
        foreach (var ratio in new[] { 1.25, 2, 3, 5, 10, 20 })
        {
            var expected = DetectionPower.Expect(Test, [], stage, ratio);
            Assert.True(expected.Chance >= chance);
            Assert.True((expected.Intervals ?? int.MaxValue) <= intervals);
            (chance, intervals) = (expected.Chance, expected.Intervals ?? int.MaxValue);
        }

        Assert.InRange(intervals, 3, 5);
    }

    /// <summary>Simulated: half of the fivefold regressions at 100 requests a second are found after 7 minutes, 98 % within the bake.</summary>
    [Fact]
    public void Expect_AFivefoldRegression_TakesAsLongAsSimulated()
    {
        var expected = DetectionPower.Expect(Test, [], new StageTraffic(6000, 0.05, 0.005, 15), 5);

        Assert.Equal(7, expected.Intervals);
        Assert.True(expected.Chance > 0.95);
        Assert.Equal(7 * 4 * 1.5, expected.Harmed, 1e-9);
    }

    /// <summary>Healthy stages are no credit, and they teach how little noise there is.</summary>
    [Fact]
    public void Expect_AfterHealthyStages_TakesAboutAsLong()
    {
        var stage = new StageTraffic(6000, 0.25, 0.005, 15);
        var first = DetectionPower.Expect(Test, [], stage, 3);
        var later = DetectionPower.Expect(Test, [new StageTraffic(6000, 0.05, 0.005, 100_000)], stage, 3);

        Assert.InRange(later.Intervals!.Value, first.Intervals!.Value - 3, first.Intervals.Value + 3);
    }

    [Theory]
    [InlineData(0, 0.05, 0.005, 15)]
    [InlineData(6000, 0.05, 0, 15)]
    [InlineData(0.01, 0.05, 0.005, 1)]
    [InlineData(1e9, 0.5, 0.5, 15)]
    [InlineData(1e12, 0.999, 1e-9, 15)]
    [InlineData(60, 0.0001, 1, 15)]
    public void Expect_AtTheEdges_IsNeverNotANumber(double requests, double share, double badRate, int intervals)
    {
        var stage = new StageTraffic(requests, share, badRate, intervals);
        foreach (var ratio in new[] { 0.5, 1, 2, 20 })
        {
            var expected = DetectionPower.Expect(Test, [stage], stage, ratio);
            Assert.InRange(expected.Chance, 0, 1);
            Assert.InRange(expected.Harmed, 0, requests);
        }

        var found = DetectionPower.Smallest(Test, [stage], stage);
        Assert.InRange(found.Likely ?? 1, 1, DetectionPower.LargestRatio);
        if (requests * badRate == 0) Assert.Equal(new SmallestFound(null, null), found);
    }

    [Fact]
    public void Smallest_WhereMostRequestsAreBadAnyway_StaysBelowWhatCanBe()
    {
        var found = DetectionPower.Smallest(Test, [], new StageTraffic(6000, 0.25, 0.4, 15));

        Assert.True(found.Likely is null or <= 2.5);
    }

    [Fact]
    public void Smallest_IsOnTheLatticeOfRatios()
    {
        var found = DetectionPower.Smallest(Test, [], new StageTraffic(6000, 0.05, 0.005, 15)).Likely!.Value;
        var steps = Math.Log(found) / NoiseLattice.Step;

        Assert.Equal(Math.Round(steps), steps, 1e-9);
    }
}
