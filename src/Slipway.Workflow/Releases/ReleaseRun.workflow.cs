using Slipway.Core.Ledgers;
using Slipway.Core.Messages;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Aftercare;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Messages;

namespace Slipway.Workflow.Releases;

/// <summary>
/// One run of the release workflow: the spine. Each step returns whether to go on; when it does not, <see cref="_stop"/> says why, and
/// the release is compensated or ends. All members run on the engine's single-threaded context.
/// </summary>
internal sealed partial class ReleaseRun(IWorkflowContext context, ReleaseId release, LoadOutput loaded)
{
    /// <summary>A forward activity that gets no answer in this time is tried again; a write that lands late loses on its ETag.</summary>
    private static readonly TimeSpan ForwardTimeout = TimeSpan.FromSeconds(30);

    /// <summary>How the ids of this orchestration's own entries begin.</summary>
    internal const string EntryPrefix = "release:";

    private readonly ReleaseRequest _request = loaded.Request;
    private readonly ReleasePlan _plan = loaded.Plan;
    private readonly Dictionary<FlagKey, FlagState> _captured = [];
    private readonly Dictionary<FlagKey, FlagState> _left = [];
    private readonly Dictionary<FlagKey, FlagState> _wrote = [];
    private IReadOnlyList<ConfigurationValue> _keys = [];
    private MachineState _machine = MachineState.Initial;
    private StopCause? _stop;
    private readonly HashSet<FlagKey> _underWay = [];
    private Percentage _exposure;
    private int _stage = -1;
    private int _entries;
    private string _why = "";
    private DateTimeOffset? _nextAt;
    private string _nextEvent = "";
    private CancellationToken _ended;

    /// <summary>The environments in order; one starts with nothing of another's.</summary>
    private readonly IReadOnlyList<EnvironmentWatch> _environments = [.. loaded.Plan.Environments.Select(environment => new EnvironmentWatch(loaded.Plan, environment))];

    /// <summary>The environment of the stage under way; before the first stage, the first.</summary>
    private EnvironmentWatch Here => _environments[_plan.EnvironmentOf(_stage).Index];

    /// <summary>The exposure as last read back, with its environment where there are several.</summary>
    private string Exposed => $"{_exposure}{Here.In}";

    private bool IsLastStage => _stage == _plan.Stages.Count - 1;

    public async Task<ReleaseOutput> RunAsync()
    {
        using var ended = new CancellationTokenSource();
        _ended = ended.Token;
        try
        {
            return await Run();
        }
        finally
        {
            // A timer that nobody waits for any more would keep the orchestration open.
            ended.Cancel();
        }
    }

    private async Task<ReleaseOutput> Run()
    {
        ListenForCommands();
        Fire(ReleaseTrigger.Begin, "checking what must hold before anyone is exposed");
        RecordAcceleration();
        var arrived = await Preflight() && await TakeLocksAndCapture() && await RunStages() && await Validate() && await Conclude();
        if (arrived) return await End(ReleasePhase.Completed, $"all users are on {_request.Release.Version}", []);
        if (_machine.Phase == ReleasePhase.Failed)
        {
            WithdrawEvaluations(_stop?.Reason ?? "stopped");
            return await End(ReleasePhase.Failed, _stop?.Reason ?? "stopped", []);
        }

        return _machine.Exposed ? await RollBack() : await FailBeforeExposure();
    }

    private void RecordAcceleration()
    {
        List<AcceleratedStage> shorter = [.. _plan.Stages.Where(stage => stage.AcceleratedFrom is not null).Select(stage => new AcceleratedStage(stage.Percentage, stage.Bake, stage.AcceleratedFrom!.Value))];
        if (shorter.Count > 0) Record(new RolloutAccelerated(shorter));
    }

    /// <summary>Stopped before any write: there is nothing to undo.</summary>
    private async Task<ReleaseOutput> FailBeforeExposure()
    {
        var stop = _stop ?? new StopCause(ReleaseTrigger.Abort, "slipway", "stopped");
        Fire(stop.Trigger, stop.Reason);
        AcknowledgeStop(stop, "stopped before any user was exposed");
        WithdrawEvaluations(stop.Reason);
        return await End(ReleasePhase.Failed, $"stopped before any user was exposed: {stop.Reason}", []);
    }

    /// <summary>Records a terminal phase, gives the locks up, has the last messages out, and answers commands that came too late.</summary>
    private async Task<ReleaseOutput> End(ReleasePhase phase, string reason, IReadOnlyList<string> leftToDo)
    {
        leftToDo = [.. leftToDo, .. _followUps];
        _nextProgress = null;
        AcknowledgePages("slipway", "the release ended");
        StopWatches();
        Record(new ReleaseEnded(phase, reason, leftToDo));
        if (!loaded.TellsWithoutLedger)
        {
            await Recorded();
            await ReleaseLocks();
        }
        else
        {
            // Whether somebody else took the release over meanwhile is looked for at the same time: then the last word is theirs.
            _unread = true;
            await Settle(Recorded(), LedgerWriter.LastWordPatience);
        }

        if (phase != ReleasePhase.Completed)
        {
            var headline = phase == ReleasePhase.RolledBack ? MessageWords.RolledBack : "Failed";
            var details = leftToDo.Count == 0 ? reason : $"{reason}. Left to do by hand: {string.Join("; ", leftToDo)}";
            PostEnd(headline, details);
            if (phase == ReleasePhase.Failed && _machine.Exposed) PageOnCall(Checkpoint.Rollback, headline, details);
        }

        if (loaded.TellsWithoutLedger) await GiveUpLocks();

        // Should it fail, the sweeper starts it.
        var care = _machine.Exposed
            ? Attempt(context.RunActivity(ReleaseActivities.StartAftercare, new AftercareInput(release)), ForwardTimeout)
            : Task.CompletedTask;
        await Pump(() => care.IsCompleted, care, null, interruptible: false);
        await Pump(() => _outgoing.Count == 0, null, context.Now + MessageDelivery.Limit, interruptible: false);
        await AnswerLateCommands();
        if (loaded.AsksNothingOnceOver) await Pump(() => _outgoing.Count == 0, null, context.Now + MessageDelivery.Limit, interruptible: false);
        await Recorded();
        return new ReleaseOutput(phase, reason);
    }

    /// <summary>Moves the release by the transition table and records it. An illegal pair here is a bug of the workflow.</summary>
    private void Fire(ReleaseTrigger trigger, string reason, DateTimeOffset? nextAt = null, string nextEvent = "")
    {
        _machine = ReleaseMachine.Next(_machine, trigger, IsLastStage)
            ?? throw new InvalidOperationException($"{trigger} is not legal in {_machine.Phase} (held {_machine.Held}).");
        (_why, _nextAt, _nextEvent) = (reason, nextAt, nextEvent);
        Record(new PhaseEntered(_machine.Phase, trigger, _stage, reason, nextAt, nextEvent));
        context.PublishStatus(new ReleaseStatus(_machine.Phase, _stage, _exposure, reason, nextAt));
    }

    private string NewEntryId() => $"{EntryPrefix}{++_entries}";
}

/// <summary>The small status that the engine shows for a release; everything else is in its ledger.</summary>
/// <param name="Phase">Where it stands.</param>
/// <param name="Stage">The stage, 0 first; -1 before the first.</param>
/// <param name="Exposure">Exposure as last read back.</param>
/// <param name="Why">Why it stands there.</param>
/// <param name="NextAt">When the next thing happens by itself.</param>
public sealed record ReleaseStatus(ReleasePhase Phase, int Stage, Percentage Exposure, string Why, DateTimeOffset? NextAt);
