using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Requests;

namespace Slipway.Core.Tests.Ledgers;

/// <summary>Ledgers of plausible releases, written by hand.</summary>
internal static class SampleLedgers
{
    /// <summary>Every sample by name.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<LedgerEntry>> All { get; } = new Dictionary<string, IReadOnlyList<LedgerEntry>>
    {
        ["running"] = Exposed(new LedgerScript(SampleRequests.Start), 2).Entries,
        ["paused"] = Paused().Entries,
        ["completed"] = Completed().Entries,
        ["completed_with_acknowledged_notices"] = CompletedWithDeadMail().Entries,
        ["rolled_back"] = RolledBack().Entries,
        ["rolled_back_by_a_person"] = RolledBackByHand().Entries,
        ["failed_preflight"] = FailedPreflight().Entries,
        ["aborted_before_exposure"] = Aborted().Entries,
        ["failed_rollback"] = FailedRollback().Entries,
        ["blind"] = Blind().Entries,
    };

    public static LedgerScript Begun(LedgerScript script, RiskLevel risk = RiskLevel.Low) => script
        .Add(SampleRequests.Created(risk), "dana@example.com")
        .Wait(0.1)
        .Add(new PhaseEntered(ReleasePhase.Preflight, ReleaseTrigger.Begin, -1, "the workflow began", null, ""))
        .Add(Mail("start", Checkpoint.Start, true));

    public static LedgerScript Preflighted(LedgerScript script, RiskLevel risk = RiskLevel.Low)
    {
        Begun(script, risk);
        foreach (var gate in QualityGates.Seven) script.Add(Gate(gate, GateStatus.Pass, GateKind.Quality));
        return script
            .Add(Gate(QualityGates.ArtifactSignature, GateStatus.Pass, GateKind.Quality))
            .Add(Gate(QualityGates.ArtifactSbom, GateStatus.Pass, GateKind.Quality))
            .Add(Gate(QualityGates.Smoke("search"), GateStatus.Pass, GateKind.Smoke, 42))
            .Add(Gate(QualityGates.Service("catalog"), GateStatus.Pass, GateKind.Service, 12))
            .Add(Gate(QualityGates.Database("catalog-db"), GateStatus.Pass, GateKind.Database))
            .Add(new GateChecked(QualityGates.ExternalApi("geo"), GateStatus.Fail, false, "503 from geo, expected 2xx", GateKind.ExternalApi, 900))
            .Wait(0.5)
            .Add(new PhaseEntered(ReleasePhase.Waiting, ReleaseTrigger.GatesPassed, -1, "every critical gate passed", script.Now.AddMinutes(5), "the window opens"))
            .Wait(5)
            .Add(new PhaseEntered(ReleasePhase.Capturing, ReleaseTrigger.WindowOpen, 0, "the window is open", null, ""))
            .Add(new StateCaptured([SampleRequests.FlagAt(0, 0)], [new ConfigurationValue("search:index:mode", "nightly", "k1")]));
    }

    public static LedgerScript Exposed(LedgerScript script, int stages, RiskLevel risk = RiskLevel.Low)
    {
        Preflighted(script, risk);
        for (var stage = 0; stage < stages; stage++)
        {
            Shift(script, stage);
            if (stage < stages - 1) Promote(script, stage);
        }

        return script;
    }

    public static LedgerScript Completed(bool mail = true)
    {
        var script = Exposed(new LedgerScript(SampleRequests.Start), 4);
        Promote(script, 3);
        script
            .Add(new PhaseEntered(ReleasePhase.Validating, ReleaseTrigger.LastStagePassed, 3, "the last stage passed", null, ""))
            .Add(Gate(QualityGates.Smoke("search"), GateStatus.Pass, GateKind.Smoke, 40))
            .Add(new PhaseEntered(ReleasePhase.Concluding, ReleaseTrigger.Validated, 3, "the checks at 100 % passed", script.Now.AddHours(24), "notices are given up"))
            .Add(Mail("done", Checkpoint.Done, mail));
        if (!mail)
        {
            script
                .Add(new CommandReceived(new ReleaseCommand("ack-1", ReleaseCommandKind.AcknowledgeNotices, "dana@example.com", "told by phone")))
                .Add(new CommandApplied("ack-1", "the release may end"));
        }

        return script
            .Wait(0.1)
            .Add(new PhaseEntered(ReleasePhase.Completed, ReleaseTrigger.NoticesAccepted, 3, "everyone is on 2.4.0", null, ""))
            .Add(new ReleaseEnded(ReleasePhase.Completed, "everyone is on 2.4.0", []));
    }

    private static LedgerScript CompletedWithDeadMail() => Completed(mail: false);

