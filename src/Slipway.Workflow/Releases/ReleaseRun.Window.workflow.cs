using Slipway.Core.Planning;
using Slipway.Core.Releases;

namespace Slipway.Workflow.Releases;

/// <summary>What every forward move passes: a hold, sight, start time, window and freezes.</summary>
internal sealed partial class ReleaseRun
{
    private readonly WindowSchedule _schedule = WindowSchedule.Of(loaded.Request, loaded.Plan);

    /// <summary>Waits while paused. Every forward move passes here first.</summary>
    private Task Ready() => Pump(() => _machine.Phase != ReleasePhase.Paused, null, null);

    /// <summary>
    /// Where users are exposed, every forward move passes here first: waits while paused, and after a resume from drift takes the flags
    /// over or holds again. False: the release has to stop. Returns without a wait behind the last look at the phase.
    /// </summary>
    private async Task<bool> MayGoOn()
    {
        while (true)
        {
            await Ready();
            if (_stop is not null) return false;
            if (!_resumedFromDrift) return true;
            if (!await AdoptFlags()) return false;
            DirectByPhase();
        }
    }

    /// <summary>Whether sight is lost where that stands against more exposure: not in an environment that has passed; nor from one attempt of a
    /// write to the next while nobody knows what became of it, since it may be why: at 100 % the old version is silent. Its budget ends that.</summary>
    private bool Unseen => _machine.Captured && Here is { Blind: true, Passed: false }
        && !(loaded.TriesOnUnseen && _underWay.Count > 0 && context.Now - _attemptedAt <= LookCounts);

    /// <summary>Waits for the start time and the change window; in phase Waiting before, in the next phase of the given stage after.</summary>
    private async Task<bool> WaitForWindow(int nextStage)
    {
        DateTimeOffset? waitsUntil = null;
        while (_stop is null)
        {
            if (!await MayGoOn()) break;
            if (Unseen)
            {
                // The evidence of the stage may be good; that nothing has been seen since stands against more of it.
                await Pump(() => !Unseen || _machine.Phase == ReleasePhase.Paused, null, null);
                continue;
            }

            var due = !_machine.Captured && _request.Release.StartAt is { } start && start > context.Now ? start : context.Now;

            // Once it waits for the morning, it does: whatever wakes it at night changes nothing.
            var earliest = waitsUntil > due ? waitsUntil.Value : due;
            if (earliest <= context.Now && _schedule.IsOpen(context.Now))
            {
                if (!_machine.Captured && context.Now - _gatesAskedAt > GatesLast)
                {
                    if (!await AskAgain()) break;
                    continue;
                }

                var wakes = _wakes;
                if (await FreezesInForce() is not { } freezes) break;
                if (_machine.Phase == ReleasePhase.Paused || _resumedFromDrift || Unseen || !_schedule.IsOpen(context.Now)) continue;
                if (freezes.Count > 0)
                {
                    await WaitFrozen(freezes, wakes);
                    continue;
                }

                _waitsFor = "";
                NotePass(nextStage);
                _stage = nextStage;
                Fire(ReleaseTrigger.WindowOpen, "the change window is open");
                return true;
            }

            if (_schedule.NextOpening(earliest) is not { } opening)
            {
                _stop = new StopCause(ReleaseTrigger.Abort, "slipway", "the change window never opens within a year");
                break;
            }

            waitsUntil = opening;
            Show(
                ReleaseTrigger.WindowClosed,
                !_schedule.IsOpen(due) ? $"the change window is {_schedule.Why(due)}" : due > context.Now ? "waits for its start" : "waits for the morning",
                opening,
                _machine.Captured ? "the change window opens" : "the release starts");

            // At most a day at a time, so that a change of a zone's rules is seen.
            var wake = opening < context.Now + TimeSpan.FromDays(1) ? opening : context.Now + TimeSpan.FromDays(1);
            await Pump(() => _machine.Phase == ReleasePhase.Paused, null, wake);
        }

        return false;
    }
}
