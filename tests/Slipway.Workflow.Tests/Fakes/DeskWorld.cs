using Slipway.Core.Ledgers;
using Slipway.Core.Policy;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Tests.Ledgers;
using Slipway.Web.Tests.Fakes;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;

namespace Slipway.Workflow.Tests.Fakes;

/// <summary>A desk over ports in memory, whose flag exists.</summary>
internal sealed class DeskWorld
{
    public const string Requester = "dana@example.com";

    public DeskWorld() => Flags.Create("search-v2");

    public InMemoryLedger Ledger { get; } = new();

    public InMemorySnapshots Snapshots { get; } = new();

    public RecordingEngine Engine { get; } = new();

    public FakeFlagStore Flags { get; } = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>A desk as after a start of the host: nothing is in memory.</summary>
    public ReleaseDesk Desk(IReleaseClient? engine = null, ReleaseDeskOptions? options = null, ILedger? ledger = null) => new(
        new ReleaseJournal(ledger ?? Ledger, Snapshots), Snapshots, engine ?? Engine, Flags, new StandingClock(),
        options ?? new ReleaseDeskOptions { BaseUrl = "http://127.0.0.1:5080", Policy = ServerPolicy.Default });

    public static ReleaseRequest Request(string version = "2.4.0", string flag = "search-v2", string id = "search") => ReleaseRequestReader.Read(JsonRequestDocument.Parse($$"""
        {
          "release": { "id": "{{id}}", "title": "Streaming search indexer", "version": "{{version}}", "declared_risk": "low" },
          "environments": [{ "name": "prod" }],
          "flags": [{ "name": "{{flag}}", "kill_switch": true }],
          "stages": [{ "percentage": 5, "bake": "30m" }, { "percentage": 100, "bake": "2h" }],
          "telemetry": { "source": "embedded" },
          "communications": { "stakeholders": [{ "name": "Support", "email": "support@example.com" }] }
        }
        """)).Request!;

    public async Task<ReleaseId> StartAsync(ReleaseRequest? request = null) =>
        Assert.IsType<StartOutcome.Started>(await Desk().StartAsync(request ?? Request(), Requester, Stop)).Release;

    public Task<IReadOnlyList<LedgerEntry>> EntriesAsync(ReleaseId release) => Ledger.ReadAsync(release, 0, Stop);

    public Task EndAsync(ReleaseId release, ReleasePhase phase) => new ReleaseJournal(Ledger, Snapshots).AppendAsync(
        release, [new LedgerDraft("end", SampleRequests.Start, "slipway", new PhaseEntered(phase, ReleaseTrigger.Abort, -1, "for the test", null, ""))], Stop);

    private sealed class StandingClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => SampleRequests.Start;
    }
}

/// <summary>An engine that does not answer.</summary>
internal sealed class AbsentEngine : IReleaseClient
{
    public Task ScheduleAsync(ReleaseId release, CancellationToken cancellation) => throw new PortUnavailableException("engine", "no answer");

    public Task WakeAsync(ReleaseId release, CancellationToken cancellation) => throw new PortUnavailableException("engine", "no answer");

    public Task RescueAsync(ReleaseId release, CancellationToken cancellation) => throw new PortUnavailableException("engine", "no answer");

    public Task AftercareAsync(ReleaseId release, CancellationToken cancellation) => throw new PortUnavailableException("engine", "no answer");

    public Task<OrchestrationHealth> HealthAsync(ReleaseId release, CancellationToken cancellation) => Task.FromResult(OrchestrationHealth.Missing);
}
