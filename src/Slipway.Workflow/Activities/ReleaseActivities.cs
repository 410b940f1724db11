using Slipway.Core.Rescue;
using Slipway.Workflow.Aftercare;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Rescue;

namespace Slipway.Workflow.Activities;

/// <summary>The persisted names of every workflow and activity. A name, once released, never changes its meaning.</summary>
public static class ReleaseActivities
{
    /// <summary>The release orchestrator.</summary>
    public static readonly WorkflowName<ReleaseInput, ReleaseOutput> Release = new("release.v1");

    /// <summary>The watch child.</summary>
    public static readonly WorkflowName<WatchInput, WatchOutput> Watch = new("release.watch.v1");

    /// <summary>The rescue of a release whose orchestration is dead.</summary>
    public static readonly WorkflowName<RescueInput, ReleaseOutput> Rescue = new("release.rescue.v1");

    /// <summary>Looks after a release that is over.</summary>
    public static readonly WorkflowName<AftercareInput, AftercareOutput> Aftercare = new("release.aftercare.v1");

    /// <summary>Reads from the ledger what there is to do for a release that is over.</summary>
    public static readonly ActivityName<AftercareInput, AftercareBrief> AftercareBrief = new("aftercare.brief.v1");

    /// <summary>Posts the deployment manifest to the release ticket.</summary>
    public static readonly ActivityName<PostManifestInput, PostManifestOutput> PostManifest = new("manifest.post.v1");

    /// <summary>Starts the aftercare of a release.</summary>
    public static readonly ActivityName<AftercareInput, AftercareStarted> StartAftercare = new("aftercare.start.v1");

    /// <summary>Reads from the ledger what a rescue needs.</summary>
    public static readonly ActivityName<RescueInput, RescueBrief> Brief = new("rescue.brief.v1");

    /// <summary>Reads a release's request and plan from its ledger.</summary>
    public static readonly ActivityName<LoadInput, LoadOutput> Load = new("release.load.v1");

    /// <summary>Appends to the ledger and publishes the snapshot that follows from it.</summary>
    public static readonly ActivityName<AppendInput, AppendOutput> Append = new("ledger.append.v1");

    /// <summary>Reads the commands that are new in the ledger.</summary>
    public static readonly ActivityName<CommandsInput, CommandsOutput> Commands = new("ledger.commands.v1");

    /// <summary>Takes the locks of a release.</summary>
    public static readonly ActivityName<LockInput, LockOutput> TakeLocks = new("locks.take.v1");

    /// <summary>Reads which freezes of the server are in force.</summary>
    public static readonly ActivityName<FreezesInput, FreezesOutput> Freezes = new("freezes.read.v1");

    /// <summary>Looks whether another release holds a lock that this one needs; takes none.</summary>
    public static readonly ActivityName<LockInput, LockOutput> CheckLocks = new("locks.check.v1");

    /// <summary>Gives the locks of a release up.</summary>
    public static readonly ActivityName<UnlockInput, UnlockOutput> ReleaseLocks = new("locks.release.v1");

    /// <summary>Reads the state to come back to.</summary>
    public static readonly ActivityName<CaptureInput, CaptureOutput> Capture = new("state.capture.v1");

    /// <summary>Proves that a flag is off and can be written.</summary>
    public static readonly ActivityName<KillSwitchInput, GateOutput> ProveKillSwitch = new("gate.kill-switch.v1");

    /// <summary>Asks an HTTP endpoint and compares with what is expected.</summary>
    public static readonly ActivityName<ProbeInput, GateOutput> Probe = new("gate.probe.v1");

    /// <summary>Asks HTTP gates of the request.</summary>
    public static readonly ActivityName<AskGatesInput, AskGatesOutput> AskGates = new("gates.ask.v1");

    /// <summary>Asks an address for what another system found.</summary>
    public static readonly ActivityName<EvidenceInput, EvidenceOutput> ReadEvidence = new("evidence.read.v1");

    /// <summary>Reads a security scan's result and compares with its bar.</summary>
    public static readonly ActivityName<ScanInput, GateOutput> Scan = new("gate.scan.v1");

    /// <summary>Reads the last intervals of telemetry: does it answer, and is the baseline healthy?</summary>
    public static readonly ActivityName<BaselineInput, GateOutput> Baseline = new("gate.telemetry.v1");

    /// <summary>Compares the kinds of errors since a deployment with those before it.</summary>
    public static readonly ActivityName<ErrorTypesInput, GateOutput> ErrorTypes = new("gate.error_types.v1");

    /// <summary>Compares the users that each stage will expose with the others, before anybody is exposed.</summary>
    public static readonly ActivityName<CalibrateInput, CalibrateOutput> Calibrate = new("telemetry.calibrate.v1");

    /// <summary>Writes a flag's exposure and reads it back.</summary>
    public static readonly ActivityName<ExposeInput, FlagOutput> Expose = new("flag.expose.v1");

    /// <summary>Brings a flag back to its captured state, or off where somebody else changed it, and reads it back.</summary>
    public static readonly ActivityName<RestoreFlagInput, FlagOutput> RestoreFlag = new("flag.restore.v1");

    /// <summary>Reads flags and compares them with what they should be.</summary>
    public static readonly ActivityName<VerifyFlagsInput, VerifyFlagsOutput> VerifyFlags = new("flags.verify.v1");

    /// <summary>Brings a configuration key back to its captured value.</summary>
    public static readonly ActivityName<RestoreKeyInput, EffectOutput> RestoreKey = new("configuration.restore.v1");

    /// <summary>Asks the deploy hook for a step, or how far it is.</summary>
    public static readonly ActivityName<HookInput, HookOutput> Hook = new("hook.step.v1");

    /// <summary>Reads observations.</summary>
    public static readonly ActivityName<ObserveInput, ObserveOutput> Observe = new("metrics.read.v1");

    /// <summary>One look of the watch: directive, drift and newly closed intervals.</summary>
    public static readonly ActivityName<PollInput, PollOutput> Poll = new("watch.poll.v1");

    /// <summary>Hands one message to its sender.</summary>
    public static readonly ActivityName<MessageInput, EffectOutput> Message = new("message.send.v1");

    /// <summary>Asks how a mail stands that was accepted.</summary>
    public static readonly ActivityName<DeliveryInput, MailDelivery> Delivery = new("mail.delivery.v1");
}
