using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Embedded.Configuration;
using Slipway.Embedded.Engine;
using Slipway.Embedded.Engine.Persistence;
using Slipway.Embedded.Faults;
using Slipway.Embedded.Flags;
using Slipway.Embedded.Freezes;
using Slipway.Embedded.Locks;
using Slipway.Embedded.Storage;
using Slipway.Embedded.Time;
using Slipway.Rehearsal.Randomness;
using Slipway.Rehearsal.World;
using Slipway.Scenarios.World;
using Slipway.Simulation.Cases;
using Slipway.Web.Messages;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;

namespace Slipway.Simulation.World;

/// <summary>
/// The world of one run in virtual time: the real workflow, engine, desks and sweeper, as one process after another runs them, around an outside
/// that keeps records of its own. What happens follows from the case alone.
/// </summary>
internal sealed partial class SimulatedWorld : IAsyncDisposable
{
    /// <summary>A Tuesday morning.</summary>
    public static readonly DateTimeOffset Epoch = new(2026, 11, 3, 9, 0, 0, TimeSpan.Zero);

    /// <summary>By then everything is over: the longest waits are for a window of next week and for answers that take hours.</summary>
    private static readonly DateTimeOffset Limit = Epoch + TimeSpan.FromDays(30);

    /// <summary>So long after the last end the sweeper still runs, for what was asked in the last moment.</summary>
    private static readonly TimeSpan Afterwards = TimeSpan.FromMinutes(5);

    private readonly SimulationCase _case;
    private readonly MemoryEngineStore? _engineStore;
    private readonly PriorityQueue<Func<Task>, (DateTimeOffset Due, int Order)> _later = new();
    private readonly List<ITimer> _alarms = [];
    private readonly HashSet<DateTimeOffset> _stops = [];
    private readonly IDisposable _subscription;
    private readonly FaultPlan _faults;
    private readonly SqliteFreezes _freezes;
    private readonly SqliteLocks _locks;
    private readonly SimulatedPeople _people;
    private DateTimeOffset? _overSince;
    private int _orders;

    public SimulatedWorld(SimulationCase run, Mutation? mutation, bool? onDisk = null)
    {
        // A disk can be full only where there is one; of the other runs some have one all the same.
        if (!(onDisk ?? run.Incidents.Any(incident => incident.Kind == IncidentKind.DiskFull) || run.Key % 8 == 0)) _engineStore = new MemoryEngineStore();
        (_case, Mutation) = (run, mutation);
        Director = new FaultDirector(run, Time) { OnAct = at => Alarm(at) };
        Monitor = new InvariantMonitor(Time)
        {
            LedgerAnswers = () => !Director.WasDisturbed(Time.GetUtcNow(), Time.GetUtcNow()),
            LedgerAnsweredFor = within => !Director.WasDisturbed(Time.GetUtcNow() - within, Time.GetUtcNow()),
            Excuses = Director.WasDisturbed,
        };
        Ledgers = new MemoryLedgers(Follow);
        Flags = new SqliteFlagStore(Database, Time);
        Configuration = new SqliteConfigurationStore(Database);
        Fleets = new FleetRouter(Time);
        Hooks = new HookRouter(Time, Fleets, run.Pipelines);
        _subscription = Flags.Subscribe(flag =>
        {
            Monitor.FlagChanged(flag);
            Fleets.Changed(flag);
        });
        _locks = new SqliteLocks(Database, Time);
        _freezes = new SqliteFreezes(Database);
        Monitor.Frozen = () => _freezes.InForceAsync(Time.GetUtcNow(), default).GetAwaiter().GetResult().Count > 0;
        _faults = new FaultPlan(Time, Director.Rules());
        _people = new SimulatedPeople(this, run.People, RandomStream.KeyOf(run.Key, 1));
        Mailer = new RecordingMailer(Time);
        DeskOptions = new ReleaseDeskOptions { BaseUrl = "http://127.0.0.1:5180", Policy = SimulatedPeople.Policy, ApprovalKeys = Keys };
        Process = new SimulatedProcess(this);
    }

    public VirtualTimeProvider Time { get; } = new(Epoch);

