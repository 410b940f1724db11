using System.Text.Json;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Workflow.Releases;

/// <summary>What each command does. Every command's entry is followed by applied, or refused with the reason.</summary>
internal sealed partial class ReleaseRun
{
    private readonly HashSet<string> _answered = new(StringComparer.Ordinal);
    private DateTimeOffset _pausedAt;
    private bool _promoted;
    private bool _acknowledged;

    private void Apply(ReleaseCommand command)
    {
        if (!_answered.Add(command.Id)) return;
        var acknowledged = AcknowledgePages(command.Actor, $"acknowledged by {Word(command.Kind)}");
        switch (command.Kind)
        {
            case ReleaseCommandKind.Pause when _evaluationHolds && _machine.Phase == ReleasePhase.Paused && _stop is null:
                _evaluationHolds = false;
                Applied(command, $"held at {_exposure}; it stays held after its evaluations end, until it is resumed");
                break;
            case ReleaseCommandKind.Pause:
                if (!Legal(command, ReleaseTrigger.Pause)) return;
                HoldAt(ReleaseTrigger.Pause, Said(command, "paused"));
                Applied(command, $"held at {Exposed}; still watched");
                Post(Checkpoint.Pause, $"Paused at {Exposed}", Said(command, "paused"));
                break;
            case ReleaseCommandKind.Resume:
                if (!Legal(command, ReleaseTrigger.Resume)) return;
                if (Open().FirstOrDefault() is { } open)
                {
                    Refused(command, Asking(open));
                    return;
                }

                ResumeFrom(Said(command, "resumed"));
                Applied(command, $"going on at {Exposed}");
                break;
            case ReleaseCommandKind.Promote:
                if (!Legal(command, ReleaseTrigger.Promote)) return;
                if (PromotionBlock(command) is { } block)
                {
                    Refused(command, block);
                    return;
                }

                Fire(ReleaseTrigger.Promote, Said(command, "promoted early"));
                _promoted = _unverified = true;
                Applied(command, IsLastStage ? "validating at 100 %" : $"going to {_plan.Describe(_stage + 1)}");
                break;
            case ReleaseCommandKind.Extend:
                if (!Legal(command, ReleaseTrigger.Extend)) return;
                if (command.Duration is not { } longer || longer <= TimeSpan.Zero)
                {
                    Refused(command, "extend needs a duration above zero, for example 30m");
                    return;
                }

                Extend(longer, Said(command, "extended"));
                Applied(command, $"the bake of {Exposed} ends at {_bakeEndsAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z");
                break;
            case ReleaseCommandKind.RollBack:
            case ReleaseCommandKind.Abort:
                Stop(command);
                break;
            case ReleaseCommandKind.AcknowledgeNotices when acknowledged && _machine.Effective != ReleasePhase.Concluding:
                Applied(command, "the page is acknowledged and goes no further");
                break;
            case ReleaseCommandKind.AcknowledgeNotices:
                if (_machine.Effective != ReleasePhase.Concluding)
                {
                    Refused(command, $"no page is open, and notices can be acknowledged only when a release at 100 % waits for them; this one is {Word(_machine.Phase)}");
                    return;
                }

                _acknowledged = true;
                Applied(command, "outstanding notices are acknowledged");
                break;
            default:
                Refused(command, $"{command.Kind} is not known to this version");
                break;
        }
    }

    private bool Legal(ReleaseCommand command, ReleaseTrigger trigger)
    {
        if (_stop is null && ReleaseMachine.Next(_machine, trigger, IsLastStage) is not null) return true;
        var legal = Enum.GetValues<ReleaseCommandKind>().Where(kind => ReleaseMachine.TriggerOf(kind) is { } other && ReleaseMachine.Next(_machine, other, IsLastStage) is not null);
        Refused(command, _stop is null
            ? $"{Word(command.Kind)} does nothing while the release is {Word(_machine.Phase)}; possible now: {string.Join(", ", legal.Select(Word))}"
            : $"{Word(command.Kind)} comes too late: {_stop.Reason}");
        return false;
    }

