using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Planning.Checks;
using Slipway.Core.Releases;
using Slipway.Workflow.Activities;

namespace Slipway.Workflow.Releases;

/// <summary>The stages: shift, propagate, bake, judge.</summary>
internal sealed partial class ReleaseRun
{
    private PlannedStage Stage => _plan.Stages[_stage];

    private async Task<bool> RunStages()
    {
        while (true)
        {
            if (!await PassGates() || !await Shift() || !await Propagate() || !await Bake()) return false;
            if (_machine.Effective == ReleasePhase.Validating) return true;
            Here.Passed = Here.Environment.LastStage == _stage;
            _promoted = false;
            if (!await Approve(_stage + 1) || !await WaitForWindow(_stage + 1)) return false;
        }
    }

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
                foreach (var flag in found.Values)
                {
                    // A read of the past says nothing of the flag: what Slipway left is still the last that it knows.
                    if (!loaded.KnowsReadsOfThePast || !flag.IsOfThePast(_captured[flag.Key], _left[flag.Key])) _left[flag.Key] = flag;
                }

                foreach (var environment in _environments) environment.Drifted = false;
                foreach (var earlier in _environments.Where(environment => environment != Here)) Direct(earlier, WatchMode.Hold);
                _resumedFromDrift = false;
                return true;
            }

            _resumedFromDrift = false;
            EnvironmentOf(lost.Key).Drifted = true;
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
            if (context.Now >= Here.Judged!.EvidenceFrom) break;
            await Pump(() => _machine.Phase == ReleasePhase.Paused, null, Here.Judged.EvidenceFrom);
        }

        Fire(ReleaseTrigger.Propagated, $"judging {_plan.Describe(_stage)}", _bakeEndsAt, BakeEnd());
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
                _evidence = $"Stage {_stage + 1} at {Exposed}: promoted early by a person, before its evidence was complete";
                Record(new StageEnded(_stage, Verdict.Undecided, $"promoted early at {Exposed}", true));
                Direct(WatchMode.Hold);
                return true;
            }

            if (_bake is not { } ended || _machine.Phase != ReleasePhase.Baking)
            {
                if (Silence() is { } due && context.Now >= due) Breach(Here, "the watch has not judged anything for too long", null, context.Now);
                continue;
            }

            _bake = null;
            if (ended.Ending is WatchEnding.BakePassed or WatchEnding.BakeWaived && !Here.Blind)
            {
                var added = await NewErrors();
                if (_machine.Phase != ReleasePhase.Baking && _stop is null)
                {
                    _bake = ended;
                    continue;
                }

                // Extended meanwhile, or paused and resumed: the watch that goes on says when the bake has passed by its new end.
                if (loaded.HearsAtTheEndOfABake && added is null && _stop is null && !ByNewestTimes(ended.Carry.Directive)) continue;

                if (added is not null) Breach(Here, added, null, context.Now);
                if (_stop is not null) break;
                var waived = ended.Ending == WatchEnding.BakeWaived;
                _evidence = $"Stage {_stage + 1} at {Exposed}: {ended.Sentence}";
                if (waived) Raise(AlertNames.Evidence, AlertSeverity.Warning, $"the longest bake is over: {ended.Sentence}", "promoted with a warning, as the request says for this");
                Record(new StageEnded(_stage, waived ? Verdict.Undecided : Verdict.Pass, ended.Sentence, true, [.. ended.Checks ?? [], CheckNames.OpenAlerts]));
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
        var last = Here.Blind && Here.BlindSince + _plan.Watch.BlindHold > _bakeMaxAt ? Here.BlindSince + _plan.Watch.BlindHold : _bakeMaxAt;
        return last + _plan.Watch.IngestionDelay + slack;
    }

    private string BakeEnd() => _stage < 0 ? "" : IsLastStage
        ? "the last bake ends; checks at 100 %, then done"
        : $"the bake ends; a pass goes to {_plan.Describe(_stage + 1)}";
}