    public SlipwayDatabase Database { get; } = SlipwayDatabase.OpenInMemory();

    public FaultDirector Director { get; }

    public InvariantMonitor Monitor { get; }

    public MemoryLedgers Ledgers { get; }

    public SqliteFlagStore Flags { get; }

    public SqliteConfigurationStore Configuration { get; }

    public FleetRouter Fleets { get; }

    public HookRouter Hooks { get; }

    public RecordingMailer Mailer { get; }

    public RecordingWebhook Webhook { get; } = new();

    public ReleaseDeskOptions DeskOptions { get; }

    /// <summary>A planted bug; null: none.</summary>
    public Mutation? Mutation { get; }

    /// <summary>The process that lives now.</summary>
    public SimulatedProcess Process { get; private set; }

    /// <summary>How many commits the engine made.</summary>
    public int Steps { get; set; }

    /// <summary>How often the process died.</summary>
    public int Deaths { get; private set; }

    /// <summary>How many releases were not taken.</summary>
    public int Refused { get; private set; }

    /// <summary>Why releases were not taken.</summary>
    public List<string> Refusals { get; } = [];

    /// <summary>Where commands met which phase while what was wrong.</summary>
    public HashSet<(ReleasePhase Phase, ReleaseCommandKind? Command, IncidentKind Fault)> Met { get; } = [];

    private static Core.Approvals.ApprovalKeys Keys { get; } = new([new Core.Approvals.ApprovalKey("k1", [.. Enumerable.Range(1, 32).Select(value => (byte)value)])]);

    /// <summary>The engine of a new process, over what the one before stored.</summary>
    public EmbeddedEngine OpenEngine(WorkflowRegistry registry, EngineOptions options)
    {
        if (_engineStore is null) return new EmbeddedEngine(Database, registry, Time, options);
        _engineStore.Reopen();
        return new EmbeddedEngine(_engineStore, registry, Time, options);
    }

    /// <summary>The ports as a process reaches them.</summary>
    /// <param name="process">The process.</param>
    /// <param name="slow">Whether calls can be slow: those of the engine, which goes on meanwhile.</param>
    public ReleasePorts PortsOf(SimulatedProcess process, bool slow)
    {
        T Around<T>(T port)
            where T : class => PortInterceptor.Around(port, Director, process, slow ? Time : null);
        return new ReleasePorts
        {
            Flags = Around<IFlagStore>(new FaultyFlagStore(new ObservedFlags(Flags, Monitor), _faults)),
            Configuration = Around<IConfigurationStore>(new FaultyConfigurationStore(new ObservedConfiguration(Configuration, Monitor), _faults)),
            Metrics = Around<IMetricSource>(new FaultyMetricSource(Fleets, _faults)),
            Probe = Around<IProbe>(new FaultyProbe(new ScriptedProbe(Time), _faults)),
            Hook = Around<IDeployHook>(new FaultyDeployHook(new ObservedHook(Hooks, Monitor), _faults)),
            Mailer = Around<IMailer>(new FaultyMailer(new ObservedMailer(new ShownMailer(Mailer, _people.Receive), Monitor), _faults)),
            Webhook = Around<IWebhook>(new FaultyWebhook(new ObservedWebhook(Webhook, Monitor), _faults)),
            Composer = new MessageComposer(),
            ApprovalKeys = Keys,
            Ledger = Around<ILedger>(Ledgers),
            Locks = Around<ILocks>(_locks),
            Time = Time,
            Freezes = Around<IFreezes>(_freezes),
            Snapshots = new NoSnapshots(),
        };
    }

    /// <summary>Runs until everything is over. Throws only for defects of the product or of the simulation.</summary>
    public async Task RunAsync()
    {
        foreach (var release in _case.Releases) Later(release.After, () => StartAsync(release));
        Later(ReleaseSweeper.Period, SweepAsync);
        while (true)
        {
            try
            {
                var end = await Process.Engine.RunVirtualAsync(Limit, async () =>
                {
                    Process.ThrowIfDead();
                    return SomebodyActs() || await IsOverAsync();
                });
                Process.ThrowIfDead();
                if (end != VirtualRunEnd.Reached || await IsOverAsync()) return;
                await ActAsync();
            }
            catch (ProcessDiedException)
            {
                await RestartAsync();
            }
        }
    }

