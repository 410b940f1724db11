using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Core.Messages;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Workflow.Activities;

namespace Slipway.Workflow.Releases;

/// <summary>
/// A shift: the stage's percentage to every flag of its environment, all regions at once. Behind it stands a barrier: propagation and bake
/// begin only when every flag is written and read back. Until then what is written is watched, and one region that cannot be moved brings
/// all back.
/// </summary>
internal sealed partial class ReleaseRun
{
    /// <summary>How long a shift is tried while the flag store is away before the release goes back.</summary>
    private static readonly TimeSpan ShiftBudget = TimeSpan.FromMinutes(5);

    /// <summary>How long what was looked at before a stage's first write counts.</summary>
    private static readonly TimeSpan LookCounts = TimeSpan.FromMinutes(2);

    /// <summary>When window and sight were looked at last for what is written of a stage.</summary>
    private DateTimeOffset _partLookedAt;

    private const string Quiet = "saved by someone else without a change";

    private DateTimeOffset _attemptedAt;

    /// <summary>How one flag of a round ended.</summary>
    private enum Written
    {
        /// <summary>Written and read back.</summary>
        Done,

        /// <summary>Somebody saved it without a change: the next attempt, soon, stands on what is there now.</summary>
        Resaved,

        /// <summary>Somebody else changed it.</summary>
        Drifted,

        /// <summary>Not written, as far as is known.</summary>
        Failed,
    }

    /// <summary>In phase Shifting before, Propagating after; false: the release has to stop.</summary>
    private async Task<bool> Shift()
    {
        BeginShift();
        if (Stage.Steps.Any(step => step.BeforeFlags))
        {
            await LookForCommands();
            if (_stop is not null) return false;
        }

        return await RunSteps(beforeFlags: true) && await IntendFlags() && await WriteFlags() && await RunSteps(beforeFlags: false) && await PassBarrier();
    }

    /// <summary>The environment is watched before the first write.</summary>
    private void BeginShift()
    {
        var environment = Here;
        if (!environment.Begun) _exposure = Percentage.Zero;
        environment.Begun = environment.Writing = true;
        _shiftBegan = context.Now;
        Direct(WatchMode.Hold);
        StartWatch(environment);
    }

    /// <summary>The intents are in the ledger before the first write.</summary>
    private async Task<bool> IntendFlags()
    {
        await Intend(Here.Environment.Flags);
        await LookForCommands();
        return true;
    }

    private async Task Intend(IEnumerable<FlagSpec> flags)
    {
        foreach (var flag in flags)
        {
            Record(new EffectIntended(ShiftId(flag), EffectKind.Flag, flag.Key.ToString(), $"set the default rollout to {Stage.Percentage}, while it is {_left[flag.Key].Exposure}"));
        }

        await Pump(() => false, Recorded(), null);
    }

    /// <summary>Writes every flag of the environment and reads it back, in rounds, as long as it takes within the budget.</summary>
    private async Task<bool> WriteFlags()
    {
        var target = Stage.Percentage;
        var flags = Here.Environment.Flags;
        var waiting = flags.ToList();
        var alerted = new HashSet<FlagKey>();
        var deadline = context.Now + ShiftBudget;
        var intends = false;
        for (var attempt = 0; waiting.Count > 0; attempt++)
        {
            if (await MayWrite(waiting.Count == flags.Count) is not { } held) return LeaveShift(waiting);
            deadline += held;
            if (intends)
            {
                (intends, attempt) = (false, -1);
                await Intend(waiting);
                continue;
            }

            var drifted = false;
            var failed = new List<(FlagSpec Flag, bool TimedOut, string Problem)>();
            foreach (var (flag, answer) in await WriteTogether(waiting, target))
            {
                var written = TakeIn(flag, answer);
                drifted |= written == Written.Drifted;
                if (written == Written.Done) waiting.Remove(flag);
                else if (written == Written.Failed || (written == Written.Resaved && attempt > 0)) failed.Add((flag, answer.TimedOut, answer.Value?.Details ?? answer.Problem));
            }

            if (_stop is not null) return LeaveShift(waiting);
            foreach (var (flag, _, problem) in failed.Where(one => alerted.Add(one.Flag.Key)))
            {
                Raise("flag store", AlertSeverity.Warning, $"{flag.Key} could not be set to {target}: {problem}", $"trying again for {ShiftBudget.TotalMinutes:0} min");
            }

            if (drifted)
            {
                // The release is held now; how long the store was away before counts no more. What was found changed is over with that, and is a
                // write of its own when a person goes on.
                attempt = -1;
                intends = loaded.IntendsAgain;
                continue;
            }

            if (waiting.Count == 0) break;
            if (context.Now >= deadline) return GiveUpShift(waiting, failed, target);
            await Pump(() => false, null, context.Now + Backoff(attempt));
        }

        return true;
    }

