using Slipway.Core.Analysis.Calibrating;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning;

namespace Slipway.Core.Analysis.Replaying;

/// <summary>
/// Computes the verdicts of a release again from its ledger: every judged interval with its counts, the stage as it was judged, and the
/// judgement that it went on from are there. With other settings it shows what they would have decided on the same evidence. Pure.
/// </summary>
public static class VerdictReplay
{
    /// <summary>Every judged interval with its verdict computed anew, in the ledger's order.</summary>
    /// <param name="entries">The whole ledger, from its first entry.</param>
    /// <param name="judge">The judge.</param>
    /// <param name="settings">Changes the plan that is judged by; null: as recorded.</param>
    public static IReadOnlyList<ReplayedVerdict> Run(IEnumerable<LedgerEntry> entries, IReleaseJudge judge, Func<ReleasePlan, ReleasePlan>? settings = null)
    {
        ReleasePlan? plan = null;
        var calibrations = new Dictionary<int, Calibration>();
        var states = new Dictionary<(int Environment, DateTimeOffset Until), JudgeState>();
        var replayed = new List<ReplayedVerdict>();

        // Where an older version judged, what the judgements after it went on from is not known.
        var older = new HashSet<int>();
        foreach (var entry in entries)
        {
            switch (entry.Read())
            {
                case ReleaseCreated created:
                    plan = settings is null ? created.Plan : settings(created.Plan);
                    break;
                case CalibrationMeasured measured:
                    calibrations[measured.Environment] = measured.Calibration;
                    break;
                case IntervalJudged { Under: null } judged:
                    older.Add(judged.Environment);
                    replayed.Add(new ReplayedVerdict(entry.Sequence, entry.At, judged, null));
                    break;
                case IntervalJudged { After: { } gone } judged when older.Contains(judged.Environment) && !states.ContainsKey((judged.Environment, gone)):
                    replayed.Add(new ReplayedVerdict(entry.Sequence, entry.At, judged, null));
                    break;
                case IntervalJudged { Under: { } under } judged when plan is not null:
                    var own = plan.Of(plan.Environments[judged.Environment]);
                    var before = judged.After is not { } after ? null
                        : states.TryGetValue((judged.Environment, after), out var known) ? known
                        : calibrations.TryGetValue(judged.Environment, out var calibration) ? CalibratedStart.Of(calibration, after, own.Watch.Interval)
                        : new JudgeState { JudgedUntil = after, SeenUntil = after };
                    var judgement = judge.Judge(own, before, under, judged.Observations, judged.JudgedUntil, judged.LateUntil);
                    states[(judged.Environment, judgement.State.JudgedUntil)] = judgement.State;
                    replayed.Add(new ReplayedVerdict(entry.Sequence, entry.At, judged, judgement.Assessment));
                    break;
                default:
                    break;
            }
        }

        return replayed;
    }
}

/// <summary>One judged interval of a ledger.</summary>
/// <param name="Sequence">Its entry.</param>
/// <param name="At">When it was judged.</param>
/// <param name="Recorded">What was recorded.</param>
/// <param name="Recomputed">What the judge says now; null: the entry does not say enough (it is of an older version).</param>
public sealed record ReplayedVerdict(long Sequence, DateTimeOffset At, IntervalJudged Recorded, Assessment? Recomputed);
