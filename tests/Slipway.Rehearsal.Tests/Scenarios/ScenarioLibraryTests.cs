using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Rehearsal.Running;
using Slipway.Rehearsal.Scenarios;
using Slipway.Rehearsal.Tests.World;

namespace Slipway.Rehearsal.Tests.Scenarios;

public class ScenarioLibraryTests
{
    [Fact]
    public void All_Names_AreUniqueAndFound()
    {
        Assert.Equal(ScenarioLibrary.All.Count, ScenarioLibrary.All.Select(scenario => scenario.Name).Distinct().Count());
        Assert.All(ScenarioLibrary.All, scenario => Assert.Equal(scenario.Name, ScenarioLibrary.Find(scenario.Name)!.Name));
    }

    [Theory]
    [InlineData("error-x5@2", "error-x5@2")]
    [InlineData("error-x3.5", "error-x3.5")]
    [InlineData("latency-x1.5@1", "latency-x1.5@1")]
    [InlineData("healthy@3", "healthy@3")]
    public void Find_WithFactorOrStage_GivesTheScenario(string name, string expected) => Assert.Equal(expected, ScenarioLibrary.Find(name)!.Name);

    [Theory]
    [InlineData("")]
    [InlineData("error-x1")]
    [InlineData("error-x101")]
    [InlineData("error-x-2")]
    [InlineData("error-x5@0")]
    [InlineData("error-x5@two")]
    [InlineData("helthy")]
    public void Find_Nonsense_IsNull(string name) => Assert.Null(ScenarioLibrary.Find(name));

    [Theory]
    [InlineData("one-region", "the environment has one region")]
    [InlineData("approval-never", "nobody is asked for approval")]
    [InlineData("level-2-fails", "the plan has no level 2: rollback.configuration names no key")]
    [InlineData("error-x5@4", "the plan has 3 stages")]
    public void Unfit_OfAPlanThatLacksIt_SaysWhy(string name, string why) =>
        Assert.Equal(why, Rehearsals.Unfit(Subjects.Of(Subjects.Canary()), ScenarioLibrary.Find(name)!));

    [Fact]
    public void Errors_BelowWhatThePlanFinds_AreNoClaimAndFarAboveAreOne()
    {
        var subject = Subjects.Of(Subjects.Canary());
        var sure = subject.Power.Rows.First(row => row.Stage == 0 && row.Metric == MetricNames.ErrorRate).NearlySure!.Value;

        Assert.Null(Expected.Errors(subject, 0, 1.3).Claim);
        Assert.Equal((ReleasePhase.Completed, 0.05), Expected.Errors(subject, 0, sure).Claim is { } claim ? (claim.Ends, claim.AtMost) : default);
    }

    [Theory]
    [InlineData(0.05, 0, 1, false)]
    [InlineData(0.05, 1, 1, false)]
    [InlineData(0.05, 2, 2, true)]
    [InlineData(0.05, 4, 20, false)]
    [InlineData(0.05, 5, 20, true)]
    [InlineData(0.20, 3, 5, false)]
    [InlineData(0.20, 5, 5, true)]
    public void RateClaim_IsRefutedOnlyByWhatChanceDoesNotExplain(double atMost, int misses, int runs, bool refuted) =>
        Assert.Equal(refuted, new RateClaim(ReleasePhase.Completed, atMost, "").IsRefutedBy(misses, runs));
}
