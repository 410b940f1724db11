using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Rescue;
using Slipway.Core.Tests.Ledgers;

namespace Slipway.Core.Tests.Rescue;

public sealed class RescueDecisionTests
{
    private static readonly ReleaseState Exposed = ReleaseState.Fold(SampleLedgers.Exposed(new LedgerScript(SampleRequests.Start), 2).Entries);

    private static readonly DateTimeOffset LastSign = Exposed.JudgedAt > Exposed.PhaseSince ? Exposed.JudgedAt.Value : Exposed.PhaseSince;

    private static readonly TimeSpan Limit = RescueDecision.SilenceLimit(Exposed.Plan.Watch);

    [Theory]
    [InlineData(OrchestrationPulse.Missing, "is gone")]
    [InlineData(OrchestrationPulse.Failed, "failed")]
    [InlineData(OrchestrationPulse.Ended, "ended")]
    public void Decide_ExposedWithoutAnOrchestration_TakesOverAtOnce(OrchestrationPulse pulse, string word)
    {
        var step = Assert.IsType<RescueStep.TakeOver>(RescueDecision.Decide(Exposed, pulse, LastSign));

        Assert.Contains($"the orchestration {word}", step.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ReleasePhase.Paused, OrchestrationPulse.Failed)]
    [InlineData(ReleasePhase.RollingBack, OrchestrationPulse.Failed)]
    [InlineData(ReleasePhase.Concluding, OrchestrationPulse.Missing)]
    [InlineData(ReleasePhase.Waiting, OrchestrationPulse.Ended)]
    public void Decide_ExposedWithoutAnOrchestrationInAnyPhase_TakesOver(ReleasePhase phase, OrchestrationPulse pulse) =>
        Assert.IsType<RescueStep.TakeOver>(RescueDecision.Decide(Exposed with { Phase = phase }, pulse, LastSign));

    [Theory]
    [InlineData(ReleasePhase.Completed)]
    [InlineData(ReleasePhase.RolledBack)]
    [InlineData(ReleasePhase.Failed)]
    public void Decide_TerminalRelease_Leaves(ReleasePhase phase) =>
        Assert.IsType<RescueStep.Leave>(RescueDecision.Decide(Exposed with { Phase = phase }, OrchestrationPulse.Failed, LastSign.AddDays(1)));

    [Theory]
    [InlineData(OrchestrationPulse.Missing, typeof(RescueStep.Leave))]
    [InlineData(OrchestrationPulse.Running, typeof(RescueStep.Leave))]
    [InlineData(OrchestrationPulse.Failed, typeof(RescueStep.Close))]
    [InlineData(OrchestrationPulse.Ended, typeof(RescueStep.Close))]
    public void Decide_CapturedButNothingWritten_ClosesWhatNobodyRuns(OrchestrationPulse pulse, Type expected)
    {
        var captured = ReleaseState.Fold(SampleLedgers.Preflighted(new LedgerScript(SampleRequests.Start)).Entries);

        Assert.NotNull(captured.Captured);
        Assert.IsType(expected, RescueDecision.Decide(captured, pulse, LastSign.AddDays(1)));
    }

    [Theory]
    [InlineData(ReleasePhase.Shifting)]
    [InlineData(ReleasePhase.Propagating)]
    [InlineData(ReleasePhase.Baking)]
    [InlineData(ReleasePhase.Waiting)]
    [InlineData(ReleasePhase.Validating)]
    [InlineData(ReleasePhase.Concluding)]
    public void Decide_RunningButSilentForTheLimit_WakesFirst(ReleasePhase phase)
    {
        var state = Exposed with { Phase = phase };

        Assert.IsType<RescueStep.Leave>(RescueDecision.Decide(state, OrchestrationPulse.Running, LastSign + Limit - TimeSpan.FromTicks(1)));
        var wake = Assert.IsType<RescueStep.WakeFirst>(RescueDecision.Decide(state, OrchestrationPulse.Running, LastSign + Limit));
        Assert.Equal(LastSign, wake.SilentSince);
    }

    [Fact]
    public void Decide_RunningSilentAndGoingBack_Leaves() =>
        Assert.IsType<RescueStep.Leave>(RescueDecision.Decide(Exposed with { Phase = ReleasePhase.RollingBack }, OrchestrationPulse.Running, LastSign.AddDays(1)));

    [Fact]
    public void Decide_HeldForAFailingWatch_WaitsForAPerson()
    {
        var held = WatchFailed(LastSign.AddMinutes(2)) with { Phase = ReleasePhase.Paused };

        Assert.IsType<RescueStep.Leave>(RescueDecision.Decide(held, OrchestrationPulse.Running, LastSign.AddDays(1)));
        Assert.IsType<RescueStep.WakeFirst>(RescueDecision.Decide(Exposed with { Phase = ReleasePhase.Paused }, OrchestrationPulse.Running, LastSign.AddDays(1)));
    }

