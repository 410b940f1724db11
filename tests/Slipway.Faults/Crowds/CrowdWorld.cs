using Slipway.Core.Analysis.Judging;
using Slipway.Core.Approvals;
using Slipway.Core.Planning;
using Slipway.Core.Policy;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Embedded.Configuration;
using Slipway.Embedded.Engine;
using Slipway.Embedded.Flags;
using Slipway.Embedded.Freezes;
using Slipway.Embedded.Ledger;
using Slipway.Embedded.Locks;
using Slipway.Embedded.Releases;
using Slipway.Embedded.Snapshots;
using Slipway.Embedded.Storage;
using Slipway.Embedded.Time;
using Slipway.Scenarios.World;
using Slipway.Web.Messages;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Locks;
using Slipway.Workflow.Releases;

namespace Slipway.Faults.Crowds;

/// <summary>
/// One embedded host with many releases, in virtual time: the real workflow, engine, stores, desk and sweeper; each release has a service of
/// its own.
/// </summary>
internal sealed class CrowdWorld : IAsyncDisposable
{
    /// <summary>A Tuesday morning.</summary>
    public static readonly DateTimeOffset Epoch = new(2026, 11, 3, 9, 0, 0, TimeSpan.Zero);

    private static readonly ApprovalKeys Keys = new([new ApprovalKey("k1", [.. Enumerable.Range(1, 32).Select(value => (byte)value)])]);

    /// <summary>Any day is as good as another, so that as much ends as begins on each.</summary>
    private static readonly ServerPolicy Policy = new() { ApproverGroups = Requests.Groups, CalendarRules = false };

    private readonly SlipwayDatabase _database = SlipwayDatabase.OpenInMemory();
    private readonly IDisposable _subscription;
    private readonly ReleaseSweeper _sweeper;

    public CrowdWorld()
    {
        Flags = new SqliteFlagStore(_database, Time);
        Ledger = new SqliteLedger(_database);
        _subscription = Flags.Subscribe(flag =>
        {
            Services.Changed(Time.GetUtcNow(), flag);
            OnFlag(flag);
        });
        var snapshots = new SqliteReleaseSnapshots(_database);
        var freezes = new SqliteFreezes(_database);
        Journal = new ReleaseJournal(Ledger, snapshots, time: Time);
        var ports = new ReleasePorts
        {
            Flags = Flags,
            Configuration = new SqliteConfigurationStore(_database),
            Metrics = Services,
            Probe = new ScriptedProbe(Time),
            Hook = new RecordingHook(Time),
            Mailer = Mails,
            Webhook = new RecordingWebhook(),
            Composer = new MessageComposer(),
            ApprovalKeys = Keys,
            Ledger = Ledger,
            Locks = new SqliteLocks(_database, Time),
            Time = Time,
            Freezes = freezes,
            Snapshots = snapshots,
        };
        var registry = ReleaseModule.Register(new WorkflowRegistry(), ports, Journal, new EvidenceJudge());
        Engine = new EmbeddedEngine(_database, registry, Time, new EngineOptions { OnIncident = incident => Incidents.Add($"{incident.InstanceId}: {incident.Message}") });
        var client = new EmbeddedReleaseClient(Engine);
        ReleaseModule.RegisterStarts(registry, client);
        Desk = new ReleaseDesk(
            Journal, snapshots, client, Flags, Time,
            new ReleaseDeskOptions { BaseUrl = "http://127.0.0.1:5180", Policy = Policy, ApprovalKeys = Keys });
        _sweeper = new ReleaseSweeper(Journal, snapshots, freezes, new LockDesk(new SqliteLocks(_database, Time), Journal, client, Time), client, Time);
    }

    public VirtualTimeProvider Time { get; } = new(Epoch);

    public CrowdServices Services { get; } = new();

    public CountedMails Mails { get; } = new();

    public SqliteFlagStore Flags { get; }

    public SqliteLedger Ledger { get; }

    public ReleaseJournal Journal { get; }

    public EmbeddedEngine Engine { get; }

    public ReleaseDesk Desk { get; }

    /// <summary>What the engine could not do at once.</summary>
    public List<string> Incidents { get; } = [];

    /// <summary>Called at each write of a flag.</summary>
    public Action<FlagState> OnFlag { get; set; } = _ => { };

    /// <summary>The low-risk canary of the scenarios, with a flag and a service of its own.</summary>
    public static ReleaseRequest Request(string id) => Requests.Canary(id) with
    {
        Flags = [new FlagSpec { Name = id, KillSwitch = true }],
        Telemetry = new TelemetrySpec { Service = id },
    };

    /// <summary>Makes the flag and the service of a release, and starts it.</summary>
    public async Task<ReleaseId> StartAsync(ReleaseRequest request, Func<bool, DateTimeOffset, double> errorRate)
    {
        var plan = Planner.Draft(request);
        var flag = Assert.Single(plan.Flags);
        Services.Add(request.Telemetry!.Service, new SimulatedService(Time.GetUtcNow()) { ErrorRate = errorRate });
        await Flags.CreateAsync(flag.Key, "carries the release", default);
        var outcome = await Desk.StartAsync(request, Requests.Dana, null, default);
        return outcome is StartOutcome.Started started ? started.Release : throw new InvalidOperationException($"{request.Release.Id} was not started: {outcome}");
    }

    /// <summary>Lets a time pass, with a sweep at the end of each period.</summary>
    public async Task RunAsync(TimeSpan duration, TimeSpan sweep)
    {
        for (var end = Time.GetUtcNow() + duration; Time.GetUtcNow() < end;)
        {
            var until = Time.GetUtcNow() + sweep;
            await Engine.RunVirtualAsync(until);
            if (Time.GetUtcNow() < until) Time.AdvanceTo(until);
            await _sweeper.SweepAsync(default);
        }
    }

    /// <summary>Whether a release has ended.</summary>
    public async Task<bool> HasEndedAsync(ReleaseId release) => await Journal.StateAsync(release, default) is { IsTerminal: true };

    public async ValueTask DisposeAsync()
    {
        _subscription.Dispose();
        await Engine.DisposeAsync();
        await _database.DisposeAsync();
    }
}
