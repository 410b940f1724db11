using Slipway.Core.Ledgers;
using Slipway.Core.Strategies;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Ports;

namespace Slipway.Workflow.Releases;

/// <summary>What the deploy hook is asked on the way back.</summary>
internal sealed partial class ReleaseRun
{
    /// <summary>How long a rollback waits for a forward call that is still on its way, so that it cannot land behind the way back unseen.
    /// The adapter gives a call up in less.</summary>
    private static readonly TimeSpan LateCallPatience = TimeSpan.FromSeconds(60);

    private readonly HashSet<string> _stepsUndone = new(StringComparer.Ordinal);
    private int _rounds;

    /// <summary>What still has to be undone before nobody is exposed through the hook any more.</summary>
    private IReadOnlyList<HookStep> ExposureLeft =>
        [.. WayBack.Left(WayBack.OfExposure(_steps, _request.Rollback?.Code?.PreviousVersion), _stepsUndone)];

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
        if (!loaded.FollowsAcceptedSteps) _lateCalls.Clear();
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
