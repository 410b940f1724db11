using System.Text.Json;
using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Calibrating;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Core.Tests.Ledgers;

public sealed class ReleaseStateTests
{
    [Fact]
    public void Fold_OfACompletedRelease_HasEveryStageCompletedAndFullExposure()
    {
        var state = ReleaseState.Fold(SampleLedgers.All["completed"]);
        Assert.Equal(ReleasePhase.Completed, state.Phase);
        Assert.All(state.Stages, stage => Assert.Equal(StageStatus.Completed, stage.Status));
        Assert.Equal(Percentage.Full, state.Exposure);
        Assert.NotNull(state.GatesPassedAt);
        Assert.Null(state.Rollback);
        Assert.Empty(state.OpenEffects);
        Assert.Empty(state.DueMessages);
        Assert.Equal(state.Sequence, SampleLedgers.All["completed"].Count);
        Assert.Equal(state.HeadHash, SampleLedgers.All["completed"][^1].Hash);
    }

    [Fact]
    public void Fold_OfARolledBackRelease_KnowsWhoWhenWhyAndTheReadBack()
    {
        var state = ReleaseState.Fold(SampleLedgers.All["rolled_back"]);
        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal(Percentage.Zero, state.Exposure);
        Assert.Equal(new Percentage(25), state.PeakExposure);
        Assert.True(state.Rollback!.Automated);
        Assert.Equal("error_rate limit", state.Rollback.Finding!.Rule);
        Assert.Equal(state.Rollback.BegunAt.AddSeconds(12), state.Rollback.RecoveredAt);
        Assert.Single(state.Rollback.Levels);
        Assert.Equal("automatic rollback", state.Alerts["error_rate limit"].ActionTaken);
        Assert.True(state.Wrote);
    }

    [Fact]
    public void Calibration_IsKeptByEnvironmentAndTheNewestCounts()
    {
        var first = Calibration.Unmeasured("telemetry has no rows");
        var second = new Calibration
        {
            Offsets = [new MetricOffset("error_rate", "all", 12.5m, 0.25, 0.01, 0.2, 60)],
            Autocorrelation = 0.5,
            BlockIntervals = 3,
            Notes = ["noise with memory: 0.50; intervals are judged in blocks of 3"],
        };
        var script = SampleLedgers.Begun(new LedgerScript(SampleRequests.Start)).Add(new CalibrationMeasured(0, first)).Add(new CalibrationMeasured(0, second));

        var state = ReleaseState.Fold(script.Entries);

        var kept = Assert.Single(state.Calibrations).Value;
        Assert.Equal(second.Offsets, kept.Offsets);
        Assert.Equal((0.5, 3), (kept.Autocorrelation, kept.BlockIntervals));
        Assert.Equal("calibration.measured.v1", script.Entries[^1].Type);
        Assert.Equal(("calibration measured", second.Notes[0]), (state.Audit[^1].Action, state.Audit[^1].Details));
    }

    [Fact]
    public void Evidence_IsKeptAsTotalsOfTheStage()
    {
        var state = ReleaseState.Fold(SampleLedgers.All["running"]);
        var evidence = state.Stages[1].Evidence;
        Assert.Equal(4, evidence.Intervals);
        Assert.Equal(TimeSpan.FromMinutes(4), evidence.Analysed);
        Assert.Equal((4800, 32), (evidence.Canary.Requests, evidence.Canary.Errors));
        Assert.Equal((48000, 192), (evidence.Control.Requests, evidence.Control.Errors));
        Assert.Equal(4800, evidence.Canary.Latency.Total);
        Assert.Equal(4800, evidence.Canary.Kpis["searches_with_click"].Count);
        Assert.Equal((1200, 8), (state.LastInterval!.Canary!.Requests, state.LastInterval.Canary.Errors));
        Assert.Equal(["NullReference"], state.NewErrorTypes);
        Assert.Equal(64, state.DependencyFailures["catalog"]);
    }

    [Fact]
    public void Commands_CarryTheirAnswer()
    {
        var state = ReleaseState.Fold(SampleLedgers.All["paused"]);
        Assert.Equal([true, false], state.Commands.Select(command => command.Applied));
        Assert.Empty(state.PendingCommands);
        var before = ReleaseState.Fold(SampleLedgers.All["paused"].Take((int)state.Commands[1].Sequence));
        Assert.Equal("c-2", Assert.Single(before.PendingCommands).Command.Id);
    }

    [Fact]
    public void Abort_BeforeAnyWrite_LeavesNothingWritten()
    {
        var state = ReleaseState.Fold(SampleLedgers.All["aborted_before_exposure"]);
        Assert.False(state.Wrote);
        Assert.Null(state.Rollback);
        Assert.Equal(ReleasePhase.Failed, state.Phase);
    }

