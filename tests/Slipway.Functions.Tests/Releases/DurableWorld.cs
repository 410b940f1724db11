using Microsoft.DurableTask.Testing;
using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Judging;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Policy;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Embedded.Configuration;
using Slipway.Embedded.Flags;
using Slipway.Embedded.Freezes;
using Slipway.Embedded.Ledger;
using Slipway.Embedded.Locks;
using Slipway.Embedded.Snapshots;
using Slipway.Embedded.Storage;
using Slipway.Functions.Durable;
using Slipway.Functions.Tests.Engine;
using Slipway.Scenarios.World;
using Slipway.Web.Messages;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Aftercare;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Locks;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;

namespace Slipway.Functions.Tests.Releases;

/// <summary>
/// The world of the scenarios on Durable Task: the same workflow, stores, messages and simulated service, with the product's Durable
/// adapter between them and Durable Task's in-process host, in real time.
/// </summary>
internal sealed class DurableWorld : IAsyncDisposable
{
    private readonly SlipwayDatabase _database = SlipwayDatabase.OpenInMemory();
    private readonly Lock _gate = new();
    private readonly SqliteLedger _ledger;
    private readonly IDisposable _subscription;
    private DurableTaskTestHost _host = null!;
    private int _commands;

    private DurableWorld()
    {
        Service = new SimulatedService(DateTimeOffset.UtcNow) { Rps = 5000 };
        Mailer = new RecordingMailer(TimeProvider.System);
        Flags = new SqliteFlagStore(_database, TimeProvider.System);
        _subscription = Flags.Subscribe(flag =>
        {
            lock (_gate) Service.Expose(DateTimeOffset.UtcNow, flag.Exposure);
        });
        Hook = new RecordingHook(TimeProvider.System)
        {
            OnStep = step =>
            {
                lock (_gate) Service.Route(DateTimeOffset.UtcNow, step);
            },
        };
        _ledger = new SqliteLedger(_database);
        var snapshots = new SqliteReleaseSnapshots(_database);
        Journal = new ReleaseJournal(_ledger, snapshots);
        Ports = new ReleasePorts
        {
            Flags = Flags,
            Configuration = new SqliteConfigurationStore(_database),
            Metrics = new OneAtATime(Service, Mailer, _gate),
            Probe = new ScriptedProbe(TimeProvider.System),
            Hook = Hook,
            Mailer = new OneAtATime(Service, Mailer, _gate),
            Webhook = new RecordingWebhook(),
            Composer = new MessageComposer(),
            ApprovalKeys = ReleaseWorld.Keys,
            Ledger = _ledger,
            Locks = new SqliteLocks(_database, TimeProvider.System),
            Time = TimeProvider.System,
            Freezes = new SqliteFreezes(_database),
            Snapshots = snapshots,
        };
    }

    public SimulatedService Service { get; }

    public RecordingMailer Mailer { get; }

    public RecordingHook Hook { get; }

    public SqliteFlagStore Flags { get; }

    public ReleasePorts Ports { get; }

    public ReleaseJournal Journal { get; }

    public WorkflowBreaks Breaks { get; } = new();

    public DurableReleaseClient Client => new(_host.Client);

    public ReleaseSweeper Sweeper => new(Journal, Ports.Snapshots, Ports.Freezes, new LockDesk(Ports.Locks, Journal, Client, TimeProvider.System), Client, TimeProvider.System);

    public ReleaseDesk Desk => new(Journal, Ports.Snapshots, Client, Flags, TimeProvider.System, new ReleaseDeskOptions
    {
        BaseUrl = "http://127.0.0.1:7071",
        Policy = new ServerPolicy { ApproverGroups = Requests.Groups, CalendarRules = false },
        ApprovalKeys = ReleaseWorld.Keys,
    });

    public static async Task<DurableWorld> StartAsync()
    {
        var world = new DurableWorld();
        var registry = ReleaseModule.Register(new WorkflowRegistry(), world.Ports, world.Journal, new EvidenceJudge());
        registry.Add(ReleaseActivities.StartAftercare, new StartLater(world));
        world.Breaks.WrapInto(registry);
        world._host = await InProcessHost.StartAsync(registry);
        return world;
    }

