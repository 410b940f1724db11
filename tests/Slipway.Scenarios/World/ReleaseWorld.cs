using Slipway.Core.Analysis.Judging;
using Slipway.Core.Approvals;
using Slipway.Core.Gates;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Policy;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Embedded.Configuration;
using Slipway.Embedded.Engine;
using Slipway.Embedded.Faults;
using Slipway.Embedded.Flags;
using Slipway.Embedded.Freezes;
using Slipway.Embedded.Ledger;
using Slipway.Embedded.Locks;
using Slipway.Embedded.Snapshots;
using Slipway.Embedded.Storage;
using Slipway.Embedded.Time;
using Slipway.Web.Messages;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Freezes;
using Slipway.Workflow.Locks;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;
using Slipway.Workflow.Retention;

namespace Slipway.Scenarios.World;

/// <summary>
/// A whole world in virtual time: the real workflow, engine, stores and messages around a simulated service, with faults by plan. Made
/// once per scenario; the outside's own records (flag revisions, mails, hook calls) are what the assertions look at.
/// </summary>
internal sealed class ReleaseWorld : IAsyncDisposable, IReleaseClient
{
    /// <summary>A Tuesday morning.</summary>
    public static readonly DateTimeOffset Epoch = new(2026, 11, 3, 9, 0, 0, TimeSpan.Zero);

    private readonly SlipwayDatabase _database = SlipwayDatabase.OpenInMemory();
    private readonly ObservedLedger _ledger;
    private IScenarioEngine _engine;
    private readonly IDisposable _subscription;
    private int _commands;

    public ReleaseWorld(params IReadOnlyList<FaultRule> faults)
        : this(null, faults)
    {
    }

    public ReleaseWorld(ServerPolicy? policy, params IReadOnlyList<FaultRule> faults)
    {
        Time = new VirtualTimeProvider(Epoch);
        Faults = new FaultPlan(Time, faults);
        Monitor = new InvariantMonitor(Time);
        Service = new SimulatedService(Epoch) { Now = Time.GetUtcNow };
        Fleet = new SimulatedFleet(Epoch, Service);
        Mailer = new RecordingMailer(Time);
        Probe = new ScriptedProbe(Time);
        Hook = new RecordingHook(Time) { OnStep = step => Service.Route(Time.GetUtcNow(), step) };
        Flags = new SqliteFlagStore(_database, Time);
        Configuration = new SqliteConfigurationStore(_database);
        _subscription = Flags.Subscribe(flag =>
        {
            Monitor.FlagChanged(flag);
            Fleet.Changed(Time.GetUtcNow(), flag);
        });
        Locks = new SqliteLocks(_database, Time);
        Freezes = new FlakyFreezes(new SqliteFreezes(_database), Time);
        Monitor.Frozen = () => Freezes.IsFrozen;
        _ledger = new ObservedLedger(new SqliteLedger(_database), Monitor);
        var snapshots = new SqliteReleaseSnapshots(_database);
        Journal = new ReleaseJournal(_ledger, snapshots);
        Ledger = new FlakyLedger(_ledger, Time);
        Monitor.SignalsArrive = () => !LosesSignals;
        Monitor.LedgerAnswers = () => !Ledger.IsAway;
        Monitor.LedgerAnsweredFor = within => !Ledger.WasAway(within);
        Snapshots = new BreakableSnapshots(snapshots, Time);
        ReachedLocks = new BreakableLocks(Locks);
        Diagnostics = new DiagnosticRecorder(Time);
        Ports = new ReleasePorts
        {
            Flags = new FaultyFlagStore(new ObservedFlags(Flags, Monitor), Faults),
            Configuration = new FaultyConfigurationStore(new ObservedConfiguration(Configuration, Monitor), Faults),
            Metrics = new FaultyMetricSource(Fleet, Faults),
            Probe = new FaultyProbe(Probe, Faults),
            Hook = new FaultyDeployHook(new ObservedHook(Hook, Monitor), Faults),
            Mailer = new FaultyMailer(new ObservedMailer(Mailer, Monitor), Faults),
            Webhook = new FaultyWebhook(new ObservedWebhook(Webhook, Monitor), Faults),
            Composer = new MessageComposer(),
            ApprovalKeys = Keys,
            Ledger = Ledger,
            Locks = ReachedLocks,
            Time = Time,
            Freezes = Freezes,
            Snapshots = Snapshots,
            Diagnostics = Diagnostics.Source,
        };
        Journal.Diagnostics = Diagnostics.Source;
        _engine = ScenarioEngines.Start(_database, Registry(), Time);
        FreezeDesk = new FreezeDesk(Freezes, Journal, snapshots, this, Time);
        LockDesk = new LockDesk(Locks, Journal, this, Time);
        Sweeper = new ReleaseSweeper(Journal, snapshots, Freezes, LockDesk, this, Time);
        Desk = new ReleaseDesk(Journal, snapshots, this, Flags, Time, new ReleaseDeskOptions
        {
            BaseUrl = "http://127.0.0.1:5180",
            Policy = policy ?? new ServerPolicy { ApproverGroups = Requests.Groups, Keys = Requests.ApproverKeys },
            ApprovalKeys = Keys,
        });
    }

