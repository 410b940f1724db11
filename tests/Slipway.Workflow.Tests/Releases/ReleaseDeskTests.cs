using Slipway.Core.Ledgers;
using Slipway.Core.Policy;
using Slipway.Core.Releases;
using Slipway.Core.Tests.Ledgers;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;
using Slipway.Workflow.Tests.Fakes;

namespace Slipway.Workflow.Tests.Releases;

public sealed class ReleaseDeskTests
{
    private readonly DeskWorld _world = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_start_is_recorded_and_then_scheduled()
    {
        var outcome = await _world.Desk().StartAsync(DeskWorld.Request(), DeskWorld.Requester, Stop);

        var started = Assert.IsType<StartOutcome.Started>(outcome);
        Assert.False(started.AlreadyExisted);
        Assert.Equal([started.Release], _world.Engine.Scheduled);
        var created = Assert.IsType<ReleaseCreated>(Assert.Single(await _world.EntriesAsync(started.Release)).Read());
        Assert.Equal((DeskWorld.Requester, "http://127.0.0.1:5080", "release.v1"), (created.StartedBy, created.BaseUrl, created.Workflow));
        Assert.Equal(2, created.Plan.Stages.Count);
        Assert.NotNull(await _world.Snapshots.GetAsync(started.Release, Stop));
    }

    [Fact]
    public async Task The_same_start_again_is_the_same_release_and_schedules_it_again()
    {
        var first = await _world.StartAsync();

        var again = Assert.IsType<StartOutcome.Started>(await _world.Desk().StartAsync(DeskWorld.Request(), "erin@example.com", Stop));

        Assert.Equal((first, true), (again.Release, again.AlreadyExisted));
        Assert.Equal([first, first], _world.Engine.Scheduled);
        Assert.Equal(DeskWorld.Requester, Assert.Single(await _world.EntriesAsync(first)).Actor);
    }

    [Fact]
    public async Task The_same_id_with_other_content_is_a_conflict_and_changes_nothing()
    {
        var first = await _world.StartAsync();

        var outcome = await _world.Desk().StartAsync(DeskWorld.Request("2.5.0"), DeskWorld.Requester, Stop);

        Assert.Equal(new StartOutcome.Conflict(first), outcome);
        Assert.Equal([first], _world.Engine.Scheduled);
        Assert.Single(await _world.EntriesAsync(first));
    }

    [Fact]
    public async Task A_request_without_what_is_needed_asks_and_records_nothing()
    {
        var outcome = await _world.Desk().StartAsync(DeskWorld.Request() with { Telemetry = null, Flags = [] }, DeskWorld.Requester, Stop);

        Assert.IsType<StartOutcome.Insufficient>(outcome);
        await NothingHappened();
    }

    [Fact]
    public async Task A_request_with_an_unknown_flag_is_refused_with_the_nearest_name()
    {
        var outcome = await _world.Desk().StartAsync(DeskWorld.Request(flag: "serch-v2"), DeskWorld.Requester, Stop);

        var problem = Assert.Single(Assert.IsType<StartOutcome.Refused>(outcome).Problems);
        Assert.Equal(("flags[0].name", "search-v2"), (problem.Path, problem.Suggestion));
        await NothingHappened();
    }

    [Fact]
    public async Task While_the_policy_is_unknown_nothing_starts()
    {
        var desk = _world.Desk(options: new ReleaseDeskOptions { BaseUrl = "http://127.0.0.1:5080", Policy = new ServerPolicy { Unknown = "it cannot be read" } });
        var outcome = await desk.StartAsync(DeskWorld.Request(), DeskWorld.Requester, Stop);
        Assert.Equal("it cannot be read", Assert.Single(Assert.IsType<StartOutcome.Refused>(outcome).Problems).Found);
        await NothingHappened();
    }

    [Fact]
    public async Task A_start_that_could_not_be_scheduled_is_recorded_and_repaired()
    {
        await Assert.ThrowsAsync<PortUnavailableException>(() => _world.Desk(new AbsentEngine()).StartAsync(DeskWorld.Request(), DeskWorld.Requester, Stop));

        var release = Assert.Single(await _world.Ledger.ListAsync(Stop));
        Assert.Equal(1, (await _world.Desk().RepairAsync(Stop)).GoingOn);
        Assert.Equal([release], _world.Engine.Scheduled);
    }

