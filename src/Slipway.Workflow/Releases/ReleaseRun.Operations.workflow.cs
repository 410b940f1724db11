using Slipway.Core.Ledgers;
using Slipway.Core.Strategies;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Ports;

namespace Slipway.Workflow.Releases;

/// <summary>
/// What a rollback asks of the pipeline beside the way back: caches, a restart, tests, migrations. Recorded before and after, within the
/// budget of its level, and named as left to do by hand when it was not done. Nothing here is waited for before users are back.
/// </summary>
internal sealed partial class ReleaseRun
{
    private readonly List<string> _operationsLeft = [];
    private Task<IReadOnlyList<string>>? _purging;
    private bool _tested;
    private bool _migratedDown;

    /// <summary>Whether nobody gets the new version any more, as far as flags and pipeline were read back.</summary>
    private bool NobodyExposed => _flagsUndone.Count == _plan.Flags.Count && ExposureLeft.Count == 0;

    /// <summary>Begins to empty the caches, once, as soon as nobody fills them with answers of the new version any more.</summary>
    private async Task BeginPurges(DateTimeOffset deadline)
    {
        if (_purging is null && NobodyExposed) _purging = await BeginOperations(BackOperations.Purges(_request), deadline);
    }

    /// <summary>Waits for what was begun in the background, which ends at its deadline at the latest; caches that nothing was begun for are left.</summary>
    private async Task EndOperations()
    {
        if (_purging is not { } purging)
        {
            _operationsLeft.AddRange(BackOperations.Purges(_request).Select(step => BackOperations.ByHand(step, "users may still get the new version")));
            return;
        }

        await Pump(() => purging.IsCompleted, purging, null, interruptible: false);
        _operationsLeft.AddRange(await purging);
    }

    /// <summary>Level 2, behind its keys: the application reads them anew.</summary>
    private async Task RestartAfterKeys(DateTimeOffset deadline) => _operationsLeft.AddRange(await Operate(BackOperations.Restart(_request), deadline));

    /// <summary>
    /// Level 3, before the previous version is deployed: its tests have to pass. Where users still get the new version they come first, and
    /// the version that ran before the release is brought back untested. Returns a line for tests that did not pass.
    /// </summary>
    private async Task<IReadOnlyList<string>> TestsBefore(string version, DateTimeOffset deadline)
    {
        if (_tested || !NobodyExposed) return [];
        var left = await Operate(BackOperations.Test(_request), deadline);
        _tested = left.Count == 0;
        return [.. left.Select(line => $"{version} was not deployed, as its tests have to pass before: {line}")];
    }

    /// <summary>Level 3, behind the previous version: migrations whose way back is safe with data written since, each verified.</summary>
    private async Task MigrateDown(DateTimeOffset deadline)
    {
        if (_migratedDown) return;
        _migratedDown = true;
        foreach (var down in BackOperations.MigrateDown(_request))
        {
            var left = await Operate([down], deadline);
            _operationsLeft.AddRange(left);
            if (left.Count > 0) continue;
            var verified = await Operate([BackOperations.Verification(down)], deadline);
            _operationsLeft.AddRange(verified);
            if (verified.Count > 0) Raise("database", AlertSeverity.Critical, $"the migration of {down.Target} was undone by {down.Argument}, and its tables could not be verified: {verified[0]}", "left to people");
        }

        _operationsLeft.AddRange(BackOperations.UnsafeMigrations(_request));
    }

    /// <summary>Asks for operations and waits for them, while commands are heard. Returns a line for each that was not done.</summary>
    private async Task<IReadOnlyList<string>> Operate(IReadOnlyList<HookStep> steps, DateTimeOffset deadline)
    {
        var work = await BeginOperations(steps, deadline);
        await Pump(() => work.IsCompleted, work, null, interruptible: false);
        return await work;
    }

    /// <summary>Records the intents and asks for operations, all at the same time; the task ends when each is done or refused or the deadline is
    /// there, with a line for each that was not done.</summary>
    private async Task<Task<IReadOnlyList<string>>> BeginOperations(IReadOnlyList<HookStep> steps, DateTimeOffset deadline)
    {
        if (steps.Count == 0) return Task.FromResult<IReadOnlyList<string>>([]);
        if (BackOperations.HookOf(_request) is not { } hook)
            return Task.FromResult<IReadOnlyList<string>>([.. steps.Select(step => BackOperations.ByHand(step, "the request names no hook to ask"))]);
        var calls = HookCall.Back(release, ++_rounds, steps);
        foreach (var call in calls) Record(new EffectIntended(call.Key, EffectKind.Hook, hook.ToString(), call.Step.Sentence) { Step = call.Step });
        await Settle(Recorded(), RecordPatience);
        return OperateAll(calls, hook, deadline);
    }

    private async Task<IReadOnlyList<string>> OperateAll(IReadOnlyList<HookCall> calls, Uri hook, DateTimeOffset deadline) =>
        [.. (await Task.WhenAll(calls.Select(call => OperateOne(call, hook, deadline)))).OfType<string>()];

    /// <summary>One operation; a line when it was not done.</summary>
    private async Task<string?> OperateOne(HookCall call, Uri hook, DateTimeOffset deadline)
    {
        Uri? status = null;
        for (var round = 0; ; round++)
        {
            var answer = await Attempt(context.RunActivity(ReleaseActivities.Hook, new HookInput(hook, call, status)), ForwardTimeout);
            if (answer.Value is { Progress: HookProgress.Done } done)
            {
                Record(new EffectFinished(call.Key, EffectKind.Hook, hook.ToString(), EffectOutcome.Done, done.Details, null));
                return null;
            }

            status = answer.Value?.Status ?? status;
            var details = answer.Value?.Details ?? answer.Problem;
            if (answer.Value is { Progress: HookProgress.Refused } || context.Now >= deadline)
            {
                Record(new EffectFinished(call.Key, EffectKind.Hook, hook.ToString(), answer.TimedOut ? EffectOutcome.TimedOut : EffectOutcome.Failed, details, null));
                return BackOperations.ByHand(call.Step, details);
            }

            var next = context.Now + Backoff(round);
            await context.SleepUntil(next < deadline ? next : deadline);
        }
    }
}
