using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Judging;
using Slipway.Core.Gates;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Tests.Ledgers;

namespace Slipway.Browser.Tests;

/// <summary>Ledgers for pictures: a release at 5 % of users, 20 minutes ago, with the noise that traffic has; its verdicts are the judge's own.</summary>
internal static class ShownLedgers
{
    private const int Minutes = 16;

    /// <summary>A release that is judged, with nothing against it.</summary>
    public static IReadOnlyList<LedgerEntry> Running(DateTimeOffset now) => Renamed(Baked(now, 0.004, 7).Script.Entries, "search-index", "Streaming search indexer");

    /// <summary>One that a person holds.</summary>
    public static IReadOnlyList<LedgerEntry> Paused(DateTimeOffset now) => Renamed(
        Baked(now, 0.004, 11).Script
            .Add(new CommandReceived(new ReleaseCommand("c-1", ReleaseCommandKind.Pause, "dana@example.com", "support sees slow pages")), "dana@example.com")
            .Add(new PhaseEntered(ReleasePhase.Paused, ReleaseTrigger.Pause, 0, "paused by dana@example.com: support sees slow pages", null, ""))
            .Add(new CommandApplied("c-1", "held at 5 %; still watched")).Entries,
        "checkout-v3", "One-page checkout");

    /// <summary>One that waits for a person's judgement.</summary>
    public static IReadOnlyList<LedgerEntry> Asked(DateTimeOffset now) => Renamed(
        Baked(now, 0.004, 11).Script
            .Add(new EvaluationOpened("e1", null, "complaints", "12 complaints in this stage, 10 are the limit", now.AddMinutes(14), EvaluationSilence.RollBack))
            .Add(new PhaseEntered(ReleasePhase.Paused, ReleaseTrigger.Held, 0, "an evaluation is open: 12 complaints in this stage", now.AddMinutes(14), "rolled back without an answer")).Entries,
        "inbox", "Inbox with threads");

    /// <summary>One whose new version fails for 5 % of the requests after a while.</summary>
    public static IReadOnlyList<LedgerEntry> RolledBack(DateTimeOffset now)
    {
        var (script, last) = Baked(now, 0.05, 3);
        var finding = last.Findings.FirstOrDefault(one => one.Action == Core.Requests.TriggerAction.AutoRollback);
        var begun = script.Now;
        return Renamed(
            script
                .Add(new PhaseEntered(ReleasePhase.RollingBack, ReleaseTrigger.Breached, 0, last.Sentence, null, ""))
                .Add(new RollbackBegun(true, "slipway", last.Sentence, finding, begun))
                .Wait(0.05)
                .Add(new EffectFinished("undo-1", EffectKind.Flag, SampleRequests.Flag, EffectOutcome.Done, "read back: off", SampleRequests.FlagAt(0, 9)))
                .Add(new LevelEnded(1, true, "level 1 undone; smoke checks pass", [], begun, begun.AddSeconds(3)))
                .Add(new PhaseEntered(ReleasePhase.RolledBack, ReleaseTrigger.Recovered, 0, last.Sentence, null, ""))
                .Add(new ReleaseEnded(ReleasePhase.RolledBack, last.Sentence, [])).Entries,
            "recommender", "Recommendations from the graph");
    }

    /// <summary>One whose way back was rehearsed, with the traffic that a power table rests on.</summary>
    public static IReadOnlyList<LedgerEntry> Rehearsed(DateTimeOffset now) => Renamed(Baked(now, 0.004, 7).Script.Entries, "search-ranking", "Ranking by freshness", created => created with
    {
        Plan = created.Plan with { Evidence = created.Plan.Evidence with { ExpectedRps = 400, ExpectedErrorRate = 0.004 } },
        Rehearsal = new RehearsalProof("5e1f0c9a7b3d2468", now.AddHours(-3), 41.7, created.ContentHash, true, true, 6)
        {
            Rows =
            [
                Row("healthy", "completed", null, 0, 100, null),
                Row("error-x5", "rolled_back", 4, 212, 5, 1.1),
                Row("latency-x2", "rolled_back", 7, 640, 5, 1.1),
                Row("one-region", "rolled_back", 6, 1_204, 25, 1.2),
                Row("flags-down-at-rollback", "rolled_back", 4, 388, 5, 3.2),
                Row("process-dies", "rolled_back", 5, 15_400, 50, 1.4),
                new RehearsalRow { Scenario = "approval-never", Remark = "nothing has to be approved" },
                new RehearsalRow { Scenario = "level-2-fails", Remark = "the plan has no level 2" },
            ],
        },
    });

