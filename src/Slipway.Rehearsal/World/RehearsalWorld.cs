using Slipway.Core.Analysis.Judging;
using Slipway.Core.Approvals;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Embedded.Configuration;
using Slipway.Embedded.Engine;
using Slipway.Embedded.Engine.Persistence;
using Slipway.Embedded.Faults;
using Slipway.Embedded.Flags;
using Slipway.Embedded.Freezes;
using Slipway.Embedded.Locks;
using Slipway.Embedded.Releases;
using Slipway.Embedded.Storage;
using Slipway.Embedded.Time;
using Slipway.Rehearsal.Outside;
using Slipway.Rehearsal.Randomness;
using Slipway.Rehearsal.Traffic;
using Slipway.Web.Messages;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;

namespace Slipway.Rehearsal.World;

/// <summary>
/// A world in virtual time for one release: the workflow, judge, engine and rollback that a server runs, around applications, people and
/// systems that are simulated. What happens in it follows from the request, the script and the seed alone.
/// </summary>
internal sealed class RehearsalWorld : IAsyncDisposable, IReleaseClient
{
    /// <summary>No rehearsal lasts longer.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(60);

    private readonly RehearsalSubject _subject;
    private readonly ScenarioScript _script;
    private readonly SlipwayDatabase _database = SlipwayDatabase.OpenInMemory();
    private readonly MemoryEngineStore _engineStore = new();
    private readonly VirtualTimeProvider _time;
    private readonly SqliteFlagStore _flags;
    private readonly SqliteConfigurationStore _configuration;
    private readonly WorkflowRegistry _registry = new();
    private readonly EngineOptions _options;
    private readonly DeathSchedule _deaths = new();
    private readonly RehearsalPeople _people;
    private readonly ReleaseDesk _desk;
    private readonly MemoryLedger _ledger;
    private readonly ReleaseJournal _journal;
    private readonly List<ITimer> _alarms = [];
    private readonly HashSet<DateTimeOffset> _stops = [];
    private readonly IDisposable _subscription;
    private EmbeddedEngine _engine;
    private ReleaseId? _release;
    private DateTimeOffset? _driftsAt;

    public RehearsalWorld(RehearsalSubject subject, ScenarioScript script, ulong seed)
    {
        (_subject, _script) = (subject, script);
        var request = subject.Request;
        Began = script.StartedAt ?? subject.StartedAt;
        _time = new VirtualTimeProvider(Began);
        Course = new Course(script.Stage);
        Fleet = new SimulatedFleet(subject.Plan, subject.Profile, seed, _time);
        var application = Fleet.Applications[subject.Plan.Stages[script.Stage].Environment];
        (application.Defect, application.Trouble, application.From) = (script.Defect, script.Trouble, subject.Plan.Stages[script.Stage].Percentage);
        _people = new RehearsalPeople(request, _time, script.Approvers);
        _flags = new SqliteFlagStore(_database, _time);
        _configuration = new SqliteConfigurationStore(_database);
        _subscription = _flags.Subscribe(Fleet.Changed);
        _ledger = new MemoryLedger(Follow);
        var faults = new FaultPlan(_time, [.. script.Outages.SelectMany(outage => outage.Rules(Begun, () => Course.DecidedAt))]);
        var snapshots = new MemorySnapshots();
        var journal = _journal = new ReleaseJournal(_ledger, snapshots, publishes: false);

        // The key signs links that live as long as this world.
        var keys = new ApprovalKeys([new ApprovalKey("rehearsal", [.. BitConverter.GetBytes(RandomStream.KeyOf(seed, 0)), .. new byte[24]])]);
        ReleaseModule.Register(_registry, new ReleasePorts
        {
            Flags = new FaultyFlagStore(_flags, faults),
            Configuration = new FaultyConfigurationStore(_configuration, faults),
            Metrics = new FaultyMetricSource(Fleet, faults),
            Probe = new FaultyProbe(new SimulatedProbe(request, _time, () => script.Defect.ErrorsAtLeast > 0 && Fleet.IsExposed), faults),
            Hook = new FaultyDeployHook(new SimulatedPipeline(Fleet.Route), faults),
            Mailer = new FaultyMailer(new SimulatedMail(Receive), faults),
            Webhook = new FaultyWebhook(new SimulatedWebhooks(), faults),
            Composer = new MessageComposer(),
            ApprovalKeys = keys,
            Ledger = _ledger,
            Locks = new SqliteLocks(_database, _time),
            Time = _time,
            Freezes = new SqliteFreezes(_database),
            Snapshots = snapshots,
        }, journal, script.Dies ? new RememberingJudge(new EvidenceJudge()) : new EvidenceJudge());
        ReleaseModule.RegisterStarts(_registry, this);
        _options = script.Dies ? new EngineOptions { AfterCommit = DieIfDue } : new EngineOptions();
        _engine = new EmbeddedEngine(_engineStore, _registry, _time, _options);
        _desk = new ReleaseDesk(journal, snapshots, this, _flags, _time, new ReleaseDeskOptions
        {
            BaseUrl = "http://127.0.0.1:5180",
            Policy = _people.Policy,
            ApprovalKeys = keys,
            Telemetry = subject.Plan.Watch.Source,
        });
    }