    /// <summary>Does something later, in the order of time and of asking.</summary>
    public void Later(TimeSpan delay, Func<Task> act)
    {
        var due = Time.GetUtcNow() + delay;
        _later.Enqueue(act, (due, _orders++));
        Alarm(due);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var alarm in _alarms) await alarm.DisposeAsync();
        _subscription.Dispose();
        await Process.DisposeAsync();
        await Database.DisposeAsync();
    }

    private async Task SweepAsync()
    {
        if (_overSince is null || Time.GetUtcNow() < _overSince + Afterwards) Later(ReleaseSweeper.Period, SweepAsync);
        Monitor.LookForUnheard();
        await Process.Sweeper.SweepAsync(default);
    }

    private bool SomebodyActs() => (_later.TryPeek(out _, out var next) && next.Due <= Time.GetUtcNow()) || Director.HasActs();

    private async Task ActAsync()
    {
        while (_later.TryPeek(out var act, out var next) && next.Due <= Time.GetUtcNow())
        {
            _later.Dequeue();
            await TryAsync(act);
        }

        foreach (var incident in Director.TakeActs().ToList()) await TryAsync(() => ActAsync(incident));
    }

    /// <summary>What a person does may fail: the ledger does not answer, or the disk is full. Nothing was done then.</summary>
    private async Task TryAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception failure) when (failure is PortUnavailableException || (failure is not ProcessDiedException && Director.WasDisturbed(Time.GetUtcNow(), Time.GetUtcNow())))
        {
            Unanswered++;
        }
    }

    /// <summary>How often a person was not answered.</summary>
    public int Unanswered { get; private set; }

    private async Task RestartAsync()
    {
        Deaths++;
        var dead = Process;
        await dead.DisposeAsync();
        if (dead.Downtime > TimeSpan.Zero) Time.Advance(dead.Downtime);
        Process = new SimulatedProcess(this);
        await TryAsync(async () => await Process.Desk.RepairAsync(default));
    }

    /// <summary>Told of every entry at the moment at which it is written.</summary>
    private void Follow(ReleaseId release, LedgerEntry entry, LedgerBody body)
    {
        Monitor.Appended(release, [entry]);
        var phase = body is PhaseEntered entered ? entered.Phase : body is ReleaseCreated ? ReleasePhase.Received : (ReleasePhase?)null;
        if (phase is { } into)
        {
            Director.Entered(into);
            Met.Add((into, null, Director.Last));
            if (into is ReleasePhase.Paused or ReleasePhase.Concluding) _people.Held(release, into, entry.At);
        }

        if (body is EvaluationOpened opened) _people.Asked(release, opened.Id);
        if (body is CommandApplied or CommandRefused) Met.Add((Monitor.PhaseOf(release), Monitor.CommandOf(release, body), Director.Last));
    }

    private async Task<bool> IsOverAsync()
    {
        // What is broken is known; what follows from it is of no interest.
        if (Monitor.Violations.Count > 0) return true;
        if (Director.AwaitsActs || _later.UnorderedItems.Any(item => item.Priority.Due < Time.GetUtcNow() + TimeSpan.FromSeconds(1))) return false;
        var all = Ledgers.Releases.ToList();
        if (all.Count + Refused < _case.Releases.Count || !all.TrueForAll(Monitor.IsOver))
        {
            _overSince = null;
            return false;
        }

        _overSince ??= Time.GetUtcNow();
        if (Time.GetUtcNow() < _overSince + Afterwards) return false;
        return (await Process.Engine.ListAsync(InstanceStatus.Running)).All(instance => instance.Workflow == ReleaseActivities.Aftercare.Value);
    }

    private void Alarm(DateTimeOffset at)
    {
        var wait = at - Time.GetUtcNow();
        if (wait > TimeSpan.Zero && _stops.Add(at)) _alarms.Add(Time.CreateTimer(static _ => { }, null, wait, Timeout.InfiniteTimeSpan));
    }
}
