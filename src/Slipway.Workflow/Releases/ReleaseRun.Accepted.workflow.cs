using Slipway.Core.Ledgers;
using Slipway.Core.Strategies;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Ports;

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
            if (await late.Asked is { Progress: HookProgress.UnderWay } answer) LeaveAccepted(context.Now, late.Call, answer.Status);
        }

        _lateCalls.RemoveAll(late => late.Asked.IsCompleted);
    }

    /// <summary>
    /// Where all is well, follows what the pipeline had accepted to its end, with users back meanwhile; where something is bad, nothing waits for that. What took effect, or cannot be asked about and had its time, is taken
    /// back once more; what is still under way when its time is over leaves the release in doubt.
    /// </summary>
    private async Task FollowAccepted(Undoing undoing)
    {
        if (!loaded.FollowsAcceptedSteps || undoing.Doubts.Bad.Count > 0) return;
        await TakeLateAnswers();
        if (_accepted.Count == 0) return;
        var until = _accepted.Max(step => step.Until);
        var (what, took) = (string.Join(", ", _accepted.Select(step => step.Step.Sentence)), new List<string>());
        Raise("deploy hook", AlertSeverity.Warning, $"it had accepted to {what}, and may still be at it", $"users are back; its end is waited for until {until.UtcDateTime:HH:mm:ss}Z, then it is taken back once more");
        for (var round = 0; ; round++)
        {
            foreach (var step in _accepted.ToList())
            {
                if (step.Status is { } status) await Ask(step, status, took);
                else if (context.Now >= step.Until)
                {
                    End(step, took);
                    _unasked.Add($"the pipeline had accepted to {step.Step.Sentence} and gave no address to ask at; when its time was over it was taken back once more: verify that nobody gets {_request.Release.Version}");
                }
            }

            if (_accepted.Count == 0 || context.Now >= until) break;
            var next = context.Now + Backoff(round);
            await Pump(() => false, null, next < until ? next : until, interruptible: false);
        }

        if (took.Count > 0) await TakeBackOnceMore(undoing, $"the pipeline may have done behind the way back: {string.Join(", ", took)}");
        _pipelineInDoubt = _accepted.Count > 0;
        foreach (var step in _accepted) undoing.Doubts.Bad.Add($"the pipeline still is to {step.Step.Sentence}, and did not end within {_plan.Deploy!.Within.TotalMinutes:0.#} min");
    }

    private async Task Ask(AcceptedStep step, Uri status, List<string> took)
    {
        var answer = await Attempt(context.RunActivity(ReleaseActivities.Hook, new HookInput(step.Hook, step.Call, status)), ForwardTimeout);
        switch (answer.Value)
        {
            case { Progress: HookProgress.Done }:
                End(step, took);
                break;
            case { Progress: HookProgress.Refused }:
                _accepted.Remove(step);
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
