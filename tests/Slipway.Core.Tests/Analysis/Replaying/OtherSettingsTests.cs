using System.Text.Json;
using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Judging;
using Slipway.Core.Analysis.Replaying;
using Slipway.Core.Planning;
using Slipway.Core.Requests;
using Slipway.Core.Serialization;
using Slipway.Core.Tests.Ledgers;

namespace Slipway.Core.Tests.Analysis.Replaying;

public class OtherSettingsTests
{
    [Fact]
    public void Apply_Nothing_ChangesNothing()
    {
        var plan = Plan();

        Assert.True(new OtherSettings().AsRecorded);
        Assert.Equal(JsonSerializer.Serialize(plan, SlipwayJson.Options), JsonSerializer.Serialize(new OtherSettings().Apply(plan), SlipwayJson.Options));
        Assert.Equal("", new OtherSettings().ToString());
    }

    [Theory]
    [InlineData(5, 95)] // looser: 99 % would roll back in its stead
    [InlineData(0.2, 99)] // stricter: the objective is no limit any more
    public void Apply_AnErrorLimit_TheAvailabilityObjectiveFollowsALooserOne(decimal limit, decimal objective)
    {
        var plan = new OtherSettings(ErrorLimit: limit).Apply(Plan());

        Assert.Equal(limit, plan.Triggers.Single(trigger => trigger.Name == GuardrailProfile.ErrorRateTrigger).Above);
        Assert.Equal(objective, plan.Triggers.Single(trigger => trigger.Name == GuardrailProfile.AvailabilityTrigger).Below);
        Assert.Equal(600, plan.Triggers.Single(trigger => trigger.Name == GuardrailProfile.LatencyTrigger).Above);
        Assert.Equal((double)limit / 100, plan.Evidence.ErrorLimit, 1e-12);
    }

    [Fact]
    public void Apply_TheOthers_ReachTriggersAndTests()
    {
        var plan = new OtherSettings(LatencyLimit: 300, ToleratedRatio: 2, Budget: 5).Apply(Plan());

        Assert.Equal(300, plan.Triggers.Single(trigger => trigger.Name == GuardrailProfile.LatencyTrigger).Above);
        Assert.Equal((300, 2, 2, 0.05), (plan.Evidence.LatencyLimit, plan.Evidence.ErrorTolerance, plan.Evidence.LatencyTolerance, plan.Evidence.FalseRollbackBudget));
    }

    [Fact]
    public void Apply_TheOthers_LeavesTriggersOfTheRequestAlone()
    {
        var own = new PlannedTrigger("slow burn", "error_rate", 2, null, TimeSpan.FromMinutes(1), TimeSpan.Zero, TriggerAction.AutoRollback);
        var plan = new OtherSettings(ErrorLimit: 9).Apply(Plan() with { Triggers = [own] });

        Assert.Equal(own, Assert.Single(plan.Triggers));
    }

    [Fact]
    public void Words_NameEveryChange() => Assert.Equal(
        "error_rate limit 2.5 %, latency_p95 limit 300 ms, tolerated ratio 1.5, false-rollback budget 0.1 %",
        new OtherSettings(2.5m, 300, 1.5m, 0.1m).ToString());

    /// <summary>On the same evidence in both directions, and never the recorded verdict itself.</summary>
    [Fact]
    public void Run_WithOtherSettings_DecidesOtherwiseOnTheSameEvidence()
    {
        var bad = JudgedLedger.Of(canaryErrors: 30);
        Assert.DoesNotContain(Run(bad, new OtherSettings(ErrorLimit: 10, ToleratedRatio: 20)), verdict => verdict.Recomputed!.Verdict == Verdict.Fail);
        Assert.Contains(Run(bad, new OtherSettings(ErrorLimit: 10, Budget: 50)), verdict => verdict.Recomputed!.Verdict == Verdict.Fail);

        var tolerated = JudgedLedger.Of(canaryErrors: 9, minutes: 30, tolerated: 4);
        Assert.DoesNotContain(Run(tolerated, new OtherSettings()), verdict => verdict.Recomputed!.Verdict == Verdict.Fail);
        Assert.Contains(Run(tolerated, new OtherSettings(ToleratedRatio: 1)), verdict => verdict.Recomputed!.Verdict == Verdict.Fail && verdict.Recorded.Assessment.Verdict != Verdict.Fail);
    }

    private static IReadOnlyList<ReplayedVerdict> Run(IReadOnlyList<Core.Ledgers.LedgerEntry> entries, OtherSettings settings) =>
        VerdictReplay.Run(entries, new EvidenceJudge(), settings.Apply);

    private static ReleasePlan Plan() => SampleRequests.Plan() with
    {
        Triggers =
        [
            Trigger(GuardrailProfile.ErrorRateTrigger, "error_rate", 1, null),
            Trigger(GuardrailProfile.LatencyTrigger, "latency_p95", 600, null),
            Trigger(GuardrailProfile.AvailabilityTrigger, "availability", null, 99),
        ],
    };

    private static PlannedTrigger Trigger(string name, string metric, decimal? above, decimal? below) =>
        new(name, metric, above, below, TimeSpan.FromMinutes(5), TimeSpan.Zero, TriggerAction.AutoRollback);
}
