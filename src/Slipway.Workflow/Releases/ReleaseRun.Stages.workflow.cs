using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Workflow.Activities;

namespace Slipway.Workflow.Releases;

/// <summary>The stages: shift, propagate, bake, judge.</summary>
internal sealed partial class ReleaseRun
{
    /// <summary>How long a shift is tried while the flag store is away before the release goes back.</summary>
    private static readonly TimeSpan ShiftBudget = TimeSpan.FromMinutes(5);

    private PlannedStage Stage => _plan.Stages[_stage];

    private async Task<bool> RunStages()
    {
        while (true)
        {
            if (!await PassGates() || !await Shift() || !await Propagate() || !await Bake()) return false;
            if (_machine.Effective == ReleasePhase.Validating) return true;
            _promoted = false;
            if (!await Approve(_stage + 1) || !await WaitForWindow(_stage + 1)) return false;
        }
    }

    /// <summary>Writes the stage's percentage to every flag and reads it back. In phase Shifting before, Propagating after.</summary>
    private async Task<bool> Shift()
    {
        var target = Stage.Percentage;
        _writing = true;
        Direct(WatchMode.Hold);
        StartWatch();
        foreach (var flag in _plan.Flags) Record(new EffectIntended(ShiftId(flag), EffectKind.Flag, flag.Key.ToString(), $"set the default rollout to {target}, while it is {_left[flag.Key].Exposure}"));
        await Pump(() => false, Recorded(), null);

        var deadline = context.Now + ShiftBudget;
        var waiting = _plan.Flags.ToList();
        var alerted = false;
        var waited = false;
        for (var attempt = 0; waiting.Count > 0; attempt++)
        {
            var before = context.Now;
            if (!await MayGoOn()) return LeaveShift(waiting);
            waited |= context.Now > before;
            deadline += context.Now - before;

            // A gate that passed before a hold says nothing after it.
            if (waited && waiting.Count == _plan.Flags.Count && !await PassGates()) return LeaveShift(waiting);
            waited = false;
            before = context.Now;
            if (await HeldByFreeze() is not { } frozen) return LeaveShift(waiting);
            if (frozen)
            {
                waited = true;
                deadline += context.Now - before;
                attempt--;
                continue;
            }

            var flag = waiting[0];
            _pending = target;
            var answer = await Forward(context.RunActivity(ReleaseActivities.Expose, new ExposeInput(flag, target, _left[flag.Key])));
            if (answer.Value is { Flag: { } written, Outcome: EffectOutcome.Done or EffectOutcome.AlreadyDone } done)
            {
                _left[flag.Key] = written;
                Record(new EffectFinished(ShiftId(flag), EffectKind.Flag, flag.Key.ToString(), done.Outcome, done.Details, written));
                waiting.RemoveAt(0);
                alerted = false;
                attempt = -1;
                continue;
            }

            if (_stop is not null) return LeaveShift(waiting);
            var resaved = false;
            if (answer.Value is { Outcome: EffectOutcome.Conflict, Drifted: false, Flag: { } saved })
            {
                // Somebody saved the flag without a change: nothing was lost, and the next attempt, soon, stands on what is there now.
                _left[flag.Key] = saved;
                resaved = attempt == 0;
            }
            else if (answer.Value is { Outcome: EffectOutcome.Conflict } conflict)
            {
                Record(new EffectFinished(ShiftId(flag), EffectKind.Flag, flag.Key.ToString(), EffectOutcome.Conflict, conflict.Details, conflict.Flag));
                _drifted = true;
                HoldFor("drift", AlertSeverity.Critical, conflict.Details);
                attempt = -1;
                continue;
            }

            var problem = answer.Value?.Details ?? answer.Problem;
            if (!alerted && !resaved) Raise("flag store", AlertSeverity.Warning, $"{flag.Key} could not be set to {target}: {problem}", $"trying again for {ShiftBudget.TotalMinutes:0} min");
            alerted |= !resaved;
            if (context.Now >= deadline)
            {
                Record(new EffectFinished(ShiftId(flag), EffectKind.Flag, flag.Key.ToString(), answer.TimedOut ? EffectOutcome.TimedOut : EffectOutcome.Failed, problem, null));
                _stop = new StopCause(ReleaseTrigger.ShiftFailed, "slipway", $"{flag.Key} could not be set to {target} within {ShiftBudget.TotalMinutes:0} min: {problem}");
                return false;
            }

            await Pump(() => false, null, context.Now + Backoff(attempt));
        }

        _pending = null;
        _writing = false;
        _exposure = target;
        var evidenceFrom = context.Now + _plan.Watch.Propagation;
        _bakeEndsAt = evidenceFrom + Stage.Bake;
        _bakeMaxAt = evidenceFrom + Stage.MaxBake;
        _bake = null;
        _judged = new StageUnderJudgement(_stage, target, evidenceFrom);
        Record(new StageStarted(_stage, target, evidenceFrom));
        if (_machine.Phase == ReleasePhase.Paused) Direct(WatchMode.Hold);
        Post(Checkpoint.Stage, $"Stage {_stage + 1} of {_plan.Stages.Count}: {target} of users", $"judged until {_bakeEndsAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z");
        if (!await MayGoOn()) return false;
        Fire(ReleaseTrigger.Shifted, $"{target} is set and read back", evidenceFrom, "applications have refreshed their flags; the bake begins");
        Direct(WatchMode.Bake);
        return true;
    }

