using Slipway.Core.Ledgers;
using Slipway.Core.Strategies;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Watch;

namespace Slipway.Workflow.Releases;

/// <summary>
/// Steps that the pipeline had accepted, and had not ended, when the release stopped: what it does behind its answer may take effect behind the way
/// back. Users are brought back at once, and the release is not over before that work is.
/// </summary>
internal sealed partial class ReleaseRun
{
    /// <summary>Calls of the pipeline without an answer yet, when the release stopped.</summary>
    private readonly List<(Task<HookOutput> Asked, HookCall Call)> _lateCalls = [];

    private readonly List<AcceptedStep> _accepted = [];
    private readonly List<string> _unasked = [];
    private bool _pipelineInDoubt;

    /// <summary>A forward step that was answered with 202.</summary>
    /// <param name="Step">The step.</param>
    /// <param name="Hook">Whom it was asked of.</param>
    /// <param name="Call">What was asked.</param>
    /// <param name="Status">Where the pipeline wants to be asked how far it is; null: it cannot be asked, since the same call once more might begin it anew.</param>
    /// <param name="Until">When its time is over.</param>
    private sealed record AcceptedStep(HookStep Step, Uri Hook, HookCall Call, Uri? Status, DateTimeOffset Until);

    /// <summary>Remembers a step that the release does not wait for any more, if the pipeline had accepted it and users get the new version by it.</summary>
    /// <param name="accepted">When; null: it had not.</param>
    /// <param name="call">What was asked.</param>
    /// <param name="status">Where the pipeline wants to be asked.</param>
    private void LeaveAccepted(DateTimeOffset? accepted, HookCall call, Uri? status)
    {
        if (accepted is not { } at || !call.Step.Exposes || !loaded.FollowsAcceptedSteps) return;
        var deploy = _plan.Deploy!;

        // One that is past its time already gets as much again to end.
        var over = at + deploy.Within;
        _accepted.Add(new AcceptedStep(call.Step, deploy.Hook, call, status, over > context.Now ? over : context.Now + deploy.Within));
    }

    /// <summary>Calls that were not waited for and have their answer by now are on their way no more; the pipeline may have accepted them.</summary>
    private async Task TakeLateAnswers()
    {
        foreach (var late in _lateCalls.Where(late => late.Asked.IsCompletedSuccessfully))
        {
            // One that was asked again meanwhile may be done, or is followed already.
            var followed = _accepted.Exists(step => step.Call.Key == late.Call.Key) || _steps.Exists(fact => fact.Key == late.Call.Key && fact.Outcome == EffectOutcome.Done);
            if (await late.Asked is { Progress: HookProgress.UnderWay } answer && !followed) LeaveAccepted(context.Now, late.Call, answer.Status);
        }

        _lateCalls.RemoveAll(late => late.Asked.IsCompleted);
    }

    /// <summary>
    /// Where all is well, follows what the pipeline had accepted to its end, with users back meanwhile; where something is bad, nothing waits for that. What
    /// took effect, or cannot be asked about and had its time, is taken back once more, and so are requests that reach the new version again
    /// before, and flags that somebody changed; what is still under way when its time is over leaves the release in doubt.
    /// </summary>
    private async Task FollowAccepted(Undoing undoing)
    {
        _pipelineInDoubt = false;
        if (!loaded.FollowsAcceptedSteps || !undoing.IsWell) return;
        await TakeLateAnswers();
        if (_accepted.Count == 0) return;
        var until = _accepted.Max(step => step.Until);
        var took = new List<string>();
        Raise(
            "deploy hook", AlertSeverity.Warning, $"it had accepted to {string.Join(", ", _accepted.Select(step => step.Step.Sentence))}, and may still be at it",
            $"users are back; its end is waited for until {until.UtcDateTime:HH:mm:ss}Z, then it is taken back once more");
        var from = NextInterval(context.Now, _plan.Watch.Interval);
        for (var round = 0; ; round++)
        {
            foreach (var step in _accepted.ToList()) await Ask(step, took);
            var closed = WatchWorkflow.LastClosed(context.Now, _plan.Watch.IngestionDelay, _plan.Watch.Interval);
            var why = took.Count > 0 ? $"the pipeline may have done behind the way back: {string.Join(", ", took)}" : "";
            if (why.Length == 0 && (round == 0 || closed > from))
            {
                if (await ChangedAgain(seenOnly: true) is { Sentence.Length: > 0 } again) await RestoreChanged(undoing, again.Flags, again.Sentence);
                if (closed > from)
                {
                    var judged = await MetricsAfter(from, closed);
                    undoing.Doubts.Bad.AddRange(judged.SelectMany(one => one.Bad));
                    if (judged.Any(one => one.StillExposed)) why = "requests reached the new version again";
                    from = closed;
                }
            }

            if (why.Length > 0)
            {
                took.Clear();
                await TakeBackOnceMore(undoing, why);
                from = NextInterval(context.Now, _plan.Watch.Interval);
            }

            if (_accepted.Count == 0 || context.Now >= until || !undoing.IsWell) break;
            var next = context.Now + Backoff(round);
            await Pump(() => false, null, next < until ? next : until, interruptible: false);
        }

        if (_accepted.Count == 0 || !undoing.IsWell) return;
        await TakeBackOnceMore(undoing, "the time of what the pipeline had accepted is over");
        _pipelineInDoubt = undoing.IsWell;
        undoing.Doubts.Bad.AddRange(_accepted.Select(step => $"the pipeline still is to {step.Step.Sentence}, and did not end within {_plan.Deploy!.Within.TotalMinutes:0.#} min"));
    }

    /// <summary>Asks how far a step is, where that can be asked; otherwise its time decides.</summary>
    private async Task Ask(AcceptedStep step, List<string> took)
    {
        if (step.Status is not { } status)
        {
            if (context.Now < step.Until) return;
            End(step, took);
            _unasked.Add($"the pipeline had accepted to {step.Step.Sentence} and gave no address to ask at; when its time was over it was taken back once more: verify that nobody gets {_request.Release.Version}");
            return;
        }

        var answer = await Attempt(context.RunActivity(ReleaseActivities.Hook, new HookInput(step.Hook, step.Call, status)), ForwardTimeout);
        switch (answer.Value)
        {
            case { Progress: HookProgress.Done }:
                End(step, took);
                break;
            case { Progress: HookProgress.Refused, Details: var details }:
                End(step, took);
                _unasked.Add($"the pipeline had accepted to {step.Step.Sentence} and says now: {details}; it was taken back once more: verify that nobody gets {_request.Release.Version}");
                break;
            case { Status: { } moved } when moved != status:
                _accepted[_accepted.IndexOf(step)] = step with { Status = moved };
                break;
            default:
                break;
        }
    }

    private void End(AcceptedStep step, List<string> took)
    {
        _accepted.Remove(step);
        took.Add(step.Step.Sentence);
    }

    /// <summary>What a person has to do about steps of which no end was seen.</summary>
    private IEnumerable<string> AcceptedLeft => _accepted.Select(step =>
        $"the pipeline accepted to {step.Step.Sentence} and did not say that it ended: stop it, and verify that nobody gets {_request.Release.Version}");
}