    /// <summary>The command as a person types it.</summary>
    private static string Word(ReleaseCommandKind kind) => kind switch
    {
        ReleaseCommandKind.RollBack => "rollback",
        ReleaseCommandKind.AcknowledgeNotices => "acknowledge",
        _ => kind.ToString().ToLowerInvariant(),
    };

    /// <summary>The phase as it is shown everywhere.</summary>
    private static string Word(ReleasePhase phase) => JsonNamingPolicy.SnakeCaseLower.ConvertName(phase.ToString()).Replace('_', ' ');

    /// <summary>Why an early promotion must not happen now; null when it may.</summary>
    private string? PromotionBlock(ReleaseCommand command) => string.IsNullOrWhiteSpace(command.Reason)
        ? "promote needs a reason (--reason TEXT): the ledger keeps why the evidence of the stage was not waited for"
        : Here.Blind
        ? "telemetry is blind, and nothing is promoted unseen; wait for telemetry, or roll back"
        : Drifted
            ? "a flag was changed by someone else; put it back and resume, or roll back"
            : Open().FirstOrDefault() is { } open ? Asking(open)
            : _gatesDuring.Block(_stage, BakeGates());

    private void Stop(ReleaseCommand command)
    {
        if (_machine.IsTerminal)
        {
            Refused(command, $"the release is over: {Word(_machine.Phase)}");
            return;
        }

        if (_stop is not null)
        {
            Applied(command, _machine.Exposed ? $"already rolling back: {_stop.Reason}" : $"already stopping: {_stop.Reason}");
            return;
        }

        var trigger = command.Kind == ReleaseCommandKind.Abort ? ReleaseTrigger.Abort : ReleaseTrigger.RollBack;
        _stop = new StopCause(trigger, command.Actor, Said(command, command.Kind == ReleaseCommandKind.Abort ? "aborted" : "rolled back")) { CommandId = command.Id };
    }

    /// <summary>Answers the command that stopped the release, once it is known what that means.</summary>
    private void AcknowledgeStop(StopCause stop, string effect)
    {
        if (stop.CommandId is { } id) Record(new CommandApplied(id, effect));
    }

    /// <summary>Without its lock another release may move the same flag, so this one goes no further until a person says so.</summary>
    private void OnUnlocked(LockRevoked unlocked)
    {
        if (_stop is not null || _machine.IsTerminal || _machine.Phase == ReleasePhase.RollingBack) return;
        var reason = $"{unlocked.By} took its lock on {unlocked.Resource} away: {unlocked.Reason}";
        if (_machine.Exposed) HoldFor("lock", AlertSeverity.Critical, reason);
        else _stop = new StopCause(ReleaseTrigger.Abort, unlocked.By, reason) { ByPerson = true };
    }

    private void HoldAt(ReleaseTrigger trigger, string reason, DateTimeOffset? nextAt = null, string nextEvent = "")
    {
        if (_machine.Phase != ReleasePhase.Paused) _pausedAt = context.Now;
        _evaluationHolds = false;
        Fire(trigger, reason, nextAt, nextEvent);
        Direct(WatchMode.Hold);
    }

    private void ResumeFrom(string reason)
    {
        var pause = context.Now - _pausedAt;
        _evaluationHolds = false;
        _bakeEndsAt += pause;
        _bakeMaxAt += pause;
        _bake = null;
        _resumedFromDrift = Drifted;
        Fire(ReleaseTrigger.Resume, reason, _machine.Effective == ReleasePhase.Baking ? _bakeEndsAt : null, BakeEnd());
        DirectByPhase();
    }

    private void Extend(TimeSpan longer, string reason)
    {
        _bakeEndsAt += longer;
        if (_bakeMaxAt < _bakeEndsAt) _bakeMaxAt = _bakeEndsAt;
        _bake = null;
        Fire(ReleaseTrigger.Extend, reason, _bakeEndsAt, BakeEnd());
        DirectByPhase();
    }

    private void Applied(ReleaseCommand command, string effect) => Record(new CommandApplied(command.Id, effect));

    private void Refused(ReleaseCommand command, string why) => Record(new CommandRefused(command.Id, why));

    private static string Said(ReleaseCommand command, string what) =>
        command.Reason.Length == 0 ? $"{what} by {command.Actor}" : $"{what} by {command.Actor}: {command.Reason}";
}