    [Fact]
    public async Task A_check_says_what_a_start_would_and_records_nothing()
    {
        var ready = Assert.IsType<StartCheck.Ready>(await _world.Desk().CheckAsync(DeskWorld.Request(), Stop));

        Assert.Equal(2, ready.Plan.Stages.Count);
        Assert.IsType<StartCheck.Refused>(await _world.Desk().CheckAsync(DeskWorld.Request(flag: "nothing"), Stop));
        Assert.IsType<StartCheck.Insufficient>(await _world.Desk().CheckAsync(DeskWorld.Request() with { Telemetry = null, Flags = [] }, Stop));
        await NothingHappened();
    }

    [Theory]
    [InlineData(ReleasePhase.Completed)]
    [InlineData(ReleasePhase.RolledBack)]
    [InlineData(ReleasePhase.Failed)]
    public async Task After_a_restart_every_release_that_is_not_over_is_scheduled_and_woken(ReleasePhase over)
    {
        var ended = await _world.StartAsync();
        var open = await _world.StartAsync(DeskWorld.Request(id: "search-next"));
        await _world.EndAsync(ended, over);
        _world.Engine.Scheduled.Clear();

        Assert.Equal(1, (await _world.Desk().RepairAsync(Stop)).GoingOn);
        Assert.Equal(1, (await _world.Desk().RepairAsync(Stop)).GoingOn);

        Assert.Equal([open, open], _world.Engine.Scheduled);
        Assert.Equal([open, open], _world.Engine.Woken);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_that_cannot_be_read_keeps_no_host_from_starting_and_nobody_from_going_on(bool published)
    {
        var damaged = await _world.StartAsync(DeskWorld.Request(id: "damaged"));
        if (published) await new ReleaseJournal(_world.Ledger, _world.Snapshots).AppendAsync(
            damaged, [new LedgerDraft("asked", SampleRequests.Start, "slipway", new PhaseEntered(ReleasePhase.Approving, ReleaseTrigger.Begin, -1, "two people were asked", null, ""))], Stop);
        var open = await _world.StartAsync(DeskWorld.Request(id: "search-next"));
        _world.Engine.Scheduled.Clear();

        var outcome = await _world.Desk(ledger: new PartialLedger(_world.Ledger) { Unreadable = release => release == damaged }).RepairAsync(Stop);

        Assert.Equal((1, 0), (outcome.GoingOn, outcome.NotRunHere.Count));
        Assert.Equal("damaged: an entry is damaged", Assert.Single(outcome.Problems));
        Assert.Equal([open], _world.Engine.Scheduled);
    }

    [Fact]
    public async Task A_release_that_was_recorded_and_never_published_is_repaired_too()
    {
        var release = ReleaseId.Parse("search-index-v2");
        await _world.Ledger.CreateAsync(release, new LedgerDraft("start", SampleRequests.Start, DeskWorld.Requester, SampleRequests.Created()), Stop);

        Assert.Equal(1, (await _world.Desk().RepairAsync(Stop)).GoingOn);

        Assert.Equal([release], _world.Engine.Scheduled);
        Assert.Equal([release], _world.Engine.Woken);
    }

    [Fact]
    public async Task Reading_tells_no_release_from_nothing_new()
    {
        var release = await _world.StartAsync();

        Assert.Single((await _world.Desk().LedgerAsync(release, 0, Stop))!);
        Assert.Empty((await _world.Desk().LedgerAsync(release, 1, Stop))!);
        Assert.Null(await _world.Desk().LedgerAsync(ReleaseId.Parse("nothing"), 0, Stop));
        Assert.Equal(1, (await _world.Desk().GetAsync(release, Stop))!.Sequence);
        Assert.Null(await _world.Desk().GetAsync(ReleaseId.Parse("nothing"), Stop));
        Assert.Equal(release, Assert.Single(await _world.Desk().ListAsync(0, 10, Stop)).Id);
    }

    private async Task NothingHappened()
    {
        Assert.Empty(await _world.Ledger.ListAsync(Stop));
        Assert.Empty(_world.Engine.Scheduled);
    }
}
