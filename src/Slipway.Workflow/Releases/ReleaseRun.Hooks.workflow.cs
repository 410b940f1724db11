using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Strategies;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Ports;

namespace Slipway.Workflow.Releases;

/// <summary>What the deploy hook is asked: the steps of a stage, and their way back.</summary>
internal sealed partial class ReleaseRun
{
    /// <summary>How long a rollback waits for a forward call that is still on its way, so that it cannot land behind the way back unseen.
    /// The adapter gives a call up in less.</summary>
    private static readonly TimeSpan LateCallPatience = TimeSpan.FromSeconds(60);

    private readonly List<HookStepFact> _steps = [];
    private readonly HashSet<string> _stepsUndone = new(StringComparer.Ordinal);
    private int _rounds;

    /// <summary>What still has to be undone before nobody is exposed through the hook any more.</summary>
    private IReadOnlyList<HookStep> ExposureLeft =>
        [.. WayBack.Left(WayBack.OfExposure(_steps, _request.Rollback?.Code?.PreviousVersion), _stepsUndone)];

    /// <summary>Carries out the stage's steps that come before its flags, or after them. False: the release has to stop.</summary>
    private async Task<bool> RunSteps(bool beforeFlags)
    {
        foreach (var step in Stage.Steps.Where(step => step.BeforeFlags == beforeFlags))
        {
            if (!await RunStep(step) || (step.Action == DeployAction.Deploy && !await Started(step))) return false;
        }

        return true;
    }

    /// <summary>One step: asked with the same key until it took effect, was refused, or its time is over.</summary>
    private async Task<bool> RunStep(HookStep step)
    {
        var deploy = _plan.Deploy!;
        var call = HookCall.Forward(_plan, _stage, step);
        if (!await MayGoOn()) return false;
        Record(new EffectIntended(call.Key, EffectKind.Hook, deploy.Hook.ToString(), step.Sentence) { Step = step });
        await Pump(() => false, Recorded(), null);
        if (_stop is not null) return EndStep(call, deploy.Hook, EffectOutcome.Failed, "not asked for: the release stops");

        _steps.Add(new HookStepFact(call.Key, step, null));
        if (step.Exposes) ExpectNoControl();
        if (step.Action == DeployAction.ShadowStop && loaded.ExpectsNoShadow) ExpectNoShadow();
        var deadline = context.Now + deploy.Within;
        Uri? status = null;
        var (alerted, underWay) = (false, false);
        DateTimeOffset? accepted = null;
        for (var attempt = 0; ; attempt++)
        {
            var before = context.Now;

            // Who stopped the release, or holds it, since the step before did not see that its wake-up was lost.
            if (loaded.HearsBeforeEachStep && step.Exposes && !underWay) await LookForCommands();
            if (!await MayGoOn())
            {
                LeaveAccepted(accepted, call, status);
                return EndStep(call, deploy.Hook, EffectOutcome.TimedOut, "not waited for: the release stops");
            }

            // A step that the pipeline has accepted takes its course; everything else waits for what forbids an increase.
            if (!underWay && !await NothingForbids(step)) return EndStep(call, deploy.Hook, EffectOutcome.TimedOut, "not waited for: the release stops");
            deadline += context.Now - before;
            var asked = context.RunActivity(ReleaseActivities.Hook, new HookInput(deploy.Hook, call, status));
            var answer = await Forward(asked);
            if (!asked.IsCompleted) _lateCalls.Add((asked, call));
            if (answer.Value is { Progress: HookProgress.Done } done)
            {
                EndStep(call, deploy.Hook, EffectOutcome.Done, done.Details);
                return true;
            }

            status = answer.Value is { } value ? value.Status : status;
            accepted = answer.Value?.Progress switch { HookProgress.UnderWay => accepted ?? context.Now, HookProgress.Refused => null, _ => accepted };
            if (_stop is not null)
            {
                LeaveAccepted(accepted, call, status);
                return EndStep(call, deploy.Hook, EffectOutcome.TimedOut, "not waited for: the release stops");
            }

            var details = answer.Value?.Details ?? answer.Problem;
            underWay = answer.Value is { Progress: HookProgress.UnderWay } || status is not null;
            var refused = answer.Value is { Progress: HookProgress.Refused };
            if (refused || context.Now >= deadline)
            {
                var why = refused ? $"the deploy hook refused to {step.Sentence}: {details}" : $"the deploy hook did not {step.Sentence} within {deploy.Within.TotalMinutes:0.#} min: {details}";
                _stop = new StopCause(ReleaseTrigger.ShiftFailed, "slipway", why);
                LeaveAccepted(accepted, call, status);
                return EndStep(call, deploy.Hook, refused || !answer.TimedOut ? EffectOutcome.Failed : EffectOutcome.TimedOut, details);
            }

            if (answer.Value is not { Progress: HookProgress.UnderWay })
            {
                if (!alerted) Raise("deploy hook", AlertSeverity.Warning, $"it did not {step.Sentence}: {details}", $"asking again for {deploy.Within.TotalMinutes:0.#} min");
                alerted = true;
            }

            var next = context.Now + Backoff(attempt);
            await Pump(() => false, null, next < deadline ? next : deadline);
        }
    }

