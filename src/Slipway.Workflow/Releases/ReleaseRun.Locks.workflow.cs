using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Engine;

namespace Slipway.Workflow.Releases;

/// <summary>The locks on everything that this release may write: two running releases never hold the same flag.</summary>
internal sealed partial class ReleaseRun
{
    private IReadOnlyList<string> Resources(IEnumerable<FlagKey> flags, IEnumerable<string> keys) =>
        [.. flags.Select(flag => $"flag:{flag}"), .. keys.Select(key => $"key:{key}"), .. Pipelines.Select(pipeline => $"deploy:{pipeline}")];

    /// <summary>Two releases of one service through one pipeline would undo each other's traffic.</summary>
    private IEnumerable<string> Pipelines => _plan.Deploy is { } deploy ? [$"{deploy.Hook} of {_plan.Watch.Service}"] : [];

    /// <summary>
    /// Before anything else: a release whose flags another one holds is refused with that one's id, and does not even prove their kill
    /// switches. Whoever starts in between is found when the locks are taken. False: the release has to stop.
    /// </summary>
    private async Task<bool> LocksAreFree()
    {
        var needed = Resources(_plan.Flags.Select(flag => flag.Key), _plan.Levels.Where(level => level.Level == 2).SelectMany(level => level.Targets));
        var locks = await Forward(context.RunActivity(ReleaseActivities.CheckLocks, new LockInput(release, needed), new ActivityRetry(5, TimeSpan.FromSeconds(1), 2, TimeSpan.FromSeconds(5))));
        if (_stop is not null) return false;
        if (locks.Value is { Holder: null }) return true;
        var problem = locks.Value is { } held ? $"{held.Resource} is held by release {held.Holder}" : $"the locks could not be read: {locks.Problem}";
        Record(new GateChecked(QualityGates.Locks, GateStatus.Fail, true, problem, GateKind.Quality, null));
        await Ready();
        if (_stop is not null) return false;
        Fire(ReleaseTrigger.GatesFailed, $"preflight failed: {problem}");
        _stop = new StopCause(ReleaseTrigger.GatesFailed, "slipway", problem);
        return false;
    }

    /// <summary>Takes them all, or says why that cannot be; empty: they are held; null: the release has to stop.</summary>
    private async Task<string?> TakeLocks(IReadOnlyList<FlagKey> flags, IReadOnlyList<string> keys)
    {
        var needed = string.Join(", ", [.. flags.Select(flag => flag.ToString()), .. keys, .. Pipelines]);
        Record(new EffectIntended("locks", EffectKind.Lock, needed, "take the locks of everything this release may write"));
        await Pump(() => false, Recorded(), null);
        if (_stop is not null) return LeaveLocks(needed);

        var locks = await Forward(context.RunActivity(
            ReleaseActivities.TakeLocks, new LockInput(release, Resources(flags, keys)), new ActivityRetry(5, TimeSpan.FromSeconds(1), 2, TimeSpan.FromSeconds(5))));
        if (_stop is not null) return LeaveLocks(needed);
        var problem = locks.Value switch
        {
            null => $"the locks could not be taken: {locks.Problem}",
            { Holder: { } holder } => $"{locks.Value.Resource} is held by release {holder}",
            _ => "",
        };
        Record(new EffectFinished(
            "locks", EffectKind.Lock, needed, problem.Length == 0 ? EffectOutcome.Done : EffectOutcome.Failed, problem.Length > 0 ? problem : Held(locks.Value), null));
        return problem;
    }

    /// <summary>A release that stops does not wait for its locks; at its end it gives back what it got. Always null.</summary>
    private string? LeaveLocks(string needed)
    {
        if (loaded.EndsWhatItBegan) Record(new EffectFinished("locks", EffectKind.Lock, needed, EffectOutcome.TimedOut, "not waited for: the release stops", null));
        return null;
    }

    private static string Held(LockOutput? locks) =>
        locks?.TakenOver is { } left ? $"held; left behind by a release that is over, and taken over: {string.Join(", ", left)}" : "held";

    /// <summary>Once the ledger says that the release is over, and not before: until then another one that moved the same flags would be the
    /// second. Messages go out meanwhile.</summary>
    private async Task GiveUpLocks()
    {
        var over = Recorded();
        await Pump(() => over.IsCompleted, over, null, interruptible: false);
        var given = ReleaseLocks();
        await Pump(() => given.IsCompleted, given, null, interruptible: false);
    }

    private async Task ReleaseLocks()
    {
        for (var attempt = 0; ; attempt++)
        {
            var answer = await Attempt(context.RunActivity(ReleaseActivities.ReleaseLocks, new UnlockInput(release)), ForwardTimeout);
            if (answer.Value is not null || attempt == 20) return;
            await context.SleepUntil(context.Now + Backoff(attempt));
        }
    }
}