    /// <summary>Sign and verify the links of approvers.</summary>
    public static ApprovalKeys Keys { get; } = new([new ApprovalKey("k2", [.. Enumerable.Range(2, 32).Select(value => (byte)value)])]);

    public VirtualTimeProvider Time { get; }

    /// <summary>What is stored of everything: histories, signals, ledgers, snapshots, flags.</summary>
    public SlipwayDatabase Database => _database;

    public FaultPlan Faults { get; }

    /// <summary>Checks the invariants after every step.</summary>
    public InvariantMonitor Monitor { get; }

    /// <summary>The service of the last environment, or of the only one.</summary>
    public SimulatedService Service { get; }

    /// <summary>The services of all environments.</summary>
    public SimulatedFleet Fleet { get; }

    public SqliteFlagStore Flags { get; }

    public SqliteConfigurationStore Configuration { get; }

    public SqliteLocks Locks { get; }

    /// <summary>The locks as the workflow reaches them.</summary>
    public BreakableLocks ReachedLocks { get; }

    public LockDesk LockDesk { get; }

    public FlakyFreezes Freezes { get; }

    public FreezeDesk FreezeDesk { get; }

    public RecordingMailer Mailer { get; }

    public RecordingWebhook Webhook { get; } = new();

    public ScriptedProbe Probe { get; }

    public RecordingHook Hook { get; }

    /// <summary>The ledger as the workflow reaches it.</summary>
    public FlakyLedger Ledger { get; }

    /// <summary>The snapshots as the workflow publishes them.</summary>
    public BreakableSnapshots Snapshots { get; }

    public BreakableJudge Judge { get; } = new(new EvidenceJudge());

    public ReleaseJournal Journal { get; }

    public ReleaseDesk Desk { get; }

    public ReleaseSweeper Sweeper { get; }

    /// <summary>What the scenario breaks in the workflows themselves.</summary>
    public WorkflowBreaks Breaks { get; } = new();

    /// <summary>The adapters as activities reach them, for what works without the engine.</summary>
    public ReleasePorts Ports { get; }

    /// <summary>What Slipway tells about itself.</summary>
    public DiagnosticRecorder Diagnostics { get; }

    /// <summary>The process ends and another one begins: what is in memory is gone, and instances are rebuilt from their histories.</summary>
    public async Task RestartAsync()
    {
        _engine = await _engine.RestartAsync(Registry());
    }

    private WorkflowRegistry Registry()
    {
        var registry = ReleaseModule.Register(new WorkflowRegistry(), Ports, new ReleaseJournal(Ledger, Snapshots, time: Time), Judge);
        Breaks.WrapInto(registry);
        ReleaseModule.RegisterStarts(registry, this);
        return registry;
    }

