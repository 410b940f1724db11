using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Judging;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Releases;

namespace Slipway.Core.Tests.Ledgers;

/// <summary>Ledgers whose verdicts the judge has made, minute by minute, from counts: 1,000 requests of the canary at 5 %, and 19,000 of the
/// control arm of which 76 fail (0.4 %).</summary>
internal static class JudgedLedger
{
    public static ReleasePlan Plan(double tolerated = 1.25)
    {
        var plan = SampleRequests.Plan() with { Regions = ["global"] };
        plan = plan with { Triggers = [.. plan.Triggers.Take(2)] };
        return plan with { Evidence = plan.Evidence with { ErrorTolerance = tolerated } };
    }

    /// <summary>A release that is judged in its first stage until the minutes are over or it fails.</summary>
    public static IReadOnlyList<LedgerEntry> Of(long canaryErrors, int minutes = 20, double tolerated = 1.25)
    {
        var plan = Plan(tolerated);
        var script = new LedgerScript(SampleRequests.Start)
            .Add(SampleRequests.Created() with { Plan = plan }, "dana@example.com")
            .Add(new StageStarted(0, plan.Stages[0].Percentage, SampleRequests.Start))
            .Add(new PhaseEntered(ReleasePhase.Baking, ReleaseTrigger.Propagated, 0, "the stage is judged", SampleRequests.Start.AddMinutes(30), "the bake ends"));
        Assessment? last = null;
        foreach (var interval in Intervals(plan, SampleRequests.Start, canaryErrors, minutes))
        {
            script.Wait(1).Add(interval);
            last = interval.Assessment;
        }

        if (last is { Verdict: Verdict.Fail })
            script.Add(new PhaseEntered(ReleasePhase.RolledBack, ReleaseTrigger.Recovered, 0, last.Sentence, null, "")).Add(new ReleaseEnded(ReleasePhase.RolledBack, last.Sentence, []));
        return script.Entries;
    }

    /// <summary>The judged intervals alone.</summary>
    public static IEnumerable<IntervalJudged> Intervals(ReleasePlan plan, DateTimeOffset start, long canaryErrors, int minutes)
    {
        var state = new JudgeState { JudgedUntil = start, SeenUntil = start };
        var under = new StageUnderJudgement(0, plan.Stages[0].Percentage, start);
        for (var minute = 0; minute < minutes; minute++)
        {
            var after = state.JudgedUntil;
            Observation[] seen = [new(after, TimeSpan.FromMinutes(1), plan.Regions[0], Arm(1000, canaryErrors), Arm(19_000, 76))];
            var judgement = new EvidenceJudge().Judge(plan.Of(plan.Environments[0]), state, under, seen, after.AddMinutes(1));
            state = judgement.State;
            yield return new IntervalJudged(0, state.JudgedUntil, seen, judgement.Assessment, 0, under, after);
            if (judgement.Assessment.Verdict == Verdict.Fail) yield break;
        }
    }

    /// <summary>The same ledger with other judged intervals, and a hash chain that fits them again.</summary>
    public static IReadOnlyList<LedgerEntry> Altered(IReadOnlyList<LedgerEntry> entries, Func<IntervalJudged, IntervalJudged> change, Func<LedgerEntry, bool>? which = null)
    {
        var altered = new List<LedgerEntry>();
        foreach (var entry in entries)
        {
            var body = entry.Read() is IntervalJudged judged && which?.Invoke(entry) != false ? change(judged) : entry.Read();
            altered.Add(LedgerChain.Link(altered.Count == 0 ? null : altered[^1], new LedgerDraft(entry.EntryId, entry.At, entry.Actor, body)));
        }

        return altered;
    }

    /// <summary>The sequence of the last judged interval.</summary>
    public static long LastJudged(IReadOnlyList<LedgerEntry> entries) => entries.Last(entry => entry.Read() is IntervalJudged).Sequence;

    private static ArmSample Arm(long requests, long errors) => new()
    {
        Requests = requests,
        Errors = errors,
        Latency = new LatencyHistogram(new Dictionary<int, long> { [LatencyHistogram.BucketOf(40)] = requests - (requests / 20), [LatencyHistogram.BucketOf(80)] = requests / 20 }),
    };
}
