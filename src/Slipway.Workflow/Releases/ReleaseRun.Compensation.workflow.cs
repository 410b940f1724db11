using Slipway.Core.Ledgers;
using Slipway.Core.Messages;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Strategies;
using Slipway.Workflow.Activities;

namespace Slipway.Workflow.Releases;

/// <summary>
/// The way back. Levels run in order until one is verified; each never stops at its first failure; nothing optional is waited for, and
/// no command stops it.
/// </summary>
internal sealed partial class ReleaseRun
{
    /// <summary>How long a level waits for its intent to be in the ledger before it acts all the same.</summary>
    private static readonly TimeSpan RecordPatience = TimeSpan.FromSeconds(5);

    /// <summary>How long flags are brought back where no level has a budget for it.</summary>
    private static readonly TimeSpan RescueBudget = TimeSpan.FromMinutes(5);

    /// <summary>Somebody who turns a flag on again and again is not fought for ever: then the next level comes, which looks again.</summary>
    private const int MostLooks = 3;

    private readonly HashSet<FlagKey> _flagsUndone = [];
    private readonly HashSet<FlagKey> _flagsGone = [];
    private readonly HashSet<FlagKey> _flagsOfOthers = [];
    private readonly List<string> _driftNotes = [];
    private bool _flagsInDoubt;
    private int _attempts;

    private async Task<ReleaseOutput> RollBack()
    {
        var stop = _stop ?? new StopCause(ReleaseTrigger.Abort, "slipway", "stopped");
        Fire(stop.Trigger, stop.Reason);
        Record(new RollbackBegun(stop.Automated, stop.Actor, stop.Reason, stop.Finding, stop.SeenAt, stop.Environment), stop.Actor);
        AcknowledgeStop(stop, $"rolling back from {Exposed}");
        WithdrawEvaluations(stop.Reason);
        StopWatches();
        if (stop.Trigger == ReleaseTrigger.Breached) Post(Checkpoint.Breach, MessageWords.Breach, stop.Reason);
        Post(Checkpoint.Rollback, MessageWords.RollbackBegun, stop.Reason);

        foreach (var level in _plan.Levels)
        {
            if (await RunLevel(level)) return await Recover(level.Level, stop);

            // It is well again, and what is missing is a look at its flags, or the end of what the pipeline does: nobody's keys or code are moved for that.
            if (_flagsInDoubt || _pipelineInDoubt) break;
        }

        // Code may be back although a flag could not be reached before: look at the flags once more, so that "rolled back" means it.
        var flags = _plan.Levels.FirstOrDefault(level => level.Level == 1);
        if (flags is not null && (_flagsUndone.Count < _plan.Flags.Count || ExposureLeft.Count > 0) && await RunLevel(flags)) return await Recover(1, stop);

        return await Exhausted(stop);
    }

    /// <summary>No level brought it back: who is on call gets a list of what is left.</summary>
    private async Task<ReleaseOutput> Exhausted(StopCause stop)
    {
        await EndOperations();
        if (loaded.LooksInTroubleToo && _flagsUndone.Count == _plan.Flags.Count) await StaysBack();
        List<string> left = [.. _plan.Flags.Where(flag => !_flagsUndone.Contains(flag.Key)).Select(flag => $"turn flag {flag.Key} off and verify it"), .. ExposureLeft.Select(step => $"have the pipeline {step.Sentence} and verify it"), .. _notUndone.Distinct(), .. AcceptedLeft, .. _unasked];
        if (left.Count == 0) left.Add("everything was undone, yet smoke checks or metrics are still bad: find out why");
        if (loaded.LooksInTroubleToo) left.AddRange(_driftNotes.Distinct());
        left.AddRange(_operationsLeft.Distinct());
        Raise("rollback", AlertSeverity.Critical, "no compensation level recovered the release", _request.Contacts.OnCall.Count == 0 ? "nobody is on call by mail" : $"on call is told: {string.Join(", ", _request.Contacts.OnCall)}");
        Fire(ReleaseTrigger.LevelsExhausted, $"no compensation level recovered the release: {stop.Reason}");
        return await End(ReleasePhase.Failed, $"the rollback could not be completed: {stop.Reason}", left);
    }