    /// <summary>
    /// Waits while a freeze forbids the step and, where it exposes users, while the window is closed, sight is lost or a gate does not pass:
    /// steps before it may have taken long. Returns without a wait behind the last look; false: the release has to stop.
    /// </summary>
    private async Task<bool> NothingForbids(HookStep step)
    {
        if (step.Action == DeployAction.ShadowStop) return true;
        while (true)
        {
            if (loaded.AsksGatesBeforeSteps && step.Exposes && context.Now - _gatesPassedAt > LookCounts && !await PassGates()) return false;
            var (looked, held) = (context.Now, false);
            if (step.Exposes)
            {
                if (await HeldByWindow() is not { } closed) return false;
                held = closed;
            }

            if (await HeldByFreeze() is not { } frozen) return false;
            if (!held && !frozen && !(loaded.AsksGatesBeforeSteps && step.Exposes && context.Now - looked > LookCounts)) return true;
            if (!await MayGoOn() || !await PassGates()) return false;
        }
    }

    /// <summary>As <see cref="HeldByFreeze"/>, for a window that closed or sight that was lost since the stage was let through.</summary>
    private async Task<bool?> HeldByWindow()
    {
        if (_schedule.IsOpen(context.Now) && !Unseen)
        {
            NotePass(_stage);
            return false;
        }

        WaitInShift();
        Show(ReleaseTrigger.WindowClosed, Unseen ? "telemetry is blind, and nothing is increased unseen" : $"the change window is {_schedule.Why(context.Now)}", null, "");
        Direct(WatchMode.Hold);
        if (!await WaitForWindow(_stage)) return null;
        await GoOnInShift();
        return true;
    }

    /// <summary>
    /// A pipeline may take its time on the way to 100 %, and the old version falls silent before it says that it is done: that is no lost
    /// sight. From the first step that may get there, the new version alone is sight.
    /// </summary>
    private void ExpectNoControl()
    {
        if (Stage.Percentage < Percentage.Full || Here.Judged is not { } judged || judged.Percentage == Percentage.Full) return;
        Here.Judged = judged with { Percentage = Percentage.Full, Unsettled = true };
        Direct(WatchMode.Hold);
    }

    /// <summary>A shadow that is stopped falls silent, and until the flags are raised nobody else is the canary: the evidence of its stage is complete,
    /// and from here on the control arm alone is sight.</summary>
    private void ExpectNoShadow()
    {
        if (Here.Judged is not { } judged) return;
        Here.Judged = judged with { EvidenceFrom = DateTimeOffset.MaxValue };
        Direct(WatchMode.Hold);
    }

    /// <summary>Records how a step ended. Always false: for callers that stop with it.</summary>
    private bool EndStep(HookCall call, Uri hook, EffectOutcome outcome, string details)
    {
        var index = _steps.FindIndex(fact => fact.Key == call.Key);
        if (index >= 0) _steps[index] = _steps[index] with { Outcome = outcome };
        Record(new EffectFinished(call.Key, EffectKind.Hook, hook.ToString(), outcome, details, null));
        return false;
    }

