using Slipway.Core.Ledgers;
using Slipway.Core.Policy;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Tests.Ledgers;
using Slipway.Web.Tests.Fakes;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;
using Slipway.Workflow.Tests.Fakes;

namespace Slipway.Workflow.Tests.Releases;

public sealed class ReleaseDeskTests
{
    private const string Requester = "dana@example.com";

    private readonly InMemoryLedger _ledger = new();
    private readonly InMemorySnapshots _snapshots = new();
    private readonly RecordingEngine _engine = new();
    private readonly FakeFlagStore _flags = new();

    public ReleaseDeskTests() => _flags.Create("search-v2");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>A desk as after a start of the host: nothing is in memory.</summary>
    private ReleaseDesk Desk(IReleaseClient? engine = null) => new(
        new ReleaseJournal(_ledger, _snapshots), _snapshots, engine ?? _engine, _flags, new StandingClock(),
        new ReleaseDeskOptions { BaseUrl = "http://127.0.0.1:5080", Policy = ServerPolicy.Default });

    private static ReleaseRequest Request(string version = "2.4.0", string flag = "search-v2", string id = "search") => ReleaseRequestReader.Read(JsonRequestDocument.Parse($$"""
        {
          "release": { "id": "{{id}}", "title": "Streaming search indexer", "version": "{{version}}", "declared_risk": "low" },
          "environments": [{ "name": "prod" }],
          "flags": [{ "name": "{{flag}}", "kill_switch": true }],
          "stages": [{ "percentage": 5, "bake": "30m" }, { "percentage": 100, "bake": "2h" }],
          "telemetry": { "source": "embedded" },
          "communications": { "stakeholders": [{ "name": "Support", "email": "support@example.com" }] }
        }
        """)).Request!;

    private static ReleaseCommand Command(string id, ReleaseCommandKind kind = ReleaseCommandKind.Pause) => new(id, kind, "otto@example.com", "it looks odd");

    private async Task<ReleaseId> Start(ReleaseRequest? request = null) =>
        Assert.IsType<StartOutcome.Started>(await Desk().StartAsync(request ?? Request(), Requester, Stop)).Release;

    private Task<IReadOnlyList<LedgerEntry>> Entries(ReleaseId release) => _ledger.ReadAsync(release, 0, Stop);

    private Task End(ReleaseId release, ReleasePhase phase) => new ReleaseJournal(_ledger, _snapshots).AppendAsync(
        release, [new LedgerDraft("end", SampleRequests.Start, "slipway", new PhaseEntered(phase, ReleaseTrigger.Abort, -1, "for the test", null, ""))], Stop);

    [Fact]
    public async Task A_start_is_recorded_and_then_scheduled()
    {
        var outcome = await Desk().StartAsync(Request(), Requester, Stop);

        var started = Assert.IsType<StartOutcome.Started>(outcome);
        Assert.False(started.AlreadyExisted);
        Assert.Equal([started.Release], _engine.Scheduled);
        var created = Assert.IsType<ReleaseCreated>(Assert.Single(await Entries(started.Release)).Read());
        Assert.Equal((Requester, "http://127.0.0.1:5080", "release.v1"), (created.StartedBy, created.BaseUrl, created.Workflow));
        Assert.Equal(2, created.Plan.Stages.Count);
        Assert.NotNull(await _snapshots.GetAsync(started.Release, Stop));
    }

    [Fact]
    public async Task The_same_start_again_is_the_same_release_and_schedules_it_again()
    {
        var first = await Start();

        var again = Assert.IsType<StartOutcome.Started>(await Desk().StartAsync(Request(), "erin@example.com", Stop));

        Assert.Equal((first, true), (again.Release, again.AlreadyExisted));
        Assert.Equal([first, first], _engine.Scheduled);
        Assert.Equal(Requester, Assert.Single(await Entries(first)).Actor);
    }