    /// <summary>When the release was handed over.</summary>
    public DateTimeOffset Began { get; }

    /// <summary>The applications.</summary>
    public SimulatedFleet Fleet { get; }

    /// <summary>Where the release stands.</summary>
    public Course Course { get; }

    /// <summary>How often the process died.</summary>
    public int Deaths { get; private set; }

    /// <summary>The ledger so far.</summary>
    public IReadOnlyList<LedgerEntry> Entries => _ledger.Entries;

    /// <summary>Hands the release over and lets it run to its end; aftercare, which moves nothing, is left out. How it could not be started, or null.</summary>
    public async Task<StartOutcome?> RunAsync(CancellationToken cancellation)
    {
        foreach (var flag in _subject.Plan.Flags) await _flags.CreateAsync(flag.Key, "", cancellation);
        foreach (var key in _subject.Request.Rollback?.Configuration ?? []) await _configuration.WriteAsync(key, "as it was", null, cancellation);
        var request = _script.AnyDay ? _subject.Request with { Release = _subject.Request.Release with { StartAt = null } } : _subject.Request;
        if (await _desk.StartAsync(request, RehearsalPeople.Starter, cancellation) is var outcome && outcome is not StartOutcome.Started) return outcome;
        _release = request.Release.Id;
        var limit = Began + Longest;
        while (!await DriveAsync(limit, cancellation)) await ActAsync();
        return null;
    }

    /// <summary>Where the ledger says that the release stands; only of one that was started.</summary>
    public async Task<ReleaseState> StateAsync() =>
        await _journal.StateAsync(_release!.Value, default) ?? throw new InvalidOperationException("A release that was started has a ledger.");

