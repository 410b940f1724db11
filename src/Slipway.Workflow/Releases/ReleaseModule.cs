using Slipway.Core.Analysis;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Aftercare;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Rescue;
using Slipway.Workflow.Watch;

namespace Slipway.Workflow.Releases;

/// <summary>Everything that an engine has to know to run releases.</summary>
public static class ReleaseModule
{
    /// <summary>Registers the workflows and activities over the ports; registry and journal tell the diagnostics of the ports from then on.</summary>
    /// <param name="registry">The registry to fill.</param>
    /// <param name="ports">The adapters.</param>
    /// <param name="journal">The journal over the same ledger and snapshots; shared with the <see cref="ReleaseDesk"/>.</param>
    /// <param name="judge">The judge of evidence.</param>
    public static WorkflowRegistry Register(WorkflowRegistry registry, ReleasePorts ports, ReleaseJournal journal, IReleaseJudge judge)
    {
        (registry.Diagnostics, journal.Diagnostics) = (ports.Diagnostics, ports.Diagnostics);
        return RegisterActivities(RegisterWorkflows(registry, judge), ports, journal);
    }

    private static WorkflowRegistry RegisterActivities(WorkflowRegistry registry, ReleasePorts ports, ReleaseJournal journal) => registry
        .Add(ReleaseActivities.PostManifest, new PostManifest(journal, ports.Webhook))
        .Add(ReleaseActivities.AftercareBrief, new ReadAftercare(journal))
        .Add(ReleaseActivities.Brief, new ReadBrief(journal))
        .Add(ReleaseActivities.Load, new LoadRelease(ports.Ledger))
        .Add(ReleaseActivities.Append, new AppendEntries(journal))
        .Add(ReleaseActivities.Commands, new ReadCommands(ports.Ledger))
        .Add(ReleaseActivities.TakeLocks, new TakeLocks(ports.Locks, journal))
        .Add(ReleaseActivities.Freezes, new ReadFreezes(ports.Freezes))
        .Add(ReleaseActivities.CheckLocks, new CheckLocks(ports.Locks, journal))
        .Add(ReleaseActivities.ReleaseLocks, new ReleaseLocks(ports.Locks))
        .Add(ReleaseActivities.Capture, new CaptureState(ports.Flags, ports.Configuration))
        .Add(ReleaseActivities.ProveKillSwitch, new ProveKillSwitch(ports.Flags))
        .Add(ReleaseActivities.Probe, new ProbeGate(ports.Probe))
        .Add(ReleaseActivities.AskGates, new AskGates(ports.Probe))
        .Add(ReleaseActivities.ReadEvidence, new ReadEvidence(ports.Probe))
        .Add(ReleaseActivities.Scan, new ScanGate(ports.Probe))
        .Add(ReleaseActivities.Baseline, new BaselineGate(ports.Metrics))
        .Add(ReleaseActivities.ErrorTypes, new ErrorTypesGate(ports.Metrics))
        .Add(ReleaseActivities.Calibrate, new Calibrate(ports.Metrics))
        .Add(ReleaseActivities.Expose, new ExposeFlag(ports.Flags, ports.Time))
        .Add(ReleaseActivities.RestoreFlag, new RestoreFlag(ports.Flags))
        .Add(ReleaseActivities.VerifyFlags, new VerifyFlags(ports.Flags))
        .Add(ReleaseActivities.RestoreKey, new RestoreKey(ports.Configuration))
        .Add(ReleaseActivities.Hook, new CallHook(ports.Hook, journal))
        .Add(ReleaseActivities.Observe, new Observe(ports.Metrics))
        .Add(ReleaseActivities.Poll, new PollRelease(ports.Ledger, ports.Flags, ports.Metrics, ports.Time))
        .Add(ReleaseActivities.Delivery, new AskDelivery(ports.Mailer))
        .Add(ReleaseActivities.Message, new SendMessage(ports.Mailer, ports.Webhook, ports.Composer, ports.ApprovalKeys, journal));

    /// <summary>Registers what starts other workflows; the client needs the engine, which is made over the registry, so it comes after it.</summary>
    /// <param name="registry">The registry of <see cref="Register"/>, before the engine runs.</param>
    /// <param name="client">The engine.</param>
    public static WorkflowRegistry RegisterStarts(WorkflowRegistry registry, IReleaseClient client) =>
        registry.Add(ReleaseActivities.StartAftercare, new StartAftercare(client));

    /// <summary>Registers the workflows alone, with which a recorded history can be replayed but nothing can run.</summary>
    /// <param name="registry">The registry to fill.</param>
    /// <param name="judge">The judge of evidence.</param>
    public static WorkflowRegistry RegisterWorkflows(WorkflowRegistry registry, IReleaseJudge judge) => registry
        .Add(ReleaseActivities.Release, () => new ReleaseWorkflow())
        .Add(ReleaseActivities.Watch, () => new WatchWorkflow(judge))
        .Add(ReleaseActivities.Rescue, () => new RescueWorkflow())
        .Add(ReleaseActivities.Aftercare, () => new AftercareWorkflow());
}
