using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Strategies;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Ports;

namespace Slipway.Workflow.Releases;

/// <summary>What the deploy hook is asked on the way forward: the steps of a stage.</summary>
internal sealed partial class ReleaseRun
{
    private readonly List<HookStepFact> _steps = [];

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
            if (!underWay && !await NothingForbids(step))
            {
                LeaveAccepted(accepted, call, status);
                return EndStep(call, deploy.Hook, EffectOutcome.TimedOut, "not waited for: the release stops");
            }

            deadline += context.Now - before;
            var asked = context.RunActivity(ReleaseActivities.Hook, new HookInput(deploy.Hook, call, status));
            var answer = await Forward(asked);
            if (!asked.IsCompleted) _lateCalls.Add((asked, call));
            if (answer.Value is { Progress: HookProgress.Done } done)
            {
                EndStep(call, deploy.Hook, EffectOutcome.Done, done.Details);
                return true;
            }

            var known = status;
            status = answer.Value is { } value ? value.Status : status;

            // Where its status says that it failed, or does not know it, what was accepted may have taken effect all the same.
            accepted = answer.Value?.Progress switch { HookProgress.UnderWay => accepted ?? context.Now, HookProgress.Refused when known is null => null, _ => accepted };
            if (_stop is not null)
            {
                LeaveAccepted(accepted, call, status ?? known);
                return EndStep(call, deploy.Hook, EffectOutcome.TimedOut, "not waited for: the release stops");
            }

            var details = answer.Value?.Details ?? answer.Problem;
            underWay = answer.Value is { Progress: HookProgress.UnderWay } || status is not null;
            var refused = answer.Value is { Progress: HookProgress.Refused };
            if (refused || context.Now >= deadline)
            {
                var why = refused ? $"the deploy hook refused to {step.Sentence}: {details}" : $"the deploy hook did not {step.Sentence} within {deploy.Within.TotalMinutes:0.#} min: {details}";
                _stop = new StopCause(ReleaseTrigger.ShiftFailed, "slipway", why);
                LeaveAccepted(accepted, call, status ?? known);
                var mayFollow = answer.TimedOut || (loaded.FollowsAcceptedSteps && accepted is not null);
                return EndStep(call, deploy.Hook, refused || !mayFollow ? EffectOutcome.Failed : EffectOutcome.TimedOut, details);
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
}