    [Fact]
    public void Apply_OfAnEntryAgain_ChangesNothing()
    {
        var entries = SampleLedgers.All["running"];
        var state = ReleaseState.Fold(entries);
        Assert.Same(state, state.Apply(entries[4]));
    }

    [Fact]
    public void Apply_AfterAGap_Throws() =>
        Assert.Throws<ArgumentException>(() => ReleaseState.Empty.Apply(SampleLedgers.All["running"][1]));

    [Fact]
    public void Apply_OfATerminalRelease_NeverChangesItsPhase()
    {
        var script = SampleLedgers.Completed()
            .Add(new PhaseEntered(ReleasePhase.Baking, ReleaseTrigger.Resume, 3, "late", null, ""))
            .Add(new ReleaseEnded(ReleasePhase.Failed, "late", []));
        Assert.Equal(ReleasePhase.Completed, ReleaseState.Fold(script.Entries).Phase);
    }

    [Fact]
    public void Apply_OfAnUnknownBody_OnlyMovesTheHead()
    {
        var script = SampleLedgers.Begun(new LedgerScript(SampleRequests.Start));
        var before = ReleaseState.Fold(script.Entries);
        using var json = JsonDocument.Parse("""{"a":1}""");
        script.Add(new UnknownBody("approval.asked.v9", json.RootElement.Clone()));
        var after = before.Apply(script.Entries[^1]);
        Assert.Equal(before.Sequence + 1, after.Sequence);
        Assert.Equal(before, after with { Sequence = before.Sequence, HeadHash = before.HeadHash, UpdatedAt = before.UpdatedAt });
    }

    [Fact]
    public void Fold_OfALongRelease_StaysBounded()
    {
        var script = SampleLedgers.Exposed(new LedgerScript(SampleRequests.Start), 1);
        var state = ReleaseState.Fold(script.Entries);
        var first = state.Audit[0];
        for (var minute = 0; minute < 2500; minute++)
        {
            script.Wait(1).Add(new AlertRaised("noise", AlertSeverity.Info, $"number {minute}", "none"));
            script.Add(SampleLedgers.Judged(script.Now, 0, 4, new Assessment { Verdict = Verdict.Undecided, Sentence = "more" }));
        }

        state = script.Entries.Aggregate(state, (sum, entry) => sum.Apply(entry));
        Assert.Equal(ReleaseState.AuditLimit + 1, state.Audit.Count);
        Assert.Equal(first, state.Audit[0]);
        Assert.Contains("number 2499", state.Audit[^1].Details, StringComparison.Ordinal);
        Assert.Equal(ReleaseState.TrendLength, state.EarlierErrorRates.Length);
        Assert.Equal(2504, state.Stages[0].Evidence.Intervals);
        Assert.Equal(2500, state.Alerts["noise"].Count);
    }

    [Fact]
    public void Interval_JudgedAnewByAWatchThatWasStartedAgain_CountsOnce()
    {
        var script = SampleLedgers.Exposed(new LedgerScript(SampleRequests.Start), 1);
        var judged = SampleLedgers.Judged(script.Wait(5).Now, 0, 4, new Assessment { Verdict = Verdict.Undecided, Sentence = "more" });
        script.Add(judged);
        var once = ReleaseState.Fold(script.Entries);
        script.Add(judged);
        var twice = ReleaseState.Fold(script.Entries);

        Assert.Equal(Numbers(once), Numbers(twice));

        static object Numbers(ReleaseState state) => (
            state.Stages[0].Evidence.Canary.Requests, state.Stages[0].Evidence.Control.Errors, state.Stages[0].Evidence.Intervals,
            state.LastInterval!.Canary!.Requests, state.DependencyFailures["catalog"]);
    }

    [Fact]
    public void Message_OnceAccepted_StaysAccepted()
    {
        var script = SampleLedgers.Begun(new LedgerScript(SampleRequests.Start));
        script.Add(new MessageSent("m", Checkpoint.Stage, "a@example.com", EffectKind.Mail, false, "down", false));
        Assert.Single(ReleaseState.Fold(script.Entries).DueMessages);
        script.Add(new MessageSent("m", Checkpoint.Stage, "a@example.com", EffectKind.Mail, true, "outbox", false));
        script.Add(new MessageSent("m", Checkpoint.Stage, "a@example.com", EffectKind.Mail, false, "down", true));
        var state = ReleaseState.Fold(script.Entries);
        Assert.Empty(state.DueMessages);
        Assert.Equal(3, state.Messages["m"].Attempts);
    }
}