    /// <summary>Lets the world run for a time, and a sweep run at the end of each minute of it.</summary>
    public async Task RunSweptAsync(TimeSpan duration)
    {
        for (var until = Time.GetUtcNow() + duration; Time.GetUtcNow() < until;)
        {
            await RunUntilAsync(Time.GetUtcNow() - Epoch + ReleaseSweeper.Period);
            await Sweeper.SweepAsync(default);
        }

        await _engine.RunUntilIdleAsync();
    }

    /// <summary>Creates the request's flags (off) and keys, and starts the release.</summary>
    public async Task<ReleaseId> StartAsync(ReleaseRequest request, RehearsalProof? rehearsal = null)
    {
        var plan = Planner.Draft(request);
        Fleet.Serve(plan);
        foreach (var flag in plan.Flags)
        {
            if (await Flags.ReadAsync(flag.Key, default) is null) await Flags.CreateAsync(flag.Key, "carries the release", default);
        }

        foreach (var key in request.Rollback?.Configuration ?? []) await Configuration.WriteAsync(key, "batch", null, default);
        var outcome = await Desk.StartAsync(request, "dana@example.com", rehearsal, default);
        return outcome is StartOutcome.Started started ? started.Release : throw new InvalidOperationException($"not started: {outcome}");
    }

    /// <summary>Lets the world run until this long after the epoch.</summary>
    public async Task RunUntilAsync(TimeSpan sinceEpoch)
    {
        await _engine.RunVirtualAsync(Epoch + sinceEpoch);

        // A world in which nothing is due stands still; whoever looks at its clock shall see that time went by.
        if (Time.GetUtcNow() < Epoch + sinceEpoch) Time.AdvanceTo(Epoch + sinceEpoch);
    }

    /// <summary>Lets the world run until the release is in a phase; fails the test when it does not get there within the limit.</summary>
    public async Task RunUntilAsync(ReleaseId release, ReleasePhase phase, int stage = -1, TimeSpan? limit = null)
    {
        var end = await _engine.RunVirtualAsync(Time.GetUtcNow() + (limit ?? TimeSpan.FromHours(12)), async () => await Journal.StateAsync(release, default) is { } state && state.Phase == phase && (stage < 0 || state.Stage == stage));
        Assert.True(end == VirtualRunEnd.Reached, $"{release} did not reach {phase}; it is {(await StateAsync(release)).Phase}: {(await StateAsync(release)).PhaseReason}; {await FaultAsync(release)}");
    }

    /// <summary>Lets the world run until nothing is left to do (messages included) but aftercare, which takes a week.</summary>
    public async Task<ReleaseState> RunToEndAsync(ReleaseId release, TimeSpan? limit = null)
    {
        var end = await _engine.RunVirtualAsync(Time.GetUtcNow() + (limit ?? TimeSpan.FromDays(3)), async () => await IsIdleButForAftercareAsync(release));
        var state = await StateAsync(release);
        Assert.True(state.IsTerminal, $"{release} is {state.Phase} ({state.PhaseReason}) at {Time.GetUtcNow():u}, run ended {end}; {await FaultAsync(release)}");
        return state;
    }

    /// <summary>Brings a release back that has shown what it should, where it still runs, and checks the invariants.</summary>
    public async Task EndAsync(ReleaseId release)
    {
        if (!(await StateAsync(release)).IsTerminal) await CommandAsync(release, ReleaseCommandKind.RollBack);
        await RunToEndAsync(release);
        await Invariants.CheckAsync(this, release);
    }

    private async Task<bool> IsIdleButForAftercareAsync(ReleaseId release) =>
        await Journal.StateAsync(release, default) is { IsTerminal: true }
        && !await _engine.RunsMoreThanAsync(ReleaseActivities.Aftercare.Value);