    /// <summary>Two stages, judged every second: a release in real time.</summary>
    public static ReleaseRequest Quick(ReleaseRequest request, TimeSpan? bake = null) => request with
    {
        Stages = [.. request.Stages.Take(1).Append(request.Stages[^1]).Select(stage => stage with { Bake = bake ?? TimeSpan.FromSeconds(3), MaxBake = null })],
        Telemetry = (request.Telemetry ?? new TelemetrySpec()) with { Interval = TimeSpan.FromSeconds(1), IngestionDelay = TimeSpan.FromSeconds(1), Propagation = TimeSpan.FromSeconds(1) },
    };

    public async Task<ReleaseId> StartAsync(ReleaseRequest request)
    {
        foreach (var flag in request.Flags)
        {
            if (await Flags.ReadAsync(flag.Name, default) is null) await Flags.CreateAsync(flag.Name, "carries the release", default);
        }

        var outcome = await Desk.StartAsync(request, Requests.Dana, default);
        return outcome is StartOutcome.Started started ? started.Release : throw new InvalidOperationException($"not started: {outcome}");
    }

    public async Task<ReleaseState> StateAsync(ReleaseId release) => (await Journal.StateAsync(release, default))!;

    public Task<IReadOnlyList<LedgerEntry>> LedgerAsync(ReleaseId release) => _ledger.ReadAsync(release, 0, default);

    /// <summary>Lets time go by until something is so; fails with the release's own words when it takes longer than the limit.</summary>
    public async Task<ReleaseState> UntilAsync(ReleaseId release, Func<ReleaseState, bool> condition, int limitSeconds = 60)
    {
        var until = DateTime.UtcNow.AddSeconds(limitSeconds);
        while (true)
        {
            var state = await StateAsync(release);
            if (condition(state)) return state;
            Assert.True(DateTime.UtcNow < until, $"{release} is {state.Phase} ({state.PhaseReason}) after {limitSeconds} s; its orchestration is {await Client.HealthAsync(release, default)}");
            await Task.Delay(50);
        }
    }

    /// <summary>Lets the release run to its end, its orchestration to the end of what is left to tell, and what comes after it begin: that is an
    /// orchestration of its own.</summary>
    public async Task<ReleaseState> EndAsync(ReleaseId release, int limitSeconds = 60)
    {
        var state = await UntilAsync(release, state => state.IsTerminal, limitSeconds);
        for (var until = DateTime.UtcNow.AddSeconds(limitSeconds); await Client.HealthAsync(release, default) == OrchestrationHealth.Running; await Task.Delay(50))
            Assert.True(DateTime.UtcNow < until, "the orchestration did not end after its release");
        return await UntilAsync(release, later => later.Aftercare is not null, limitSeconds);
    }

    /// <summary>Sends a command as a person would and waits for its answer.</summary>
    public async Task<ReleaseState> CommandAsync(ReleaseId release, ReleaseCommandKind kind)
    {
        var id = $"c{++_commands}";
        await Desk.CommandAsync(release, new ReleaseCommand(id, kind, Requests.Dana, "because"), default);
        return await UntilAsync(release, state => !state.PendingCommands.Any(pending => pending.Command.Id == id), 15);
    }

    /// <summary>The newest link that a person was mailed; null before there is one.</summary>
    public string? LinkOf(string person)
    {
        lock (_gate)
        {
            return Mailer.Sent.Where(sent => sent.Mail.To == person).SelectMany(sent => sent.Mail.Text.Split('\n'))
                .LastOrDefault(line => line.Contains("/approvals/", StringComparison.Ordinal))?.Split("/approvals/")[1].Trim();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _subscription.Dispose();
        await _database.DisposeAsync();
    }

    /// <summary>Starts aftercare by the host's client, which is there only when the host is.</summary>
    private sealed class StartLater(DurableWorld world) : IActivity<AftercareInput, AftercareStarted>
    {
        public Task<AftercareStarted> RunAsync(AftercareInput input, CancellationToken cancellation) => new StartAftercare(world.Client).RunAsync(input, cancellation);
    }

    /// <summary>Activities run beside each other here, and the simulated parts were made for one thread.</summary>
    private sealed class OneAtATime(SimulatedService service, RecordingMailer mailer, Lock gate) : IMetricSource, IMailer
    {
        public Task<IReadOnlyList<Observation>> ReadAsync(WatchPlan watch, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
        {
            lock (gate) return service.ReadAsync(watch, from, to, cancellation);
        }

        public Task<string> SendAsync(OutgoingMail mail, CancellationToken cancellation)
        {
            lock (gate) return mailer.SendAsync(mail, cancellation);
        }
    }
}
