using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Workflow.Activities;

namespace Slipway.Workflow.Releases;

/// <summary>
/// Freezes of the whole server. They are asked for before every start and before every write that would expose more users, and nowhere else:
/// nothing that watches, holds or goes back ever waits for one.
/// </summary>
internal sealed partial class ReleaseRun
{
    /// <summary>A lift wakes the release; should the wake-up and the sweeper both fail it, it looks by itself this often.</summary>
    private static readonly TimeSpan FreezeLook = TimeSpan.FromHours(1);

    private string _waitsFor = "";
    private int _wakes;

    /// <summary>The freezes in force. What cannot be read counts as frozen, so it is asked for until there is an answer; null: the release has to stop.</summary>
    private async Task<IReadOnlyList<FleetFreeze>?> FreezesInForce()
    {
        for (var attempt = 0; ; attempt++)
        {
            var answer = await Forward(context.RunActivity(ReleaseActivities.Freezes, new FreezesInput(context.Now)));
            if (_stop is not null) return null;
            if (answer.Value is { } known) return known.InForce;
            if (attempt == 0) Raise("freeze", AlertSeverity.Warning, $"whether the server is frozen could not be read: {answer.Problem}", "nothing is increased until it can");
            await Pump(() => false, null, context.Now + Backoff(attempt));
            if (_stop is not null) return null;
        }
    }

    /// <summary>In phase Waiting: shows the freezes and waits until they may be over. <paramref name="wakes"/> is from before they were read.</summary>
    private async Task WaitFrozen(IReadOnlyList<FleetFreeze> freezes, int wakes)
    {
        Show(ReleaseTrigger.Frozen, FleetFreeze.Sentence(freezes), FleetFreeze.EndOf(freezes), "the freeze ends");
        var look = context.Now + FreezeLook;
        var next = freezes.Min(freeze => freeze.Until) is { } end && end < look ? end : look;
        await Pump(() => _wakes != wakes || _machine.Phase == ReleasePhase.Paused, null, next);
    }

    /// <summary>
    /// Right before a write that exposes more users. False: nothing stands against it, and nothing is waited for behind that look. True: it was
    /// held, and whatever was checked before has to be looked at again. Null: the release has to stop.
    /// </summary>
    private async Task<bool?> HeldByFreeze()
    {
        if (await FreezesInForce() is not { } freezes) return null;
        if (_machine.Phase == ReleasePhase.Paused || _resumedFromDrift) return true;
        if (freezes.Count == 0) return false;

        WaitInShift();
        Show(ReleaseTrigger.Frozen, FleetFreeze.Sentence(freezes), FleetFreeze.EndOf(freezes), "the freeze ends");
        Direct(WatchMode.Hold);
        if (!await WaitForWindow(_stage)) return null;
        await GoOnInShift();
        return true;
    }

    /// <summary>Says what the release waits for; the same thing once.</summary>
    private void Show(ReleaseTrigger trigger, string reason, DateTimeOffset? nextAt, string nextEvent)
    {
        if (_machine.Phase == ReleasePhase.Waiting && _waitsFor == reason) return;
        _waitsFor = reason;
        Fire(trigger, reason, nextAt, nextEvent);
    }
}