    [Fact]
    public void Decide_WatchFailsAndTheOrchestrationSaidSo_HasTheTimeOfLostSight()
    {
        var state = WatchFailed(LastSign.AddMinutes(2));
        var limit = Limit + state.Plan.Watch.BlindHold;

        Assert.IsType<RescueStep.Leave>(RescueDecision.Decide(state, OrchestrationPulse.Running, LastSign + limit - TimeSpan.FromTicks(1)));
        Assert.IsType<RescueStep.WakeFirst>(RescueDecision.Decide(state, OrchestrationPulse.Running, LastSign + limit));
    }

    [Fact]
    public void Decide_SilentAfterItWasWoken_TakesOverAfterTheGrace()
    {
        var wokenAt = LastSign + Limit;
        var woken = Woken(wokenAt);

        Assert.IsType<RescueStep.Leave>(RescueDecision.Decide(woken, OrchestrationPulse.Running, wokenAt + RescueDecision.Grace - TimeSpan.FromTicks(1)));
        Assert.IsType<RescueStep.TakeOver>(RescueDecision.Decide(woken, OrchestrationPulse.Running, wokenAt + RescueDecision.Grace));
    }

    [Fact]
    public void Decide_SilentAgainAfterItHadJudged_WakesFirstAgain()
    {
        var judgedAt = LastSign + Limit + TimeSpan.FromSeconds(20);
        var state = Woken(LastSign + Limit) with { JudgedAt = judgedAt, JudgedAnywhereAt = judgedAt };

        Assert.IsType<RescueStep.Leave>(RescueDecision.Decide(state, OrchestrationPulse.Running, judgedAt + RescueDecision.Grace));
        Assert.IsType<RescueStep.WakeFirst>(RescueDecision.Decide(state, OrchestrationPulse.Running, judgedAt + Limit));
    }

    [Fact]
    public void Decide_ResumedAfterALongHold_StartsTheClockAtTheResume()
    {
        var resumedAt = LastSign.AddHours(5);

        Assert.IsType<RescueStep.Leave>(RescueDecision.Decide(Exposed with { PhaseSince = resumedAt }, OrchestrationPulse.Running, resumedAt.AddMinutes(1)));
    }

    [Theory]
    [InlineData(OrchestrationPulse.Running)]
    [InlineData(OrchestrationPulse.Failed)]
    public void Decide_TakenOverAndNotOver_GoesOn(OrchestrationPulse pulse) =>
        Assert.IsType<RescueStep.GoOn>(RescueDecision.Decide(
            Exposed with { Phase = ReleasePhase.RollingBack, TakenOver = new ReleaseTakenOver(RescueEntries.Rescuer, "it failed") }, pulse, LastSign));

    [Theory]
    [InlineData(1, 1, 10)]
    [InlineData(1, 5, 10)]
    [InlineData(1, 6, 11)]
    [InlineData(5, 3, 28)]
    public void SilenceLimit_IsTheLongerOfTenMinutesAndFivePollsWithTheDelay(int interval, int delay, int expected) =>
        Assert.Equal(TimeSpan.FromMinutes(expected), RescueDecision.SilenceLimit(Exposed.Plan.Watch with
        {
            Interval = TimeSpan.FromMinutes(interval),
            IngestionDelay = TimeSpan.FromMinutes(delay),
        }));

    [Fact]
    public void Brief_FlagNotAtItsStagesPercentage_MayHaveAWriteUnderWay()
    {
        var settled = RescueBrief.Of(Exposed);
        var shifting = RescueBrief.Of(Exposed with { Stage = Exposed.Stage + 1 });

        Assert.Null(Assert.Single(settled.Targets).Pending);
        Assert.Equal(Exposed.Plan.Stages[Exposed.Stage + 1].Percentage, Assert.Single(shifting.Targets).Pending);
    }

    [Fact]
    public void End_FlagsThatDidNotHelpBefore_FailsAndSaysSo()
    {
        var brief = RescueBrief.Of(Exposed) with { By = RescueEntries.Rescuer, FlagsDidNotHelp = true };
        RestoreResult[] done = [.. brief.Targets.Select(target => new RestoreResult(EffectKind.Flag, target.Flag.Name, EffectOutcome.Done, "read back", target.Captured))];

        var ending = RescueEntries.End(brief, done, null, LastSign, LastSign);

        Assert.Equal(ReleasePhase.Failed, ending.Phase);
        Assert.Contains(ending.LeftToDo, line => line.Contains("did not recover", StringComparison.Ordinal));
        Assert.Equal(ReleasePhase.RolledBack, RescueEntries.End(brief with { FlagsDidNotHelp = false }, done, null, LastSign, LastSign).Phase);
    }

    private static ReleaseState WatchFailed(DateTimeOffset at) => Exposed with
    {
        Alerts = Exposed.Alerts.Add(AlertNames.WatchFails, new AlertFact(AlertNames.WatchFails, AlertSeverity.Critical, "it failed", "started again", at, at, 1)),
    };

    private static ReleaseState Woken(DateTimeOffset at) => Exposed with
    {
        Alerts = Exposed.Alerts.Add(RescueDecision.SilenceAlert, new AlertFact(RescueDecision.SilenceAlert, AlertSeverity.Critical, "silent", "woken", at, at, 1)),
    };
}
