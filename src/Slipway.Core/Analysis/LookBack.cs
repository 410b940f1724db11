using Slipway.Core.Planning;
using Slipway.Core.Strategies;

namespace Slipway.Core.Analysis;

/// <summary>
/// Asks once more for intervals that were judged without usable rows, while sight is being lost: only so can telemetry that is late be
/// told from telemetry that is dead. An interval is judged once; rows that come late tell why nothing was seen and change no verdict.
/// </summary>
/// <param name="From">Start of the first interval that is asked for again: a multiple of the plan's interval.</param>
/// <param name="Stage">The stage that they are judged for.</param>
/// <param name="Sight">Whose requests count in it.</param>
public sealed record LookBack(DateTimeOffset From, StageUnderJudgement Stage, StageSight Sight)
{
    /// <summary>How many intervals are asked for again at most.</summary>
    public const int MostIntervals = 60;

    /// <summary>What to ask for again when the intervals up to a moment are about to be judged; null while sight is not being lost.</summary>
    public static LookBack? Due(ReleasePlan plan, JudgeState? state, StageUnderJudgement stage, DateTimeOffset to)
    {
        if (state?.SeenUntil is not { } seen || seen >= state.JudgedUntil || to - seen < plan.Watch.Interval * Judging.Sight.BlindIntervals) return null;
        var earliest = state.JudgedUntil - (plan.Watch.Interval * MostIntervals);
        return new LookBack(seen > earliest ? seen : earliest, stage, StageSight.Of(plan, stage));
    }

    /// <summary>The end of the newest of the intervals asked for again that has become usable; null: none has.</summary>
    /// <param name="rows">Their rows, of all regions, in any order.</param>
    public DateTimeOffset? LateUntil(IEnumerable<Observation> rows)
    {
        DateTimeOffset? until = null;
        foreach (var interval in rows.GroupBy(row => row.Start))
        {
            List<Observation> regions = [.. interval];
            var pool = IntervalPools.Pool(regions);
            var usable = Judging.Sight.IsUsable(pool, Judging.Sight.Subject(regions, pool, Sight), Stage, Sight, interval.Key >= Stage.EvidenceFrom);
            if (usable && (until is null || pool.End > until)) until = pool.End;
        }

        return until;
    }
}