    /// <summary>The flags as they are in the end.</summary>
    public async Task<IReadOnlyList<FlagState>> FlagsAsync()
    {
        var flags = new List<FlagState>();
        foreach (var flag in _subject.Plan.Flags)
        {
            if (await _flags.ReadAsync(flag.Key, default) is { } state) flags.Add(state);
        }

        return flags;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var alarm in _alarms) await alarm.DisposeAsync();
        _subscription.Dispose();
        await _engine.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>Runs until somebody has to act (false), or until nothing more will happen (true).</summary>
    private async Task<bool> DriveAsync(DateTimeOffset limit, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                var over = false;
                var end = await _engine.RunVirtualAsync(limit, async () => (over = Course.IsOver && await OnlyAftercareRunsAsync()) || SomebodyActs(), cancellation);
                return over || end != VirtualRunEnd.Reached;
            }
            catch (ProcessDiedException)
            {
                Deaths++;
                await _engine.DisposeAsync();
                _engineStore.Reopen();
                _engine = new EmbeddedEngine(_engineStore, _registry, _time, _options);
            }
        }
    }

    private void Follow(LedgerEntry entry, LedgerBody body)
    {
        Course.Follow(entry, body);
        _deaths.Follow(body);
    }

    private void DieIfDue()
    {
        if (_deaths.Dies()) throw new ProcessDiedException();
    }

    private async Task<bool> OnlyAftercareRunsAsync() =>
        (await _engine.ListAsync(InstanceStatus.Running)).All(instance => instance.Workflow == ReleaseActivities.Aftercare.Value);

    private bool SomebodyActs()
    {
        var now = _time.GetUtcNow();
        if (_script.Drift && _driftsAt is null && Course.StageStoodAt is { } stood) Alarm((_driftsAt = stood + (_subject.Plan.Stages[_script.Stage].Bake / 2)).Value);
        if (Course.HeldSince is { } held) Alarm(held + RehearsalPeople.OnCallAfter);
        return _people.NextAnswer <= now || _driftsAt <= now || Course.HeldSince + RehearsalPeople.OnCallAfter <= now;
    }

    private async Task ActAsync()
    {
        var now = _time.GetUtcNow();
        await _people.AnswerAsync(_desk);
        if (_driftsAt <= now)
        {
            _driftsAt = DateTimeOffset.MaxValue;
            await DriftAsync();
        }

        if (Course.HeldSince + RehearsalPeople.OnCallAfter > now || Course.HeldSince is null) return;
        var (kind, why) = _script.HeldIsTakenBack
            ? (ReleaseCommandKind.RollBack, "it is held and not as it should be")
            : Course.HeldIn == ReleasePhase.Baking ? (ReleaseCommandKind.Promote, "nothing is wrong with it") : (ReleaseCommandKind.Resume, "nothing is wrong with it");
        await _people.CommandAsync(_desk, _release!.Value, kind, why);

        // Held again it counts from now.
        Course.Answered(now);
    }

    private async Task DriftAsync()
    {
        var store = _flags.As("someone else");
        foreach (var flag in _subject.Plan.Flags.Where(flag => _subject.Plan.EnvironmentOf(_script.Stage).Flags.Any(own => own.Key == flag.Key)).Take(1))
        {
            if (await store.ReadAsync(flag.Key, default) is { } current) await store.SetExposureAsync(flag, Percentage.Zero, current.ETag, default);
        }
    }

    private void Receive(OutgoingMail mail)
    {
        _people.Receive(mail);
        if (_people.NextAnswer is { } due) Alarm(due);
    }

    /// <summary>The clock stops at this moment too.</summary>
    private void Alarm(DateTimeOffset at)
    {
        var wait = at - _time.GetUtcNow();
        if (wait > TimeSpan.Zero && _stops.Add(at)) _alarms.Add(_time.CreateTimer(static _ => { }, null, wait, Timeout.InfiniteTimeSpan));
    }

    private bool Begun(OutageStart start) => start switch
    {
        OutageStart.Shift => Course.Shifted,
        OutageStart.Exposure => Course.StageStoodAt is not null,
        _ => Course.RollbackAt is not null,
    };

    async Task IReleaseClient.ScheduleAsync(ReleaseId release, CancellationToken cancellation) => await new EmbeddedReleaseClient(_engine).ScheduleAsync(release, cancellation);

    async Task IReleaseClient.WakeAsync(ReleaseId release, CancellationToken cancellation) => await new EmbeddedReleaseClient(_engine).WakeAsync(release, cancellation);

    Task IReleaseClient.RescueAsync(ReleaseId release, CancellationToken cancellation) => new EmbeddedReleaseClient(_engine).RescueAsync(release, cancellation);

    Task IReleaseClient.AftercareAsync(ReleaseId release, CancellationToken cancellation) => new EmbeddedReleaseClient(_engine).AftercareAsync(release, cancellation);

    Task<OrchestrationHealth> IReleaseClient.HealthAsync(ReleaseId release, CancellationToken cancellation) => new EmbeddedReleaseClient(_engine).HealthAsync(release, cancellation);
}
