using System.Collections.Concurrent;
using Slipway.Core.Analysis;
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
using Slipway.Embedded.Http;
using Slipway.Embedded.Ledger;
using Slipway.Embedded.Locks;
using Slipway.Embedded.Mail;
using Slipway.Embedded.Releases;
using Slipway.Embedded.Snapshots;
using Slipway.Embedded.Storage;
using Slipway.Embedded.Telemetry;
using Slipway.Embedded.Time;
using Slipway.Web.Messages;
using Slipway.Workflow.Diagnostics;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Locks;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;

namespace Slipway.Benchmarks.Speed.Hosts;

/// <summary>
/// What <c>slipway serve</c> runs, without its HTTP: database, adapters, engine, desk and sweeper over a file on the disk, in real time. Mails are
/// written to an outbox.
/// </summary>
internal sealed class ReleaseHost : IAsyncDisposable
{
    private static readonly ApprovalKeys Keys = new([new ApprovalKey("k1", [.. Enumerable.Range(1, 32).Select(value => (byte)value)])]);

    private static readonly ServerPolicy Policy = new()
    {
        ApproverGroups = new Dictionary<string, IReadOnlyList<string>> { [ReleaseShapes.Approvers] = ["ada@example.com", "lee@example.com"] },
        CalendarRules = false,
    };

    private readonly HttpClient _outbound = OutboundHttp.CreateClient();
    private readonly ReleaseDiagnostics _diagnostics;
    private readonly CancellationTokenSource _stop = new();
    private Task _run = Task.CompletedTask;

    private ReleaseHost(string folder, Func<IFlagStore, IFlagStore> flagsAsSeen)
    {
        _diagnostics = new ReleaseDiagnostics(Time, _ => { });
        Database = SlipwayDatabase.Open(folder);
        Flags = new SqliteFlagStore(Database, Time);
        Telemetry = new SqliteTelemetryStore(Database);
        var snapshots = new SqliteReleaseSnapshots(Database);
        var freezes = new SqliteFreezes(Database);
        var ledger = new SqliteLedger(Database);
        Journal = new ReleaseJournal(ledger, snapshots, time: Time);
        var ports = new ReleasePorts
        {
            Flags = flagsAsSeen(Flags),
            Configuration = new SqliteConfigurationStore(Database),
            Metrics = Telemetry,
            Probe = new HttpProbe(_outbound, Policy.AllowedUrls.Allows, Time),
            Hook = new HttpDeployHook(_outbound, Policy.AllowedUrls.Allows, Time),
            Mailer = new OutboxMailer(Path.Combine(folder, "outbox"), Time),
            Webhook = new HttpWebhook(_outbound, Policy.AllowedUrls.Allows, Time),
            Composer = new MessageComposer(),
            ApprovalKeys = Keys,
            Ledger = ledger,
            Locks = new SqliteLocks(Database, Time),
            Time = Time,
            Freezes = freezes,
            Snapshots = snapshots,
            Diagnostics = _diagnostics,
        };
        var registry = ReleaseModule.Register(new WorkflowRegistry(), ports, Journal, new EvidenceJudge());
        Engine = new EmbeddedEngine(Database, registry, Time, new EngineOptions { OnIncident = incident => Incidents.Enqueue($"{incident.InstanceId}: {incident.Message}") });
        var client = new EmbeddedReleaseClient(Engine);
        ReleaseModule.RegisterStarts(registry, client);
        Desk = new ReleaseDesk(Journal, snapshots, client, Flags, Time, new ReleaseDeskOptions { BaseUrl = "http://127.0.0.1:5180", Policy = Policy, ApprovalKeys = Keys });
        Sweeper = new ReleaseSweeper(Journal, snapshots, freezes, new LockDesk(new SqliteLocks(Database, Time), Journal, client, Time), client, Time);
    }

    /// <summary>The machine's clock.</summary>
    public TimeProvider Time { get; } = new SteadyTimeProvider(TimeProvider.System);

    public SlipwayDatabase Database { get; }

    public SqliteFlagStore Flags { get; }

    public SqliteTelemetryStore Telemetry { get; }

    public ReleaseJournal Journal { get; }

    public EmbeddedEngine Engine { get; }

    public ReleaseDesk Desk { get; }

    public ReleaseSweeper Sweeper { get; }

    /// <summary>What the engine could not do at once.</summary>
    public ConcurrentQueue<string> Incidents { get; } = [];

    /// <summary>Opens the file of a folder and lets the engine run.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="flagsAsSeen">How the workflow sees the flag store; null: as it is.</param>
    public static ReleaseHost Start(string folder, Func<IFlagStore, IFlagStore>? flagsAsSeen = null)
    {
        var host = new ReleaseHost(folder, flagsAsSeen ?? (flags => flags));
        host._run = Task.Run(() => host.Engine.RunAsync(host._stop.Token));
        return host;
    }

    /// <summary>Makes the flags of a release and starts it. Its service has had traffic for a while.</summary>
    public async Task<ReleaseId> StartAsync(ReleaseRequest request)
    {
        var now = Time.GetUtcNow();
        await Telemetry.IngestAsync(
            [
                .. Enumerable.Range(0, 30).Select(back => new TelemetryRow
                {
                    Id = "before", Service = request.Telemetry!.Service, Arm = TelemetryArm.Control, Start = now - (back * request.Telemetry.Interval), Requests = 6000, Latency = new LatencyHistogram(new Dictionary<int, long> { [81] = 6000 }),
                }),
            ],
            default);
        foreach (var flag in Planner.Draft(request).Flags) await Flags.CreateAsync(flag.Key, "carries the release", default);
        var outcome = await Desk.StartAsync(request, "dana@example.com", default);
        return outcome is StartOutcome.Started started ? started.Release : throw new InvalidOperationException($"{request.Release.Id} was not started: {outcome}");
    }

    /// <summary>Waits until a release is in a phase; throws what the engine fell over, and when it does not get there.</summary>
    public async Task UntilAsync(ReleaseId release, ReleasePhase phase)
    {
        for (var tries = 0; ; tries++)
        {
            if (_run.IsCompleted) await _run;
            var state = await Journal.StateAsync(release, default);
            if (state?.Phase == phase) return;
            if (state is { IsTerminal: true } || tries > 6000) throw new InvalidOperationException($"{release} is {state?.Phase} ({state?.PhaseReason}), expected {phase}. {string.Join("; ", Incidents)}");
            await Task.Delay(20);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        await Engine.DisposeAsync();
        await Database.DisposeAsync();
        _diagnostics.Dispose();
        _outbound.Dispose();
        _stop.Dispose();
    }
}