    private static RehearsalRow Row(string scenario, string outcome, double? detected, long harmed, double peak, double? safe) => new()
    {
        Scenario = scenario,
        Stage = 1,
        Outcomes = new Dictionary<string, int> { [outcome] = 3 },
        MinutesToDetect = detected,
        RequestsHarmed = harmed,
        PeakExposure = peak,
        MinutesToSafe = safe,
        Kept = true,
    };

    private static (LedgerScript Script, Assessment Last) Baked(DateTimeOffset now, double canaryRate, int seed)
    {
        var plan = SampleRequests.Plan();
        var script = SampleLedgers.Exposed(new LedgerScript(now.AddMinutes(-Minutes - 11)), 1);
        var end = script.Now.AddMinutes(Minutes + 12);
        script
            .Add(new WatchDirected(1, WatchMode.Bake, null, end, end.AddHours(1), []))
            .Add(new PhaseEntered(ReleasePhase.Baking, ReleaseTrigger.Propagated, 0, "the stage is judged", end, "the bake ends; a pass goes to 25 %"));
        var noise = new Random(seed);
        var under = new StageUnderJudgement(0, plan.Stages[0].Percentage, script.Now);
        var state = new JudgeState { JudgedUntil = script.Now, SeenUntil = script.Now };
        var last = new Assessment { Verdict = Verdict.Undecided, Sentence = "" };
        for (var minute = 0; minute < Minutes && last.Verdict != Verdict.Fail; minute++)
        {
            var after = state.JudgedUntil;
            var rate = minute < 4 ? Math.Min(canaryRate, 0.004) : canaryRate;
            Observation[] seen = [.. plan.Regions.Select(region => new Observation(after, TimeSpan.FromMinutes(1), region, Arm(600, rate, noise), Arm(11_400, 0.004, noise)))];
            var judgement = new EvidenceJudge().Judge(plan.Of(plan.Environments[0]), state, under, seen, after.AddMinutes(1));
            (state, last) = (judgement.State, judgement.Assessment);
            script.Wait(1).Add(new IntervalJudged(0, state.JudgedUntil, seen, last, 0, under, after));
        }

        return (script, last);
    }

    private static ArmSample Arm(int mean, double rate, Random noise)
    {
        var requests = mean + noise.Next(-mean / 12, mean / 12);
        var errors = 0L;
        for (var i = 0; i < requests; i++) errors += noise.NextDouble() < rate ? 1 : 0;
        return new ArmSample
        {
            Requests = requests,
            Errors = errors,
            Latency = LatencyHistogram.Of(Enumerable.Range(0, requests).Select(_ => 60 * Math.Exp(0.4 * Normal(noise)))),
            Users = requests / 5,
        };
    }

    private static double Normal(Random noise) => Math.Sqrt(-2 * Math.Log(1 - noise.NextDouble())) * Math.Cos(2 * Math.PI * noise.NextDouble());

    private static IReadOnlyList<LedgerEntry> Renamed(IReadOnlyList<LedgerEntry> entries, string id, string title, Func<ReleaseCreated, ReleaseCreated>? change = null)
    {
        var written = new List<LedgerEntry>();
        foreach (var entry in entries)
        {
            var body = entry.Read();
            if (body is ReleaseCreated created)
            {
                var release = created.Request.Release with { Id = ReleaseId.Parse(id), Title = title };
                created = created with { Request = created.Request with { Release = release }, Plan = created.Plan with { ReleaseId = release.Id } };
                body = change is null ? created : change(created);
            }

            written.Add(LedgerChain.Link(written.Count == 0 ? null : written[^1], new LedgerDraft(entry.EntryId, entry.At, entry.Actor, body)));
        }

        return written;
    }
}
