using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Tests.Ledgers;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Reporting;

namespace Slipway.Workflow.Tests.Reporting;

public sealed class ReleaseSummariesTests
{
    private static ReleaseSummary Of(string sample, int entries = int.MaxValue) =>
        ReleaseSummaries.Of(ReleaseState.Fold(SampleLedgers.All[sample].Take(entries)));

    [Fact]
    public void A_running_release_shows_stage_exposure_and_both_arms_of_the_newest_interval()
    {
        var summary = Of("running");
        Assert.Equal((ReleasePhase.Baking, 25m, 2, 4), (summary.Phase, summary.Percentage, summary.Stage, summary.Stages));
        Assert.Equal(100.0 * 8 / 1200, summary.CanaryErrorRate!.Value, 9);
        Assert.Equal(0.4, summary.ControlErrorRate!.Value, 9);
        Assert.InRange(summary.CanaryP95!.Value, 120, 126);
        Assert.InRange(summary.ControlP95!.Value, 100, 105);
        Assert.Equal("needs 400 more requests", summary.Why);
        Assert.Equal("the bake ends", summary.NextEvent);
        Assert.NotNull(summary.NextAt);
    }

    [Fact]
    public void A_release_that_has_only_been_recorded_shows_that()
    {
        var summary = Of("running", 1);
        Assert.Equal((ReleasePhase.Received, 0m, 0, 4), (summary.Phase, summary.Percentage, summary.Stage, summary.Stages));
        Assert.Equal("search-index-v2", summary.Id.Value);
        Assert.Equal(SampleRequests.Start, summary.StartedAt);
        Assert.False(string.IsNullOrWhiteSpace(summary.Why));
        Assert.Null(summary.CanaryErrorRate);
        Assert.Null(summary.NextAt);
    }

    [Fact]
    public void A_rolled_back_release_keeps_the_breach_as_its_reason()
    {
        var summary = Of("rolled_back");
        Assert.Equal((ReleasePhase.RolledBack, 0m), (summary.Phase, summary.Percentage));
        Assert.Equal("error rate 8.1 % over 1,200 requests, limit 1 %", summary.Why);
    }
}
