namespace Slipway.Core.Releases;

/// <summary>What may move a release from one phase to the next: steps of the workflow, findings of the watch, commands of people.</summary>
public enum ReleaseTrigger
{
    /// <summary>The orchestration has started.</summary>
    Begin,

    /// <summary>Every critical gate passed.</summary>
    GatesPassed,

    /// <summary>A critical gate failed.</summary>
    GatesFailed,

    /// <summary>The start, or the next stage, has to be approved first.</summary>
    ApprovalNeeded,

    /// <summary>Every group whose approval is needed gave it.</summary>
    ApprovalGiven,

    /// <summary>An approver rejected, or a deadline passed, which is a denial.</summary>
    ApprovalDenied,

    /// <summary>The start time is not reached, or the change window is closed: what the release waits for is shown.</summary>
    WindowClosed,

    /// <summary>The server is frozen: no release starts and none grows until that is over.</summary>
    Frozen,

    /// <summary>The start time is reached and the change window is open.</summary>
    WindowOpen,

    /// <summary>Locks are held and the captured state is recorded.</summary>
    Captured,

    /// <summary>A lock is held by another release, or the state could not be captured.</summary>
    CaptureFailed,

    /// <summary>An HTTP gate before the stage does not pass yet: nothing is written, and the window has to be open again when it does.</summary>
    GatesAwaited,

    /// <summary>The stage's percentage is written and read back.</summary>
    Shifted,

    /// <summary>The stage's percentage could not be written.</summary>
    ShiftFailed,

    /// <summary>The propagation time is over.</summary>
    Propagated,

    /// <summary>The stage's verdict is pass and another stage follows.</summary>
    StagePassed,

    /// <summary>The last stage's verdict is pass.</summary>
    LastStagePassed,

    /// <summary>The watch asks for a hold: undecided at the maximum bake, drift, lost sight, or a trigger whose action is pause.</summary>
    Held,

    /// <summary>A regression or a crossed limit was shown, or sight was lost for longer than allowed.</summary>
    Breached,

    /// <summary>The checks at 100 % passed.</summary>
    Validated,

    /// <summary>The checks at 100 % failed.</summary>
    ValidationFailed,

    /// <summary>Every due notice was accepted, or an operator acknowledged that one was not.</summary>
    NoticesAccepted,

    /// <summary>Compensation was verified.</summary>
    Recovered,

    /// <summary>No compensation level is left and the release is not recovered.</summary>
    LevelsExhausted,

    /// <summary>Command: hold the release where it is.</summary>
    Pause,

    /// <summary>Command: go on from a hold.</summary>
    Resume,

    /// <summary>Command: end the bake now and go to the next stage.</summary>
    Promote,

    /// <summary>Command: bake longer.</summary>
    Extend,

    /// <summary>Command: go back to the captured state.</summary>
    RollBack,

    /// <summary>Command: stop; before any write the release fails, after one it is rolled back.</summary>
    Abort,
}