    private static LedgerScript Paused() => Exposed(new LedgerScript(SampleRequests.Start), 2)
        .Add(new CommandReceived(new ReleaseCommand("c-1", ReleaseCommandKind.Pause, "dana@example.com", "git push --force looked odd")), "dana@example.com")
        .Add(new CommandApplied("c-1", "held at 25 %"))
        .Add(new PhaseEntered(ReleasePhase.Paused, ReleaseTrigger.Pause, 1, "dana asked for a hold", null, ""))
        .Add(new CommandReceived(new ReleaseCommand("c-2", ReleaseCommandKind.Extend, "dana@example.com", "")), "dana@example.com")
        .Add(new CommandRefused("c-2", "a paused release is not baking: resume it first"));

    public static LedgerScript RolledBack()
    {
        var script = Breached();
        return Level(script, 1, recovered: true)
            .Add(new PhaseEntered(ReleasePhase.RolledBack, ReleaseTrigger.Recovered, 1, "flags are back", null, ""))
            .Add(new ReleaseEnded(ReleasePhase.RolledBack, "flags are back at their captured state", []))
            .Add(Mail("rollback", Checkpoint.Rollback, true));
    }

    private static LedgerScript RolledBackByHand()
    {
        var script = Exposed(new LedgerScript(SampleRequests.Start), 1)
            .Add(new CommandReceived(new ReleaseCommand("c-1", ReleaseCommandKind.RollBack, "dana@example.com", "")), "dana@example.com")
            .Add(new PhaseEntered(ReleasePhase.RollingBack, ReleaseTrigger.RollBack, 0, "", null, ""))
            .Add(new RollbackBegun(false, "dana@example.com", "", null, null));
        return Level(script, 1, recovered: true)
            .Add(new ReleaseEnded(ReleasePhase.RolledBack, "", []))
            .Add(new CommandApplied("c-1", "rolled back"));
    }

    private static LedgerScript FailedPreflight() => Begun(new LedgerScript(SampleRequests.Start))
        .Add(Gate(QualityGates.StagingTests, GateStatus.Pass, GateKind.Quality))
        .Add(new GateChecked(QualityGates.SecurityScan, GateStatus.Fail, true, "2 high findings, expected at most 0", GateKind.Quality, null))
        .Add(new PhaseEntered(ReleasePhase.Failed, ReleaseTrigger.GatesFailed, -1, "security scan failed", null, ""))
        .Add(new ReleaseEnded(ReleasePhase.Failed, "security scan failed: 2 high findings, expected at most 0", ["fix the findings"]));

    private static LedgerScript Aborted() => Preflighted(new LedgerScript(SampleRequests.Start))
        .Add(new CommandReceived(new ReleaseCommand("c-1", ReleaseCommandKind.Abort, "dana@example.com", "wrong build")), "dana@example.com")
        .Add(new PhaseEntered(ReleasePhase.Failed, ReleaseTrigger.Abort, -1, "aborted before any write", null, ""))
        .Add(new CommandApplied("c-1", "nothing was written"))
        .Add(new ReleaseEnded(ReleasePhase.Failed, "aborted by dana@example.com: wrong build", []));

    private static LedgerScript FailedRollback()
    {
        var script = Breached();
        Level(script, 1, recovered: false);
        Level(script, 2, recovered: false);
        return Level(script, 3, recovered: false)
            .Add(new PhaseEntered(ReleasePhase.Failed, ReleaseTrigger.LevelsExhausted, 1, "no level is left", null, ""))
            .Add(new ReleaseEnded(ReleasePhase.Failed, "no level recovered the release", ["set the flag search-v2 to off by hand"]));
    }

    private static LedgerScript Blind() => Exposed(new LedgerScript(SampleRequests.Start), 1)
        .Add(new IntervalJudged(0, SampleRequests.Start.AddHours(2), [], new Assessment
        {
            Verdict = Verdict.Blind,
            Sentence = "no telemetry for 5 minutes",
            Blind = BlindCause.Dead,
            BlindSince = SampleRequests.Start.AddHours(1),
        }))
        .Add(new AlertRaised(AlertNames.TelemetryLost, AlertSeverity.Critical, "no telemetry for 5 minutes", "held"))
        .Add(new PhaseEntered(ReleasePhase.Paused, ReleaseTrigger.Held, 0, "sight is lost", SampleRequests.Start.AddHours(3), "rollback unless telemetry returns"));

