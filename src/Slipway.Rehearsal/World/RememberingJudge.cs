using System.Runtime.CompilerServices;
using Slipway.Core.Analysis;
using Slipway.Core.Planning;

namespace Slipway.Rehearsal.World;

/// <summary>
/// A judge that is asked the same again by every replay of a watch and answers as it did, since a judgement follows from what it is asked alone.
/// The same is what was the same object or is equal; it is forgotten with the observations that were judged.
/// </summary>
internal sealed class RememberingJudge(IReleaseJudge judge) : IReleaseJudge
{
    private readonly ConditionalWeakTable<IReadOnlyList<Observation>, List<Asked>> _known = [];

    public Judgement Judge(
        ReleasePlan plan, JudgeState? before, StageUnderJudgement stage, IReadOnlyList<Observation> closed, DateTimeOffset judgedUntil, DateTimeOffset? lateUntil = null)
    {
        // Without a row there is nothing of its own to remember it by.
        if (closed.Count == 0) return judge.Judge(plan, before, stage, closed, judgedUntil, lateUntil);
        var asked = _known.GetOrCreateValue(closed);
        foreach (var one in asked)
        {
            if (ReferenceEquals(one.Plan, plan) && ReferenceEquals(one.Before, before) && one.Stage == stage && one.JudgedUntil == judgedUntil && one.LateUntil == lateUntil) return one.Answer;
        }

        var answer = judge.Judge(plan, before, stage, closed, judgedUntil, lateUntil);
        asked.Add(new Asked(plan, before, stage, judgedUntil, lateUntil, answer));
        return answer;
    }

    private sealed record Asked(ReleasePlan Plan, JudgeState? Before, StageUnderJudgement Stage, DateTimeOffset JudgedUntil, DateTimeOffset? LateUntil, Judgement Answer);
}