    public async Task<ReleaseState> StateAsync(ReleaseId release) =>
        await Journal.StateAsync(release, default) ?? throw new InvalidOperationException($"{release} has no ledger.");

    public Task<IReadOnlyList<LedgerEntry>> LedgerAsync(ReleaseId release) => _ledger.ReadAsync(release, 0, default);

    public async Task<IReadOnlyList<T>> EntriesAsync<T>(ReleaseId release)
        where T : LedgerBody => [.. (await LedgerAsync(release)).Select(entry => entry.Read()).OfType<T>()];

    /// <summary>Sends a command as a person would and lets the world settle; returns its answer.</summary>
    public async Task<LedgerBody> CommandAsync(ReleaseId release, ReleaseCommandKind kind, TimeSpan? duration = null, string reason = "because")
    {
        var command = new ReleaseCommand($"c{++_commands}", kind, "dana@example.com", reason) { Duration = duration };
        await Desk.CommandAsync(release, command, default);
        await _engine.RunUntilIdleAsync();
        return (await LedgerAsync(release)).Select(entry => entry.Read()).Single(body =>
            (body is CommandApplied applied && applied.CommandId == command.Id) || (body is CommandRefused refused && refused.CommandId == command.Id));
    }

    /// <summary>The newest link that a person was mailed.</summary>
    public string LinkOf(string person) => Mailer.Sent
        .Last(sent => sent.Mail.To == person && sent.Mail.Text.Contains("/approvals/", StringComparison.Ordinal)).Mail.Text
        .Split('\n').First(line => line.Contains("/approvals/", StringComparison.Ordinal)).Split("/approvals/")[1].Trim();

    /// <summary>Decides by a link, as its approver would, and lets the world settle.</summary>
    public async Task<ApprovalAnswer> DecideAsync(string token, ApprovalChoice choice = ApprovalChoice.Approve, string comment = "", ApprovalPrincipal? who = null)
    {
        var answer = await Desk.DecideAsync(token, who, choice, comment, "prod", default);
        await _engine.RunUntilIdleAsync();
        return answer;
    }

    /// <summary>Lets everything happen that is due now.</summary>
    public Task SettleAsync() => _engine.RunUntilIdleAsync();

    /// <summary>A number that nothing else in this world has, for ids.</summary>
    public int NextNumber() => ++_commands;

    /// <summary>Decides by a link and returns how the ledger answers.</summary>
    public async Task<LedgerBody> AnswerToAsync(ReleaseId release, string token, ApprovalChoice choice = ApprovalChoice.Approve, string comment = "", ApprovalPrincipal? who = null)
    {
        var recorded = Assert.IsType<ApprovalAnswer.Recorded>(await DecideAsync(token, choice, comment, who));
        return (await LedgerAsync(release)).Select(entry => entry.Read()).Single(body =>
            (body is CommandApplied applied && applied.CommandId == recorded.DecisionId) || (body is CommandRefused refused && refused.CommandId == recorded.DecisionId));
    }

    /// <summary>Sends a command without waiting for its answer.</summary>
    public Task CommandBeginAsync(ReleaseId release, ReleaseCommandKind kind, TimeSpan? duration = null) =>
        Desk.CommandAsync(release, new ReleaseCommand($"c{++_commands}", kind, "dana@example.com", "because") { Duration = duration }, default);

    /// <summary>Lets the service look at a configuration key: what it does depends on the value that is there when telemetry is read.</summary>
    public void OnConfiguration(string key, Action<string?> seen)
    {
        var inner = Service.ErrorRate;
        Service.ErrorRate = (canary, at) =>
        {
            seen(Configuration.ReadAsync(key, default).GetAwaiter().GetResult().Value);
            return inner(canary, at);
        };
    }