    /// <summary>Waits while the release is held or frozen, and asks the gates again after that when nothing of the stage is written.
    /// Returns how long it was held; null: the release has to stop.</summary>
    private async Task<TimeSpan?> MayWrite(bool untouched)
    {
        var begun = context.Now;
        // Before the first write steps of the pipeline may have taken their time.
        for (var waited = untouched && Stage.Steps.Any(step => step.BeforeFlags); ; waited = true)
        {
            var before = context.Now;
            if (!await MayGoOn()) return null;

            // A gate that passed before a hold says nothing after it, nor does one that passed long ago: the ledger may have been away since.
            var old = loaded.LooksBeforeItWrites && context.Now - _gatesPassedAt > LookCounts;
            if ((waited || old || context.Now > before) && untouched && !await PassGates()) return null;
            // Where a part of the stage is written its gates have had their say; window and sight count again after a hold, which may have lasted for hours.
            var stale = loaded.LooksAtPartsAgain && context.Now - _partLookedAt > LookCounts;
            var wasHeld = loaded.LooksAfterEveryHold && (waited || stale || context.Now > before);
            var looked = context.Now;
            if (untouched || wasHeld) _partLookedAt = looked;
            var shut = loaded.LooksBeforeItWrites && (Unseen || !_schedule.IsOpen(context.Now));
            if ((waited || shut) && (untouched || wasHeld) && Stage.Percentage > Percentage.Zero)
            {
                // Steps of the pipeline may have taken longer than the window is open, or sight lasted; so may gates.
                if (await HeldByWindow() is not { } closed) return null;
                if (closed) continue;
            }

            if (await HeldByFreeze() is not { } frozen) return null;
            if (!frozen && !(loaded.LooksBeforeItWrites && (untouched || loaded.LooksAtPartsAgain) && context.Now - looked > LookCounts)) return context.Now - begun;
        }
    }

    /// <summary>One write for each flag, all under way at the same time; without an answer for those that a stop did not wait for.</summary>
    private async Task<IReadOnlyList<(FlagSpec Flag, Answer<FlagOutput> Answer)>> WriteTogether(IReadOnlyList<FlagSpec> flags, Percentage target)
    {
        var writes = flags.Select(flag => (Flag: flag, Answer: Write(flag, target))).ToList();
        var all = Task.WhenAll(writes.Select(write => write.Answer));
        await Pump(() => all.IsCompleted, all, null);
        var answers = new List<(FlagSpec, Answer<FlagOutput>)>();
        foreach (var (flag, answer) in writes)
        {
            answers.Add((flag, answer.IsCompleted ? await answer : new Answer<FlagOutput>(null, true, "interrupted")));
        }

        return answers;
    }

    private Task<Answer<FlagOutput>> Write(FlagSpec flag, Percentage target)
    {
        _underWay.Add(flag.Key);
        _attemptedAt = context.Now;
        return Attempt(context.RunActivity(ReleaseActivities.Expose, new ExposeInput(flag, target, _left[flag.Key]) { NotAfter = loaded.LeavesLateWrites ? context.Now + LookCounts : null }), ForwardTimeout);
    }

