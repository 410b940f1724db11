using Slipway.Core.Analysis;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Rehearsal.World;

namespace Slipway.Rehearsal.Tests.World;

/// <summary>What replays ask again is answered as it was, and nothing else is.</summary>
public sealed class RememberingJudgeTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly StageUnderJudgement Stage = new(0, Percentage.Zero, At);

    [Fact]
    public void The_same_question_is_judged_once_and_another_one_anew()
    {
        var (plan, counting) = (Subjects.Of(Subjects.Canary()).Plan, new Counting());
        var judge = new RememberingJudge(counting);
        IReadOnlyList<Observation> rows = [new(At, TimeSpan.FromMinutes(1), "global", null, null)];
        var state = new JudgeState { JudgedUntil = At };

        var answer = judge.Judge(plan, state, Stage, rows, At);
        Assert.Same(answer, judge.Judge(plan, state, Stage with { }, rows, At));
        Assert.Equal(1, counting.Asked);

        judge.Judge(plan, state with { }, Stage, rows, At);
        judge.Judge(plan, null, Stage, rows, At);
        judge.Judge(plan, state, Stage with { Index = 1 }, rows, At);
        judge.Judge(plan, state, Stage, [.. rows], At);
        judge.Judge(plan, state, Stage, rows, At.AddMinutes(1));
        judge.Judge(plan, state, Stage, rows, At, At);
        judge.Judge(plan with { }, state, Stage, rows, At);
        Assert.Equal(8, counting.Asked);
    }

    [Fact]
    public void Where_nothing_was_seen_each_question_is_judged()
    {
        var (plan, counting) = (Subjects.Of(Subjects.Canary()).Plan, new Counting());
        var judge = new RememberingJudge(counting);
        for (var asked = 0; asked < 3; asked++) judge.Judge(plan, null, Stage, [], At);
        Assert.Equal(3, counting.Asked);
    }

    private sealed class Counting : IReleaseJudge
    {
        public int Asked { get; private set; }

        public Judgement Judge(
            ReleasePlan plan, JudgeState? before, StageUnderJudgement stage, IReadOnlyList<Observation> closed, DateTimeOffset judgedUntil, DateTimeOffset? lateUntil = null)
        {
            Asked++;
            return new Judgement(new JudgeState { JudgedUntil = judgedUntil }, new Assessment { Verdict = Verdict.Undecided, Sentence = "" });
        }
    }
}
