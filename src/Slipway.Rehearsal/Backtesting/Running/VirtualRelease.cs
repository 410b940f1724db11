using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Requests;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Watch;

namespace Slipway.Rehearsal.Backtesting.Running;

/// <summary>
/// A release as it would have gone over recorded telemetry: the stages of the plan with their propagation, bakes and ingestion delay, the
/// judge and the decisions (<see cref="WatchDecision"/>) of the workflow's own watch, one poll an interval. Approvals are given, hours are open
/// and flags are written at once. It decides and acts on nothing.
/// </summary>
internal sealed class VirtualRelease
{
    private readonly ReleasePlan _plan;
    private readonly IReleaseJudge _judge;
    private readonly IReadOnlyList<PlannedStage> _stages;
    private readonly IReadOnlyList<DateTimeOffset> _schedule;
    private readonly bool _sharesAsPlanned;
    private readonly List<(DateTimeOffset At, int Position)> _shifts = [];
    private WatchInput _watch;

    /// <summary>Begins with a stage.</summary>
    /// <param name="subject">The plan and its judge.</param>
    /// <param name="schedule">When each stage from <paramref name="first"/> on is shifted to, ascending, the first being the begin; behind the
    /// last one the release goes on by its verdicts. A multiple of the plan's interval each.</param>
    /// <param name="first">The first stage, as position among the subject's.</param>
    /// <param name="sharesAsPlanned">Whether the arms have the shares that the stages set; recorded arms have those they had.</param>
    public VirtualRelease(BacktestSubject subject, IReadOnlyList<DateTimeOffset> schedule, int first, bool sharesAsPlanned)
    {
        (_plan, _judge, _stages, _schedule, _sharesAsPlanned) = (subject.Plan, subject.Judge, subject.Stages, schedule, sharesAsPlanned);
        (First, BeganAt) = (first, schedule[0]);
        _watch = new WatchInput
        {
            Release = _plan.ReleaseId,
            Number = 1,
            Plan = _plan,
            Directive = Shift(schedule[0], first),
            Cursor = 0,
            JudgedUntil = schedule[0],
        };
    }

    /// <summary>The first stage, as position among the subject's.</summary>
    public int First { get; }

    /// <summary>When it was first shifted.</summary>
    public DateTimeOffset BeganAt { get; }

    /// <summary>How it ended; null: it goes on.</summary>
    public VirtualEnding? Ending { get; private set; }

    /// <summary>The stage under way, as position among the subject's.</summary>
    public int Position => _shifts[^1].Position;

    /// <summary>Since when the evidence of each stage that was shifted to counts, in order.</summary>
    public IReadOnlyList<DateTimeOffset> EvidenceFrom => [.. _shifts.Select(shift => shift.At + _plan.Watch.Propagation)];

    /// <summary>Whether there are stages left that were scheduled; behind them its verdicts decide.</summary>
    private bool Scheduled => _shifts.Count < _schedule.Count;

    /// <summary>The share of users, 0 to 1, on the new version in an interval.</summary>
    /// <param name="start">Start of the interval.</param>
    public double ShareAt(DateTimeOffset start)
    {
        // A stage that the schedule has for this moment is shifted to when its first interval is judged, which is later.
        if (Scheduled && start >= _schedule[_shifts.Count]) return Share(First + _shifts.Count);
        for (var i = _shifts.Count - 1; i >= 0; i--)
        {
            if (_shifts[i].At <= start) return Share(_shifts[i].Position);
        }

        return 0;
    }

    /// <summary>Judges the interval that follows the last one.</summary>
    /// <param name="start">Its start.</param>
    /// <param name="rows">What was seen, of all regions; empty: nothing.</param>
    public void Take(DateTimeOffset start, IReadOnlyList<Observation> rows)
    {
        if (Ending is not null) return;
        var until = start + _plan.Watch.Interval;
        var now = until + _plan.Watch.IngestionDelay;
        if (Scheduled && now > _schedule[_shifts.Count]) _watch = _watch with { Directive = Shift(_schedule[_shifts.Count], First + _shifts.Count) };
        var judgement = _judge.Judge(_plan, _watch.Judge, _watch.Directive.Stage!, rows, until);
        _watch = _watch with { Judge = judgement.State, JudgedUntil = until };
        if (WatchDecision.Decide(_watch, judgement.Assessment) is not { } decided) return;
        _watch = decided.Carry;
        Follow(decided, judgement.Assessment, now);
    }

    /// <summary>Ends it because what follows is not recorded, or is no telemetry of a healthy service.</summary>
    public void Cut(DateTimeOffset at, string why) => Ending ??= new VirtualEnding(VirtualOutcome.Cut, at, Position, "", why);

    private void Follow(WatchDecided decided, Assessment assessment, DateTimeOffset now)
    {
        switch (decided.Ending)
        {
            case WatchEnding.Breached:
                End(VirtualOutcome.RolledBack);
                break;
            case WatchEnding.BlindTooLong:
                End(_plan.Watch.BlindThen == BlindAction.Rollback ? VirtualOutcome.LostSight : VirtualOutcome.Held);
                break;
            case WatchEnding.PauseTriggered or WatchEnding.EvaluationDue:
                End(VirtualOutcome.Held);
                break;
            case WatchEnding.BakeUndecided when !Scheduled:
                End(VirtualOutcome.Held);
                break;
            case WatchEnding.BakePassed or WatchEnding.BakeWaived when !Scheduled && Position == _stages.Count - 1:
                End(VirtualOutcome.Completed);
                break;
            case WatchEnding.BakePassed or WatchEnding.BakeWaived when !Scheduled:
                _watch = _watch with { Directive = Shift(now, Position + 1), ExtensionReported = false };
                break;
            default:
                break;
        }

        void End(VirtualOutcome outcome) =>
            Ending = new VirtualEnding(outcome, now, Position, assessment.Findings.Count > 0 ? assessment.Findings[0].Rule : "", decided.Sentence);
    }

    private WatchDirected Shift(DateTimeOffset at, int position)
    {
        _shifts.Add((at, position));
        var stage = _stages[position];
        var from = at + _plan.Watch.Propagation;
        return new WatchDirected(
            1, WatchMode.Bake, new StageUnderJudgement(stage.Index, stage.Percentage, from, Unsettled: !_sharesAsPlanned), from + stage.Bake, from + stage.MaxBake, []);
    }

    private double Share(int position) => _stages[position].Percentage.Fraction;
}

/// <summary>How a virtual release ends.</summary>
public enum VirtualOutcome
{
    /// <summary>Every stage was promoted.</summary>
    Completed,

    /// <summary>Evidence or a trigger rolled it back.</summary>
    RolledBack,

    /// <summary>Lost sight rolled it back.</summary>
    LostSight,

    /// <summary>A person would have been asked: undecided at the longest bake, a pause, or an evaluation.</summary>
    Held,

    /// <summary>The recording, or its healthy part, ended before it did.</summary>
    Cut,
}

/// <summary>The end of a virtual release.</summary>
/// <param name="Outcome">How.</param>
/// <param name="At">When it was decided: the end of the judged interval and the ingestion delay.</param>
/// <param name="Position">In which stage, as position among the subject's.</param>
/// <param name="Rule">The rule that decided; empty: none did.</param>
/// <param name="Why">In one sentence.</param>
internal sealed record VirtualEnding(VirtualOutcome Outcome, DateTimeOffset At, int Position, string Rule, string Why);
