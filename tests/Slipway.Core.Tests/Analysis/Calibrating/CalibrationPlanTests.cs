using Slipway.Core.Analysis.Calibrating;
using Slipway.Core.Planning;
using Slipway.Core.Requests;
using Slipway.Core.Tests.Ledgers;

namespace Slipway.Core.Tests.Analysis.Calibrating;

public sealed class CalibrationPlanTests
{
    private static readonly ReleasePlan Plan = SampleRequests.Plan();

    [Fact]
    public void Of_ACanary_HasEachStageBelowEverybody()
    {
        var cohorts = Of(Plan);
        Assert.Equal(("search-v2", ""), (cohorts.Flag, cohorts.Why));
        Assert.Equal([5m, 25m, 50m], cohorts.Percentages.Select(percentage => percentage.Value));
        Assert.True(cohorts is { HasAudience: true, HasRegions: true });
    }

    [Fact]
    public void Of_Limits_TakesTheSmallestToleratedRatio()
    {
        Assert.Equal(1.25, Of(Plan, new GuardrailSpec()).Tolerated);
        Assert.Equal(1.1, Of(Plan, new GuardrailSpec { LatencyP95 = new LimitSpec(250, 1.1m) }).Tolerated);
        Assert.Equal(1.25, Of(Plan, new GuardrailSpec { ErrorRate = new LimitSpec(1, 2m) }).Tolerated);
    }

    [Theory]
    [InlineData(RolloutStrategy.Rolling, "a rolling release moves servers")]
    [InlineData(RolloutStrategy.Shadow, "a shadow is compared on everybody's requests")]
    public void Of_AStrategyWithoutACohort_SaysWhy(RolloutStrategy strategy, string why) => AssertNone(Plan with { Strategy = strategy }, why);

    [Fact]
    public void Of_FlagsWithoutOneCohort_SaysWhy()
    {
        AssertNone(Plan with { Flags = [] }, "no flag says which users");
        AssertNone(Plan with { Flags = [new FlagSpec { Name = "search-v2", Lever = FlagLever.Percentage }] }, "the percentage filter rolls anew");
        AssertNone(Plan with { Flags = [new FlagSpec { Name = "search-v2" }, new FlagSpec { Name = "search-index" }] }, "several flags");
        AssertNone(Plan with { Stages = [Plan.Stages[3] with { Index = 0 }] }, "no stage exposes a part of the users");
        Assert.Empty(Of(Plan with { Flags = [new FlagSpec { Name = "search-v2", Label = "west" }, new FlagSpec { Name = "search-v2", Label = "north" }] }).Why);
    }

    private static void AssertNone(ReleasePlan plan, string why)
    {
        var cohorts = Of(plan);
        Assert.StartsWith(why, cohorts.Why, StringComparison.Ordinal);
        Assert.Empty(cohorts.Percentages);
        var note = Assert.Single(Calibrator.Measure(cohorts, [], plan.Watch.Interval, SampleRequests.Start).Notes);
        Assert.Equal($"A/A offset and noise with memory: not measured, {cohorts.Why}; intervals are judged one by one, and without an offset", note);
    }

    private static CalibrationPlan Of(ReleasePlan plan, GuardrailSpec? guardrails = null) =>
        CalibrationPlan.Of(plan, plan.Environments[0], guardrails ?? new GuardrailSpec());
}