    /// <summary>Takes an answer in: records what is known of the flag, and holds the release where somebody else changed it.</summary>
    private Written TakeIn(FlagSpec flag, Answer<FlagOutput> answer)
    {
        switch (answer.Value)
        {
            case { Flag: { } read, Outcome: EffectOutcome.Done or EffectOutcome.AlreadyDone } done:
                _left[flag.Key] = _wrote[flag.Key] = read;
                _underWay.Remove(flag.Key);
                Record(new EffectFinished(ShiftId(flag), EffectKind.Flag, flag.Key.ToString(), done.Outcome, done.Details, read));
                return Written.Done;
            case { Outcome: EffectOutcome.Conflict, Drifted: false, Flag: { } saved }:
                _left[flag.Key] = saved;
                return Written.Resaved;
            case { Outcome: EffectOutcome.Conflict } conflict when _stop is null:
                Record(new EffectFinished(ShiftId(flag), EffectKind.Flag, flag.Key.ToString(), EffectOutcome.Conflict, conflict.Details, conflict.Flag));
                Here.Drifted = true;
                HoldFor("drift", AlertSeverity.Critical, conflict.Details);
                return Written.Drifted;
            default:
                return Written.Failed;
        }
    }

    private bool GiveUpShift(IReadOnlyList<FlagSpec> waiting, IReadOnlyList<(FlagSpec Flag, bool TimedOut, string Problem)> failed, Percentage target)
    {
        foreach (var flag in waiting)
        {
            var (problem, timedOut) = failed.Where(one => one.Flag == flag).Select(one => (one.Problem, one.TimedOut)).FirstOrDefault((Quiet, false));
            Record(new EffectFinished(ShiftId(flag), EffectKind.Flag, flag.Key.ToString(), timedOut ? EffectOutcome.TimedOut : EffectOutcome.Failed, problem, null));
            _stop ??= new StopCause(ReleaseTrigger.ShiftFailed, "slipway", $"{flag.Key} could not be set to {target} within {ShiftBudget.TotalMinutes:0} min: {problem}");
        }

        return false;
    }

    /// <summary>Leaves a shift that has to stop: what was begun may still land, and then loses on its ETag to the restore.</summary>
    private bool LeaveShift(IReadOnlyList<FlagSpec> waiting)
    {
        foreach (var flag in waiting)
        {
            var (outcome, details) = _underWay.Contains(flag.Key)
                ? (EffectOutcome.TimedOut, "not waited for: the release stops")
                : (EffectOutcome.Failed, "not written: the release stops");
            Record(new EffectFinished(ShiftId(flag), EffectKind.Flag, flag.Key.ToString(), outcome, details, null));
        }

        return false;
    }

    /// <summary>Every flag reads back at the target: from here on propagation and bake run, for all regions at once.</summary>
    private async Task<bool> PassBarrier()
    {
        var (environment, target) = (Here, Stage.Percentage);
        environment.Writing = false;
        _exposure = target;
        var evidenceFrom = context.Now + environment.Environment.Watch.Propagation;
        _bakeEndsAt = evidenceFrom + Stage.Bake;
        _bakeMaxAt = evidenceFrom + Stage.MaxBake;
        _bake = null;
        List<FlagState> flags = [.. environment.Environment.Flags.Select(flag => _left[flag.Key])];
        environment.Judged = new StageUnderJudgement(
            _stage, target, evidenceFrom, flags.Exists(flag => flag.Segments.Count > 0), flags.Select(flag => flag.Overrides.Count).DefaultIfEmpty(0).Max());
        Record(new StageStarted(_stage, target, evidenceFrom));
        if (_machine.Phase == ReleasePhase.Paused) Direct(WatchMode.Hold);
        Post(Checkpoint.Stage, MessageWords.Stage(_plan, _stage, environment.In), $"judged until {_bakeEndsAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z");
        if (!await MayGoOn()) return false;
        Fire(ReleaseTrigger.Shifted, $"{target} is set and read back{environment.In}", evidenceFrom, "applications have refreshed their flags; the bake begins");
        Direct(WatchMode.Bake);
        return true;
    }

    /// <summary>An exposure whose write was begun and may still land; null when there is none.</summary>
    private Percentage? PendingOf(FlagSpec flag) => _underWay.Contains(flag.Key) ? Stage.Percentage : null;

    private EnvironmentWatch EnvironmentOf(FlagKey flag) => _environments.First(environment => environment.Environment.Flags.Any(own => own.Key == flag));

    private string ShiftId(FlagSpec flag) => $"shift:{_stage}:{flag.Key}";
}