    private static LedgerScript Breached()
    {
        var script = Exposed(new LedgerScript(SampleRequests.Start), 2);
        var finding = new Finding
        {
            Rule = "error_rate limit",
            Metric = "error_rate",
            Value = 8.1,
            Bound = 6.5,
            Control = 0.4,
            Limit = 1,
            Sample = 1200,
            CrossedAt = script.Now,
            Action = TriggerAction.AutoRollback,
            Sentence = "error rate 8.1 % over 1,200 requests, limit 1 %",
        };
        return script
            .Add(Judged(script.Now, 1, 97, new Assessment { Verdict = Verdict.Fail, Sentence = finding.Sentence, Findings = [finding] }))
            .Add(new GateChecked(QualityGates.Smoke("search"), GateStatus.Fail, true, "500, expected 200", GateKind.Smoke, 30))
            .Add(new PhaseEntered(ReleasePhase.RollingBack, ReleaseTrigger.Breached, 1, finding.Sentence, null, ""))
            .Add(new RollbackBegun(true, "slipway", finding.Sentence, finding, script.Now));
    }

    private static LedgerScript Level(LedgerScript script, int level, bool recovered)
    {
        var started = script.Now;
        script.Add(new EffectIntended($"undo-{level}", EffectKind.Flag, SampleRequests.Flag, "back to the captured state")).Wait(0.2);
        script.Add(new EffectFinished(
            $"undo-{level}", EffectKind.Flag, SampleRequests.Flag, recovered ? EffectOutcome.Done : EffectOutcome.Failed, "",
            recovered ? SampleRequests.FlagAt(0, 9) : null));
        return script.Wait(1).Add(new LevelEnded(level, recovered, recovered ? "flag off, smoke good" : "no answer", recovered ? [] : [SampleRequests.Flag], started, recovered ? started.AddMinutes(0.2) : null));
    }

    private static void Shift(LedgerScript script, int stage)
    {
        var percentage = SampleRequests.Plan().Stages[stage].Percentage;
        script
            .Add(new PhaseEntered(ReleasePhase.Shifting, stage == 0 ? ReleaseTrigger.Captured : ReleaseTrigger.StagePassed, stage, $"to {percentage}", null, ""))
            .Add(new EffectIntended($"flag-{stage}", EffectKind.Flag, SampleRequests.Flag, $"to {percentage}"))
            .Add(new EffectFinished($"flag-{stage}", EffectKind.Flag, SampleRequests.Flag, EffectOutcome.Done, $"read back {percentage}", SampleRequests.FlagAt(percentage.Value, stage + 1)))
            .Add(new StageStarted(stage, percentage, script.Now.AddMinutes(1)))
            .Add(new PhaseEntered(ReleasePhase.Propagating, ReleaseTrigger.Shifted, stage, "applications refresh", script.Now.AddMinutes(1), "the bake begins"))
            .Wait(1)
            .Add(new PhaseEntered(ReleasePhase.Baking, ReleaseTrigger.Propagated, stage, "the stage is judged", script.Now.AddMinutes(30), "the bake ends"));
        for (var minute = 0; minute < 4; minute++)
        {
            script.Wait(1).Add(Judged(script.Now, stage, 4, new Assessment { Verdict = Verdict.Undecided, Sentence = "needs 400 more requests" }));
        }
    }

    private static void Promote(LedgerScript script, int stage) => script
        .Wait(10)
        .Add(new StageEnded(stage, Verdict.Pass, "nothing stands against promotion", true))
        .Add(Mail($"stage-{stage}", Checkpoint.Stage, true));

    public static IntervalJudged Judged(DateTimeOffset end, int stage, long canaryErrors, Assessment assessment) => new(
        stage, end, [Observed(end, "northeurope", canaryErrors), Observed(end, "westeurope", canaryErrors)], assessment);

    private static Observation Observed(DateTimeOffset end, string region, long canaryErrors) => new(
        end.AddMinutes(-1), TimeSpan.FromMinutes(1), region,
        Arm(600, canaryErrors, 120, ["NullReference", "Timeout"]), Arm(6000, 24, 100, ["Timeout"]));

    private static ArmSample Arm(long requests, long errors, double p95, IReadOnlyList<string> types) => new()
    {
        Requests = requests,
        Errors = errors,
        Latency = new LatencyHistogram(new Dictionary<int, long>
        {
            [LatencyHistogram.BucketOf(p95 / 3)] = requests * 8 / 10,
            [LatencyHistogram.BucketOf(p95)] = requests - (requests * 8 / 10),
        }),
        Users = requests / 5,
        ErrorTypes = types,
        DependencyFailures = new Dictionary<string, long> { ["catalog"] = errors },
        Kpis = new Dictionary<string, KpiSample> { ["searches_with_click"] = new(requests, requests * 0.4, requests * 0.4) },
    };

    private static GateChecked Gate(string name, GateStatus status, GateKind kind, double? latency = null) =>
        new(name, status, true, $"{name} is good", kind, latency);

    private static MessageSent Mail(string id, Checkpoint checkpoint, bool accepted) => new(
        id, checkpoint, "support@example.com", EffectKind.Mail, accepted, accepted ? "outbox" : "no route to host", false);
}
