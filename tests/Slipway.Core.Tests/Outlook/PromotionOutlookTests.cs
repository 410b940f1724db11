using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Core.Outlook;
using Slipway.Core.Releases;
using Slipway.Core.Tests.Ledgers;

namespace Slipway.Core.Tests.Outlook;

public sealed class PromotionOutlookTests
{
    [Theory]
    [InlineData("completed", "every user has it")]
    [InlineData("rolled_back", "was rolled back")]
    [InlineData("failed_preflight", "the release failed")]
    public void A_release_that_is_over_can_never_be_promoted(string sample, string why)
    {
        var outlook = Of(SampleLedgers.All[sample]);

        Assert.False(outlook.Possible);
        Assert.StartsWith("Cannot happen:", outlook.Headline, StringComparison.Ordinal);
        Assert.Contains(why, outlook.Headline, StringComparison.Ordinal);
        Assert.Empty(outlook.Needs);
    }

    [Fact]
    public void A_paused_release_needs_somebody_to_resume_it()
    {
        var outlook = Of(SampleLedgers.All["paused"]);

        Assert.True(outlook.Possible);
        Assert.Contains(outlook.Needs, need => need.Sentence.StartsWith("somebody resumes it: dana asked for a hold", StringComparison.Ordinal));
    }

    [Fact]
    public void A_bake_needs_its_minutes_and_its_evidence_in_numbers()
    {
        var entries = JudgedLedger.Of(canaryErrors: 4, minutes: 3);
        var state = ReleaseState.Fold(entries);
        Assert.Equal(Verdict.Undecided, state.Assessment!.Verdict);

        var outlook = PromotionOutlook.Of(state, state.UpdatedAt);

        Assert.Contains("For 25 %", outlook.Headline, StringComparison.Ordinal);
        foreach (var missing in state.Assessment.Missing) Assert.Contains(outlook.Needs, need => need.Sentence == missing);
        Assert.NotEmpty(state.Assessment.Missing);
    }

    [Fact]
    public void An_open_bake_says_how_long_and_until_when()
    {
        var script = SampleLedgers.Exposed(new LedgerScript(SampleRequests.Start), 1);
        var end = script.Now.AddMinutes(12);
        script
            .Add(new WatchDirected(1, WatchMode.Bake, null, end, end.AddHours(1), []))
            .Add(new PhaseEntered(ReleasePhase.Baking, ReleaseTrigger.Propagated, 0, "the stage is judged", end, "the bake ends"));
        var state = ReleaseState.Fold(script.Entries);

        var need = PromotionOutlook.Of(state, end.AddMinutes(-5)).Needs.Single(one => one.Until == end);

        Assert.Equal("5m more of the bake", need.Sentence);
    }

    [Fact]
    public void A_failed_critical_gate_and_lost_sight_are_named()
    {
        var blind = ReleaseState.Fold(SampleLedgers.All["blind"]);

        var needs = PromotionOutlook.Of(blind with { Phase = ReleasePhase.Baking }, blind.UpdatedAt).Needs;

        Assert.Contains(needs, need => need.Sentence.StartsWith("telemetry:", StringComparison.Ordinal));
    }

    private static PromotionOutlook Of(IReadOnlyList<LedgerEntry> entries)
    {
        var state = ReleaseState.Fold(entries);
        return PromotionOutlook.Of(state, state.UpdatedAt);
    }
}