    private readonly List<string> _notUndone = [];

    private async Task<ReleaseOutput> Recover(int level, StopCause stop)
    {
        var looked = context.Now;
        await EndOperations();
        if (loaded.LooksInTroubleToo && context.Now > looked && !await StaysBack()) return await Exhausted(stop);
        _exposure = Percentage.Zero;
        Fire(ReleaseTrigger.Recovered, $"level {level} brought the release back: {stop.Reason}");
        return await End(ReleasePhase.RolledBack, stop.Reason, [.. _driftNotes, .. _notUndone.Distinct(), .. _unasked, .. _operationsLeft.Distinct(), .. StillDeployed(level)]);
    }

    /// <summary>Code that came without users stays where it is when traffic and flags alone brought the release back.</summary>
    private IEnumerable<string> StillDeployed(int level) => level == 3 ? [] :
    [
        .. WayBack.StaysDeployed(_steps) ? [$"version {_request.Release.Version} stays deployed without users: remove it, or release it again"] : Array.Empty<string>(),
        .. BackOperations.StayingMigrations(_request),
    ];

    private async Task<bool> RunLevel(PlannedLevel level)
    {
        var startedAt = context.Now;
        var deadline = startedAt + level.Budget;
        var undoing = new Undoing(level, level.Level switch
        {
            1 => await RestoreExposure(deadline),
            2 => await RestoreKeys(deadline),
            _ => await RestoreCode(deadline),
        });
        await BeginPurges(deadline);
        undoing.At = undoing.Left.Count == 0 ? context.Now : null;
        undoing.Details = undoing.Left.Count == 0 ? $"level {level.Level} undone" : string.Join("; ", undoing.Left);
        var recovered = false;
        _flagsInDoubt = _pipelineInDoubt = false;
        if (NobodyExposed && undoing.Left.Count == 0)
        {
            await LookBehind(undoing);
            recovered = undoing.Doubts.Bad.Count == 0 && undoing.Left.Count == 0;
        }

        if (level.Level > 1) _notUndone.AddRange(loaded.EndsWithWhatItSaw ? undoing.Left.Except(undoing.FlagsLeft) : undoing.Left);
        Record(new LevelEnded(level.Level, recovered, undoing.Details, undoing.Left, startedAt, undoing.At));
        return recovered;
    }

    /// <summary>Level 1. Returns a line for each flag that could not be undone in time.</summary>
    private async Task<IReadOnlyList<string>> RestoreFlags(DateTimeOffset deadline)
    {
        var waiting = _plan.Flags.Reverse().Where(flag => !_flagsUndone.Contains(flag.Key)).ToList();
        var attempt = ++_attempts;
        foreach (var flag in waiting) Record(new EffectIntended($"restore:{attempt}:{flag.Key}", EffectKind.Flag, flag.Key.ToString(), $"back to its captured state, {_captured[flag.Key].Exposure}"));
        await Settle(Recorded(), RecordPatience);

        var problems = new Dictionary<FlagKey, (EffectOutcome Outcome, string Text)>();
        for (var round = 0; ; round++)
        {
            var answers = waiting.Select(flag => (Flag: flag, Answer: Attempt(
                context.RunActivity(ReleaseActivities.RestoreFlag, new RestoreFlagInput(flag, _captured[flag.Key], LeftOf(flag.Key), PendingOf(flag)) { Wrote = WroteOf(flag.Key) }), ForwardTimeout))).ToList();
            await Settle(Task.WhenAll(answers.Select(answer => answer.Answer)), ForwardTimeout);
            foreach (var (flag, task) in answers)
            {
                var answer = task.IsCompleted ? await task : new Answer<FlagOutput>(null, true, "no answer in time");
                if (answer.Value is { Outcome: EffectOutcome.Done or EffectOutcome.AlreadyDone } done)
                {
                    waiting.Remove(flag);
                    _flagsUndone.Add(flag.Key);
                    _wrote.Remove(flag.Key);
                    if (done.Flag is not null) _left[flag.Key] = done.Flag;
                    if (done.Drifted && (_flagsOfOthers.Add(flag.Key) || !loaded.EndsWithWhatItSaw)) _driftNotes.Add(done.Details);
                    if (done.Flag is null) _flagsGone.Add(flag.Key);
                    Record(new EffectFinished($"restore:{attempt}:{flag.Key}", EffectKind.Flag, flag.Key.ToString(), done.Outcome, done.Details, done.Flag));
                }
                else
                {
                    problems[flag.Key] = (answer.Value?.Outcome ?? (answer.TimedOut ? EffectOutcome.TimedOut : EffectOutcome.Failed), answer.Value?.Details ?? answer.Problem);
                }
            }

            if (waiting.Count == 0 || context.Now >= deadline) break;
            var next = context.Now + Backoff(round);
            await Pump(() => false, null, next < deadline ? next : deadline, interruptible: false);
        }

        foreach (var flag in waiting)
        {
            var (outcome, text) = problems[flag.Key];
            Record(new EffectFinished($"restore:{attempt}:{flag.Key}", EffectKind.Flag, flag.Key.ToString(), outcome, text, null));
        }

        return [.. waiting.Select(flag => $"flag {flag.Key}: {problems[flag.Key].Text}")];
    }