    [Fact]
    public async Task The_same_id_with_other_content_is_a_conflict_and_changes_nothing()
    {
        var first = await Start();

        var outcome = await Desk().StartAsync(Request("2.5.0"), Requester, Stop);

        Assert.Equal(new StartOutcome.Conflict(first), outcome);
        Assert.Equal([first], _engine.Scheduled);
        Assert.Single(await Entries(first));
    }

    [Fact]
    public async Task A_request_without_what_is_needed_asks_and_records_nothing()
    {
        var outcome = await Desk().StartAsync(Request() with { Telemetry = null, Flags = [] }, Requester, Stop);

        Assert.IsType<StartOutcome.Insufficient>(outcome);
        await NothingHappened();
    }

    [Fact]
    public async Task A_request_with_an_unknown_flag_is_refused_with_the_nearest_name()
    {
        var outcome = await Desk().StartAsync(Request(flag: "serch-v2"), Requester, Stop);

        var problem = Assert.Single(Assert.IsType<StartOutcome.Refused>(outcome).Problems);
        Assert.Equal(("flags[0].name", "search-v2"), (problem.Path, problem.Suggestion));
        await NothingHappened();
    }

    [Fact]
    public async Task A_start_that_could_not_be_scheduled_is_recorded_and_repaired()
    {
        await Assert.ThrowsAsync<PortUnavailableException>(() => Desk(new AbsentEngine()).StartAsync(Request(), Requester, Stop));

        var release = Assert.Single(await _ledger.ListAsync(Stop));
        Assert.Equal(1, await Desk().RepairAsync(Stop));
        Assert.Equal([release], _engine.Scheduled);
    }

    [Fact]
    public async Task A_check_says_what_a_start_would_and_records_nothing()
    {
        var ready = Assert.IsType<StartCheck.Ready>(await Desk().CheckAsync(Request(), Stop));

        Assert.Equal(2, ready.Plan.Stages.Count);
        Assert.IsType<StartCheck.Refused>(await Desk().CheckAsync(Request(flag: "nothing"), Stop));
        Assert.IsType<StartCheck.Insufficient>(await Desk().CheckAsync(Request() with { Telemetry = null, Flags = [] }, Stop));
        await NothingHappened();
    }

    [Fact]
    public async Task A_command_is_in_the_ledger_before_the_release_is_woken()
    {
        var release = await Start();
        IReadOnlyList<LedgerEntry> seen = [];
        _engine.OnWake = async woken => seen = await Entries(woken);

        var outcome = await Desk().CommandAsync(release, Command("c-1"), Stop);

        Assert.Equal(new CommandOutcome.Accepted(2), outcome);
        Assert.Equal(Command("c-1"), Assert.IsType<CommandReceived>(seen[^1].Read()).Command);
        Assert.Equal("otto@example.com", seen[^1].Actor);
    }

    [Fact]
    public async Task A_command_whose_signal_is_lost_is_in_the_ledger()
    {
        var release = await Start();

        await Assert.ThrowsAsync<PortUnavailableException>(() => Desk(new AbsentEngine()).CommandAsync(release, Command("c-1"), Stop));

        Assert.IsType<CommandReceived>((await Entries(release))[^1].Read());
        await Desk().RepairAsync(Stop);
        Assert.Equal([release], _engine.Woken);
    }

    [Fact]
    public async Task A_command_that_is_sent_again_is_recorded_once_and_wakes_again()
    {
        var release = await Start();

        var first = await Desk().CommandAsync(release, Command("c-1"), Stop);
        await Desk().CommandAsync(release, Command("c-2"), Stop);
        var again = await Desk().CommandAsync(release, Command("c-1", ReleaseCommandKind.Abort), Stop);

        Assert.Equal(first, again);
        Assert.Equal(3, _engine.Woken.Count);
        Assert.Equal(
            [Command("c-1"), Command("c-2")],
            (await Entries(release)).Select(entry => entry.Read()).OfType<CommandReceived>().Select(received => received.Command));
    }