    /// <summary>Leaves a shift that has to stop: what was begun may still land, and then loses on its ETag to the restore.</summary>
    private bool LeaveShift(IReadOnlyList<FlagSpec> waiting)
    {
        foreach (var (index, flag) in waiting.Index())
        {
            var (outcome, details) = index == 0 && _pending is not null
                ? (EffectOutcome.TimedOut, "not waited for: the release stops")
                : (EffectOutcome.Failed, "not written: the release stops");
            Record(new EffectFinished(ShiftId(flag), EffectKind.Flag, flag.Key.ToString(), outcome, details, null));
        }

        return false;
    }

    private string ShiftId(FlagSpec flag) => $"shift:{_stage}:{flag.Key}";

    /// <summary>
    /// After a person resumed from drift: a flag that is back at the exposure that Slipway left is taken over as it is; one that is not
    /// holds the release again. Slipway never raises a flag that someone else lowered.
    /// </summary>
    private async Task<bool> AdoptFlags()
    {
        while (_stop is null)
        {
            var answer = await Forward(context.RunActivity(ReleaseActivities.VerifyFlags, new VerifyFlagsInput([.. _left.Values])));
            if (_stop is not null) return false;
            var found = answer.Value?.Flags.ToDictionary(flag => flag.Key) ?? [];
            var lost = _left.Values.FirstOrDefault(left => !found.TryGetValue(left.Key, out var now) || now.Exposure != left.Exposure || now.Enabled != left.Enabled);
            if (lost is null)
            {
                foreach (var flag in found.Values) _left[flag.Key] = flag;
                _drifted = _resumedFromDrift = false;
                return true;
            }

            _resumedFromDrift = false;
            _drifted = true;
            HoldFor("drift", AlertSeverity.Critical, found.TryGetValue(lost.Key, out var other)
                ? $"{lost.Key} is at {other.Exposure}, Slipway left it at {lost.Exposure}: put it back, or roll back"
                : $"{lost.Key} could not be read: {answer.Problem}");
            await Ready();
        }

        return false;
    }

    private async Task<bool> Propagate()
    {
        while (true)
        {
            if (!await MayGoOn()) return false;
            if (context.Now >= _judged!.EvidenceFrom) break;
            await Pump(() => _machine.Phase == ReleasePhase.Paused, null, _judged.EvidenceFrom);
        }

        Fire(ReleaseTrigger.Propagated, $"judging {Stage.Percentage}", _bakeEndsAt, BakeEnd());
        if (BakeGates() is not null) DirectByPhase();
        return true;
    }

    /// <summary>Waits for the watch's verdict on the stage, or for a person who promotes early.</summary>
    private async Task<bool> Bake()
    {
        while (_stop is null)
        {
            var phase = _machine.Phase;
            await Pump(() => (_bake is not null && phase == ReleasePhase.Baking) || _promoted || _resumedFromDrift || _machine.Phase != phase, null, Silence());
            if (_stop is not null) break;
            if (_resumedFromDrift)
            {
                if (!await MayGoOn()) break;
                continue;
            }

            if (_promoted)
            {
                _evidence = $"Stage {_stage + 1} at {_exposure}: promoted early by a person, before its evidence was complete";
                Record(new StageEnded(_stage, Verdict.Undecided, $"promoted early at {_exposure}", true));
                Direct(WatchMode.Hold);
                return true;
            }

            if (_bake is not { } ended || _machine.Phase != ReleasePhase.Baking)
            {
                if (Silence() is { } due && context.Now >= due) Breach("the watch has not judged anything for too long", null, context.Now);
                continue;
            }

            _bake = null;
            if (ended.Ending == WatchEnding.BakePassed && !_blind)
            {
                _evidence = $"Stage {_stage + 1} at {_exposure}: {ended.Sentence}";
                Record(new StageEnded(_stage, Verdict.Pass, ended.Sentence, true));
                Fire(IsLastStage ? ReleaseTrigger.LastStagePassed : ReleaseTrigger.StagePassed, ended.Sentence);
                Direct(WatchMode.Hold);
                return true;
            }

            HoldFor("bake", AlertSeverity.Warning, $"the evidence does not suffice at the longest bake: {ended.Sentence}");
        }

        return false;
    }

    /// <summary>
    /// When a watch that said nothing counts as dead: max(10 min, 5 polls + ingestion delay) after the longest bake. Null while a person
    /// holds the release: then the bake clock stands still. Lost sight has its own limit and is not cut short by this one.
    /// </summary>
    private DateTimeOffset? Silence()
    {
        if (_machine.Phase == ReleasePhase.Paused) return null;
        var polls = (_plan.Watch.Interval * 5) + _plan.Watch.IngestionDelay;
        var slack = polls > TimeSpan.FromMinutes(10) ? polls : TimeSpan.FromMinutes(10);
        var last = _blind && _blindSince + _plan.Watch.BlindHold > _bakeMaxAt ? _blindSince + _plan.Watch.BlindHold : _bakeMaxAt;
        return last + _plan.Watch.IngestionDelay + slack;
    }

    private string BakeEnd() => _stage < 0 ? "" : IsLastStage
        ? "the last bake ends; checks at 100 %, then done"
        : $"the bake ends; a pass goes to {_plan.Stages[_stage + 1].Percentage}";
}
