using System.Text.Json;
using Slipway.Core.Analysis.Promotion;
using Slipway.Core.Analysis.Sequential;
using Slipway.Core.Serialization;

namespace Slipway.Core.Tests.Analysis.Promotion;

public class PromotionTests
{
    [Fact]
    public void Check_EqualRatesOverManyEvents_ExcludesTheMargin()
    {
        var sums = Sums(30, new ArmCounts(15, 3000, 285, 57_000));
        var check = PromotionRule.Check(sums, 1.5, 0, PromotionRule.Whole);

        Assert.True(check.Excluded);
        Assert.InRange(check.Ratio, 0.98, 1.02);
        Assert.True(check.Upper <= 1.5);
        Assert.True(check.Chance <= 0.01);
    }

    [Fact]
    public void Check_FewEvents_ExcludesNothing()
    {
        Assert.False(PromotionRule.Check(Sums(10, new ArmCounts(0, 30, 1, 570)), 3, 0, PromotionRule.Whole).Excluded);
        Assert.False(PromotionRule.Check(default, 3, 0, PromotionRule.Whole).Excluded);
    }

    [Fact]
    public void Check_ARatioOfTheMarginItself_IsNeverExcluded() =>
        Assert.False(PromotionRule.Check(Sums(30, new ArmCounts(45, 3000, 285, 57_000)), 3, 0, PromotionRule.Whole).Excluded);

    [Fact]
    public void Check_MoreBadEventsOfTheCanary_AreNeverBetter()
    {
        var upper = Enumerable.Range(0, 200).Select(bad => PromotionRule.Check(Sums(10, new ArmCounts(bad, 3000, 285, 57_000)), 3, 0, PromotionRule.Whole)).ToList();

        for (var i = 1; i < upper.Count; i++) Assert.True(upper[i].Chance >= upper[i - 1].Chance && upper[i].Ratio > upper[i - 1].Ratio);
    }

    [Fact]
    public void Check_TheOffset_IsWhatTheCanaryMayDiffer()
    {
        var sums = Sums(30, new ArmCounts(30, 3000, 285, 57_000));

        Assert.False(PromotionRule.Check(sums, 1.8, 0, PromotionRule.Whole).Excluded);
        Assert.True(PromotionRule.Check(sums, 1.8, Math.Log(2), PromotionRule.Whole).Excluded);
    }

    [Fact]
    public void LengthNeeded_IsTheLengthAtWhichTheRuleHolds()
    {
        var now = Sums(3, new ArmCounts(1, 300, 28, 5700));
        var longer = PromotionRule.LengthNeeded(now, 2, 0, PromotionRule.Whole)!.Value;
        var enough = (int)Math.Ceiling(3 * longer) + 1;

        Assert.False(PromotionRule.Check(now, 2, 0, PromotionRule.Whole).Excluded);
        Assert.True(PromotionRule.Check(Sums(enough, new ArmCounts(1, 300, 28, 5700)), 2, 0, PromotionRule.Whole).Excluded);
        Assert.False(PromotionRule.Check(Sums(enough / 2, new ArmCounts(1, 300, 28, 5700)), 2, 0, PromotionRule.Whole).Excluded);
        Assert.Null(PromotionRule.LengthNeeded(Sums(10, new ArmCounts(6, 300, 57, 5700)), 2, 0, PromotionRule.Whole));
    }

    [Fact]
    public void Variance_OfIntervalsThatSwing_IsLargerThanThatOfCounts()
    {
        var steady = Sums(20, new ArmCounts(10, 3000, 100, 57_000));
        var swinging = default(CountSums);
        for (var i = 0; i < 20; i++) swinging += CountSums.Of(new ArmCounts(i % 2 == 0 ? 20 : 0, 3000, 100, 57_000));

        Assert.Equal(steady.Counts, swinging.Counts);
        Assert.True(swinging.Variance > 5 * steady.Variance);
    }

    [Fact]
    public void Sums_AddUpInAnyGrouping()
    {
        ArmCounts[] minutes = [.. Enumerable.Range(1, 40).Select(i => new ArmCounts(i % 5, 100 + i, i % 9, 2000 + i))];
        var all = minutes.Aggregate(default(CountSums), (sum, minute) => sum + CountSums.Of(minute));
        var parts = minutes.Chunk(7).Select(chunk => chunk.Aggregate(default(CountSums), (sum, minute) => sum + CountSums.Of(minute))).Aggregate((left, right) => left + right);

        Assert.Equal(all, parts);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(45)]
    [InlineData(1440)]
    public void Series_OfAnyLength_KeepsEverythingInFewSegmentsAndHasALastHalf(int intervals)
    {
        var series = StageSeries.Empty;
        for (var i = 0; i < intervals; i++) series = series.Add(new ArmCounts(1, 100, i < intervals / 2 ? 0 : 1, 1900));
        var (whole, half) = (series.Whole(), series.LastHalf());

        Assert.True(series.Segments.Count <= StageSeries.MostSegments + 1);
        Assert.Equal((intervals, intervals * 100L), (whole.Intervals, whole.Counts.Canary));
        Assert.InRange(half.Intervals, (intervals + 1) / 2, Math.Max(1, (intervals / 2) + (2 * series.SegmentLength)));
        var read = JsonSerializer.Deserialize<StageSeries>(JsonSerializer.Serialize(series, SlipwayJson.Options), SlipwayJson.Options)!;
        Assert.Equal(whole, read.Whole());
        Assert.Equal(half, read.LastHalf());
    }

    [Fact]
    public void Series_AnIntervalWithoutAnArm_IsLeftOut() =>
        Assert.Empty(StageSeries.Empty.Add(new ArmCounts(0, 0, 5, 100)).Add(new ArmCounts(1, 10, 0, 0)).Segments);

    private static CountSums Sums(int intervals, ArmCounts each)
    {
        var sum = default(CountSums);
        for (var i = 0; i < intervals; i++) sum += CountSums.Of(each);
        return sum;
    }
}