    [Fact]
    public async Task A_command_to_no_release_or_to_one_that_is_over_records_nothing()
    {
        Assert.Equal(new CommandOutcome.NotFound(), await Desk().CommandAsync(ReleaseId.Parse("nothing"), Command("c-1"), Stop));
        var release = await Start();
        await End(release, ReleasePhase.RolledBack);

        Assert.Equal(new CommandOutcome.Ended(ReleasePhase.RolledBack), await Desk().CommandAsync(release, Command("c-1"), Stop));

        Assert.Equal(2, (await Entries(release)).Count);
        Assert.Empty(_engine.Woken);
    }

    [Fact]
    public async Task A_command_that_is_sent_again_after_the_end_was_accepted_whatever_came_of_it()
    {
        var release = await Start();
        await Desk().CommandAsync(release, Command("c-1"), Stop);
        await End(release, ReleasePhase.Failed);

        Assert.Equal(new CommandOutcome.Accepted(2), await Desk().CommandAsync(release, Command("c-1"), Stop));
        Assert.Equal(3, (await Entries(release)).Count);
    }

    [Theory]
    [InlineData(ReleasePhase.Completed)]
    [InlineData(ReleasePhase.RolledBack)]
    [InlineData(ReleasePhase.Failed)]
    public async Task After_a_restart_every_release_that_is_not_over_is_scheduled_and_woken(ReleasePhase over)
    {
        var ended = await Start();
        var open = await Start(Request(id: "search-next"));
        await End(ended, over);
        _engine.Scheduled.Clear();

        Assert.Equal(1, await Desk().RepairAsync(Stop));
        Assert.Equal(1, await Desk().RepairAsync(Stop));

        Assert.Equal([open, open], _engine.Scheduled);
        Assert.Equal([open, open], _engine.Woken);
    }

    [Fact]
    public async Task A_release_that_was_recorded_and_never_published_is_repaired_too()
    {
        var release = ReleaseId.Parse("search-index-v2");
        await _ledger.CreateAsync(release, new LedgerDraft("start", SampleRequests.Start, Requester, SampleRequests.Created()), Stop);

        Assert.Equal(1, await Desk().RepairAsync(Stop));

        Assert.Equal([release], _engine.Scheduled);
        Assert.Equal([release], _engine.Woken);
    }

    [Fact]
    public async Task Reading_tells_no_release_from_nothing_new()
    {
        var release = await Start();

        Assert.Single((await Desk().LedgerAsync(release, 0, Stop))!);
        Assert.Empty((await Desk().LedgerAsync(release, 1, Stop))!);
        Assert.Null(await Desk().LedgerAsync(ReleaseId.Parse("nothing"), 0, Stop));
        Assert.Equal(1, (await Desk().GetAsync(release, Stop))!.Sequence);
        Assert.Null(await Desk().GetAsync(ReleaseId.Parse("nothing"), Stop));
        Assert.Equal(release, Assert.Single(await Desk().ListAsync(0, 10, Stop)).Id);
    }

    private async Task NothingHappened()
    {
        Assert.Empty(await _ledger.ListAsync(Stop));
        Assert.Empty(_engine.Scheduled);
    }

    private sealed class StandingClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => SampleRequests.Start;
    }

    /// <summary>An engine that does not answer.</summary>
    private sealed class AbsentEngine : IReleaseClient
    {
        public Task ScheduleAsync(ReleaseId release, CancellationToken cancellation) => throw new PortUnavailableException("engine", "no answer");

        public Task WakeAsync(ReleaseId release, CancellationToken cancellation) => throw new PortUnavailableException("engine", "no answer");

        public Task<OrchestrationHealth> HealthAsync(ReleaseId release, CancellationToken cancellation) => Task.FromResult(OrchestrationHealth.Missing);
    }
}
