using Slipway.Core.Documents;
using Slipway.Core.Tests.Ledgers;

namespace Slipway.Core.Tests.Documents;

public class LevelEstimatesTests
{
    [Fact]
    [Trait("requirement", "S004-25")]
    [Trait("requirement", "S004-45")]
    [Trait("requirement", "S004-94")]
    [Trait("requirement", "S004-96")]
    public void Of_AnOrdinaryPlan_EachLevelTakesLongerAndIsWithinItsBudget()
    {
        var estimates = LevelEstimates.Of(SampleRequests.Request(), SampleRequests.Plan());
        Assert.True(estimates.Level1 < estimates.Level2 && estimates.Level2 < estimates.Level3);
        Assert.Empty(estimates.OverBudget);
    }

    [Theory]
    [Trait("requirement", "S000-49")]
    [Trait("requirement", "X12")]
    [InlineData(234, false)]
    [InlineData(235, true)]
    public void Of_PropagationThatTakesLevel1To300Seconds_IsOverBudget(int propagation, bool over)
    {
        // 5 s for the flag and 60 s for the check: 299 s is within five minutes, 300 s is not.
        var plan = SampleRequests.Plan();
        plan = plan with { Watch = plan.Watch with { Propagation = TimeSpan.FromSeconds(propagation) }, Levels = [plan.Levels[0] with { Targets = ["search-v2"] }] };
        Assert.Equal(over, LevelEstimates.Of(SampleRequests.Request(), plan).OverBudget.Contains(1));
    }
}