    /// <summary>
    /// Level 1: what moves traffic is undone first and the flags at the same time, since neither waits for the other. Returns a line for
    /// everything that could not be undone in time.
    /// </summary>
    private async Task<IReadOnlyList<string>> RestoreExposure(DateTimeOffset deadline)
    {
        await TakeLateAnswers();
        var hooks = await BeginBack(WayBack.OfTraffic(_steps), _plan.Deploy?.Hook, deadline);
        var flags = await RestoreFlags(deadline);
        await Pump(() => hooks.IsCompleted, hooks, null, interruptible: false);
        var left = await hooks;
        if (_lateCalls.Count == 0) return [.. left, .. flags];

        // A forward call without an answer may land behind the way back. Once it has, the way back is taken again.
        await Settle(Task.WhenAll(_lateCalls.Select(late => late.Asked)), LateCallPatience);
        await TakeLateAnswers();
        _lateCalls.Clear();
        var again = await BeginBack(WayBack.OfTraffic(_steps), _plan.Deploy?.Hook, deadline);
        await Pump(() => again.IsCompleted, again, null, interruptible: false);
        return [.. await again, .. flags];
    }

    /// <summary>Level 3: the previous version, region by region where it was deployed so, the last region first.</summary>
    private async Task<IReadOnlyList<string>> RestoreCode(DateTimeOffset deadline)
    {
        if (_request.Rollback?.Code is not { } code) return ["level 3 has no deploy hook"];
        if (_plan.Deploy is not null && !_steps.Exists(fact => fact.Step.Action == DeployAction.Deploy)) return [];
        await TakeLateAnswers();
        if (_lateCalls.Count > 0) await Settle(Task.WhenAll(_lateCalls.Select(late => late.Asked)), LateCallPatience);
        if (await TestsBefore(code.PreviousVersion, deadline) is { Count: > 0 } failed) return failed;
        var back = await BeginBack(WayBack.OfCode(_steps, code.PreviousVersion), code.Hook, deadline);
        await Pump(() => back.IsCompleted, back, null, interruptible: false);
        var left = await back;
        if (left.Count == 0) await MigrateDown(deadline);
        return left;
    }

    /// <summary>Records the intents and starts the steps back; the task ends with a line for each that was not done in time.</summary>
    private async Task<Task<IReadOnlyList<string>>> BeginBack(IReadOnlyList<HookStep> steps, Uri? hook, DateTimeOffset deadline)
    {
        if (steps.Count == 0 || hook is null) return Task.FromResult<IReadOnlyList<string>>([]);
        var calls = HookCall.Back(release, ++_rounds, steps);
        foreach (var call in calls)
        {
            _stepsUndone.Remove(call.Step.Id);
            Record(new EffectIntended(call.Key, EffectKind.Hook, hook.ToString(), call.Step.Sentence) { Step = call.Step });
        }

        await Settle(Recorded(), RecordPatience);
        return StepBack(calls, hook, deadline);
    }

    /// <summary>
    /// Asks for the steps back in their order, and again for those that are not done, until the deadline. One that fails or takes long does
    /// not keep the next ones waiting. Runs beside whatever else the rollback does.
    /// </summary>
    private async Task<IReadOnlyList<string>> StepBack(IReadOnlyList<HookCall> calls, Uri hook, DateTimeOffset deadline)
    {
        var waiting = calls.ToList();
        var last = new Dictionary<string, (EffectOutcome Outcome, string Details, Uri? Status)>(StringComparer.Ordinal);
        for (var round = 0; ; round++)
        {
            foreach (var call in waiting.ToList())
            {
                var answer = await Attempt(context.RunActivity(ReleaseActivities.Hook, new HookInput(hook, call, last.GetValueOrDefault(call.Key).Status)), ForwardTimeout);
                if (answer.Value is { Progress: HookProgress.Done } done)
                {
                    waiting.Remove(call);
                    _stepsUndone.Add(call.Step.Id);
                    Record(new EffectFinished(call.Key, EffectKind.Hook, hook.ToString(), EffectOutcome.Done, done.Details, null));
                    continue;
                }

                last[call.Key] = (answer.TimedOut ? EffectOutcome.TimedOut : EffectOutcome.Failed, answer.Value?.Details ?? answer.Problem, answer.Value?.Status);
            }

            if (waiting.Count == 0 || context.Now >= deadline) break;
            var next = context.Now + Backoff(round);
            await context.SleepUntil(next < deadline ? next : deadline);
        }

        foreach (var call in waiting) Record(new EffectFinished(call.Key, EffectKind.Hook, hook.ToString(), last[call.Key].Outcome, last[call.Key].Details, null));
        return [.. waiting.Select(call => $"deploy hook, {call.Step.Sentence}: {last[call.Key].Details}")];
    }
}