    /// <summary>What a restore takes for Slipway's own: not what somebody else left, which a restore before found off or turned off.</summary>
    private FlagState LeftOf(FlagKey flag) => loaded.EndsWithWhatItSaw && _flagsOfOthers.Contains(flag) ? _captured[flag] with { ETag = "" } : _left[flag];

    /// <summary>What Slipway wrote itself, where what it took for the last state since is another.</summary>
    private FlagState? WroteOf(FlagKey flag) => loaded.KnowsWhatItWrote && !_flagsOfOthers.Contains(flag) && _wrote.GetValueOrDefault(flag) is { } wrote && wrote.ETag != _left[flag].ETag ? wrote : null;

    /// <summary>Level 2. Returns a line for each key that could not be undone in time.</summary>
    private async Task<IReadOnlyList<string>> RestoreKeys(DateTimeOffset deadline)
    {
        var problems = new List<string>();
        if (_keys.Count == 0) return problems;
        foreach (var key in _keys.Reverse())
        {
            var id = $"restore-key:{key.Key}";
            Record(new EffectIntended(id, EffectKind.Configuration, key.Key, "back to its captured value"));
            await Settle(Recorded(), RecordPatience);
            var result = await Insist(() => context.RunActivity(ReleaseActivities.RestoreKey, new RestoreKeyInput(key)), deadline);
            Record(new EffectFinished(id, EffectKind.Configuration, key.Key, result.Outcome, result.Details, null));
            if (result.Outcome is not (EffectOutcome.Done or EffectOutcome.AlreadyDone)) problems.Add($"configuration {key.Key}: {result.Details}");
        }

        if (problems.Count == 0) await RestartAfterKeys(deadline);
        return problems;
    }

    private async Task<EffectOutput> Insist(Func<Task<EffectOutput>> act, DateTimeOffset deadline)
    {
        for (var round = 0; ; round++)
        {
            var answer = await Forward(act(), interruptible: false);
            if (answer.Value is { Outcome: EffectOutcome.Done or EffectOutcome.AlreadyDone } done) return done;
            if (context.Now >= deadline) return answer.Value ?? new EffectOutput(answer.TimedOut ? EffectOutcome.TimedOut : EffectOutcome.Failed, answer.Problem);
            var next = context.Now + Backoff(round);
            await Pump(() => false, null, next < deadline ? next : deadline, interruptible: false);
        }
    }

    /// <summary>Waits for something, but not longer than the patience, and never less hurriedly because of it.</summary>
    private Task Settle(Task work, TimeSpan patience) => Pump(() => work.IsCompleted, work, context.Now + patience, interruptible: false);
}
