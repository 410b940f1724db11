using static Slipway.Core.Releases.ReleasePhase;
using static Slipway.Core.Releases.ReleaseTrigger;

namespace Slipway.Core.Releases;

/// <summary>
/// The one transition table: which trigger moves a release from which phase to which. Whatever is not in it is illegal, and the caller
/// refuses the command or treats the trigger as a bug.
/// </summary>
public static class ReleaseMachine
{
    /// <summary>The state after a trigger; null when the pair is illegal.</summary>
    /// <param name="state">Where the release stands.</param>
    /// <param name="trigger">What happened or was asked.</param>
    /// <param name="lastStage">Whether the current stage is the last: decides where an early promotion leads.</param>
    public static MachineState? Next(MachineState state, ReleaseTrigger trigger, bool lastStage = false) => (state.Phase, trigger) switch
    {
        (Received, Begin) => To(state, Preflight),
        (Preflight, GatesPassed) => To(state, Waiting),
        (Preflight or Paused, GatesFailed) when !state.Exposed && state.Effective == Preflight => To(state, Failed),
        (Waiting, GatesFailed) when !state.Captured => To(state, Failed),
        (Waiting, ApprovalNeeded) => To(state, Approving),
        (Approving, ApprovalGiven) => To(state, Waiting),
        (Approving or Paused, ApprovalDenied) when state.Effective == Approving => To(state, state.Exposed ? RollingBack : Failed),
        (Waiting, WindowOpen) => state.Captured ? To(state, Shifting) : To(state, Capturing),
        (Capturing, ReleaseTrigger.Captured) => To(state, Shifting) with { Captured = true, Exposed = true },
        (Capturing or Paused, CaptureFailed) when !state.Exposed && state.Effective == Capturing => To(state, Failed),
        (Waiting, WindowClosed or Frozen) => state,
        (Shifting, Frozen or WindowClosed) when state.Captured => To(state, Waiting),
        (Shifting or Waiting, GatesAwaited) when state.Captured => To(state, Waiting),
        (Shifting, Shifted) => To(state, Propagating),
        (Shifting or Paused, ShiftFailed) when state.Effective == Shifting => To(state, RollingBack),
        (Propagating, Propagated) => To(state, Baking),
        (Baking, StagePassed) => To(state, Waiting),
        (Baking, LastStagePassed) => To(state, Validating),
        (Validating, Validated) => To(state, Concluding),
        (Validating or Paused, ValidationFailed) when state.Effective == Validating => To(state, RollingBack),
        (Concluding, NoticesAccepted) => To(state, Completed),
        (RollingBack, Recovered) => To(state, RolledBack),
        (RollingBack, LevelsExhausted) => To(state, Failed),

        (Shifting or Propagating or Baking or Approving or Waiting or Validating or Concluding, Held) when state.Exposed => Hold(state),
        (Paused, Held) when state.Exposed => state,
        (Shifting or Propagating or Baking or Approving or Waiting or Validating or Concluding or Paused, Breached) when state.Exposed => To(state, RollingBack),

        (Preflight or Approving or Waiting or Capturing or Shifting or Propagating or Baking or Validating, Pause) => Hold(state),
        (Paused, Resume) => To(state, state.Effective),
        (Baking or Paused, Promote) when state.Effective == Baking => To(state, lastStage ? Validating : Waiting),
        (Baking or Paused, Extend) when state.Effective == Baking => state,

        (RollingBack, RollBack or Abort) => state,
        (Completed or RolledBack or Failed, _) => null,
        (_, RollBack or Abort) => To(state, state.Exposed ? RollingBack : Failed),
        _ => null,
    };

    /// <summary>The trigger that a command pulls; null for one that moves no release by itself.</summary>
    public static ReleaseTrigger? TriggerOf(ReleaseCommandKind kind) => kind switch
    {
        ReleaseCommandKind.Pause => Pause,
        ReleaseCommandKind.Resume => Resume,
        ReleaseCommandKind.Promote => Promote,
        ReleaseCommandKind.Extend => Extend,
        ReleaseCommandKind.RollBack => RollBack,
        ReleaseCommandKind.Abort => Abort,
        _ => null,
    };

    private static MachineState To(MachineState state, ReleasePhase phase) => state with { Phase = phase, Held = null };

    private static MachineState Hold(MachineState state) => state with { Phase = Paused, Held = state.Phase };
}