    /// <summary>Somebody else writes a flag.</summary>
    public async Task MeddleAsync(FlagKey flag, Percentage exposure)
    {
        var store = Flags.As("someone else");
        var current = await store.ReadAsync(flag, default) ?? throw new InvalidOperationException($"{flag} does not exist.");
        await store.SetExposureAsync(new FlagSpec { Name = flag.Name, Label = flag.Label, Segments = ["staff"] }, exposure, current.ETag, default);
    }

    public async Task<Percentage> ExposureAsync(FlagKey? flag = null) => (await Flags.ReadAsync(flag ?? Requests.Flag, default))!.Exposure;

    /// <summary>While set, starts and signals are lost between the ledger and the engine, as when a host dies in between.</summary>
    public bool LosesSignals { get; set; }

    Task IReleaseClient.ScheduleAsync(ReleaseId release, CancellationToken cancellation) =>
        LosesSignals ? Task.CompletedTask : _engine.Client.ScheduleAsync(release, cancellation);

    Task IReleaseClient.WakeAsync(ReleaseId release, CancellationToken cancellation) =>
        LosesSignals ? Task.CompletedTask : _engine.Client.WakeAsync(release, cancellation);

    Task IReleaseClient.RescueAsync(ReleaseId release, CancellationToken cancellation) =>
        LosesSignals ? Task.CompletedTask : _engine.Client.RescueAsync(release, cancellation);

    Task IReleaseClient.AftercareAsync(ReleaseId release, CancellationToken cancellation) =>
        LosesSignals ? Task.CompletedTask : _engine.Client.AftercareAsync(release, cancellation);

    Task<OrchestrationHealth> IReleaseClient.HealthAsync(ReleaseId release, CancellationToken cancellation) => _engine.Client.HealthAsync(release, cancellation);

    public Task<IReadOnlyList<InstanceInfo>> InstancesAsync() => _engine.InstancesAsync();

    /// <summary>How many lines the engine keeps of an instance's last run.</summary>
    public Task<int> HistoryLengthAsync(string instance) => _engine.HistoryLengthAsync(instance);

    /// <summary>Makes the engine forget what is over.</summary>
    public IInstancePurge Purge => _engine.Purge;

    /// <summary>The most lines that the engine writes while an instance does nothing but wait that long.</summary>
    public int LinesOfWaiting(TimeSpan wait) => _engine.LinesOfWaiting(wait);

    /// <summary>Replays what the engine keeps of an instance; null when the code does what history says, else the difference.</summary>
    public Task<string?> ReplayAsync(string instance, WorkflowRegistry registry) => _engine.ReplayAsync(instance, registry);

    /// <summary>What the embedded engine recorded of an instance's last run.</summary>
    public Task<IReadOnlyList<HistoryEvent>> HistoryAsync(string instance) => ((EmbeddedScenarioEngine)_engine).Engine.ReadHistoryAsync(instance);

    private async Task<string> FaultAsync(ReleaseId release) => (await _engine.InstancesAsync()).FirstOrDefault(instance => instance.Id == release.Value) is { } info ? $"{info}" : "no instance";

    /// <summary>Ends the world. Fails the scenario when an invariant was broken, or when any report of any release in it does not hold.</summary>
    public async ValueTask DisposeAsync()
    {
        List<string> reports = [];
        foreach (var release in _engine.ShowsReports ? await _ledger.ListAsync(default) : []) reports.AddRange(ReportChecks.Problems(await LedgerAsync(release)).Take(3));
        _subscription.Dispose();
        await _engine.DisposeAsync();
        await _database.DisposeAsync();
        Diagnostics.Dispose();
        Assert.True(Monitor.Violations.Count == 0, $"invariants were broken:\n{string.Join('\n', Monitor.Violations.Take(20))}");
        Assert.True(Ledger.IsAway || Monitor.Owed.Count == 0, $"never recorded: {string.Join(", ", Monitor.Owed)}");
        Assert.True(reports.Count == 0, $"reports do not hold:\n{string.Join('\n', reports)}");
    }
}
