using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Strategies;
using Slipway.Core.Tests.Ledgers;
using Slipway.Web.Tests.Fakes;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Tests.Fakes;

namespace Slipway.Workflow.Tests.Activities;

public sealed class ObservationActivityTests
{
    private const string Name = "search-v2";
    private static readonly DateTimeOffset From = SampleRequests.Start;
    private static readonly ReleaseId Release = ReleaseId.Parse("search-index-v2");

    private readonly InMemoryLedger _ledger = new();
    private readonly FakeFlagStore _flags = new();
    private readonly HeldTimers _time = new();
    private readonly FlagState _left;
    private int _entries;

    public ObservationActivityTests()
    {
        _flags.Create(Name);
        _left = _flags.Touch(Name, 5);
        _ledger.CreateAsync(Release, new LedgerDraft("start", From, "dana@example.com", SampleRequests.Created()), Stop);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private void Append(LedgerBody body) => _ledger.AppendAsync(Release, [new LedgerDraft($"test:{++_entries}", From, "slipway", body)], Stop);

    private static WatchDirected Directive(int watch, WatchMode mode = WatchMode.Hold) => new(watch, mode, null, null, null, []);

    private Task<PollOutput> Poll(FakeMetrics? metrics = null, int minutes = 1, long cursor = 1) => new PollRelease(_ledger, _flags, metrics ?? new FakeMetrics(), _time).RunAsync(
        new PollInput(Release, cursor, SampleRequests.Plan().Watch, From, From.AddMinutes(minutes), [_left]), Stop);

    [Fact]
    public async Task Poll_of_a_quiet_release_brings_the_closed_intervals_only()
    {
        var row = FakeMetrics.Row(From, "westeurope", 100, 1);

        var output = await Poll(new FakeMetrics(row, FakeMetrics.Row(From.AddMinutes(1), "westeurope", 100, 1)));

        Assert.Equal((1, null, ""), (output.Cursor, output.Directive, output.Problem));
        Assert.Equal([row], output.Observations);
        Assert.Empty(output.Drift);
    }

    [Fact]
    public async Task Poll_that_looks_back_tells_what_came_late_and_brings_no_interval_twice()
    {
        FakeMetrics metrics = new(FakeMetrics.Row(From.AddMinutes(-2), "westeurope", 100, 1), FakeMetrics.Row(From.AddMinutes(-1), "westeurope", 100, 1));
        var back = new LookBack(From.AddMinutes(-2), new StageUnderJudgement(-1, Percentage.Zero, DateTimeOffset.MaxValue), new StageSight(StageKind.Exposing, []));

        var output = await new PollRelease(_ledger, _flags, metrics, _time).RunAsync(
            new PollInput(Release, 1, SampleRequests.Plan().Watch, From, From.AddMinutes(1), [_left], Back: back), Stop);

        Assert.Empty(output.Observations);
        Assert.Equal(From, output.LateUntil);
    }

    [Fact]
    public async Task Poll_brings_the_newest_directive_after_its_cursor()
    {
        Append(Directive(1));
        Append(Directive(2));
        Append(Directive(3, WatchMode.Bake));
        Append(new CommandApplied("c-1", "held"));

        var output = await Poll();

        Assert.Equal((5, 3, WatchMode.Bake), (output.Cursor, output.Directive!.Watch, output.Directive.Mode));
        Assert.Null((await Poll(cursor: 5)).Directive);
        Assert.Equal(5, (await Poll(cursor: 5)).Cursor);
    }

    [Fact]
    public async Task Poll_tells_a_flag_that_somebody_else_moved()
    {
        _flags.Touch(Name, 50);
        Append(new CommandApplied("c-1", "held"));

        var output = await Poll();

        Assert.Equal(["search-v2 is at 50 %, Slipway left it at 5 %"], output.Drift);
        Assert.Equal(2, output.Cursor);
    }

    [Fact]
    public async Task Poll_only_looks_at_flags_so_that_a_store_that_rests_is_left_alone_and_takes_nothing_else_with_it()
    {
        var row = FakeMetrics.Row(From, "westeurope", 100, 1);
        _flags.Touch(Name, 50);
        _flags.Before = call => throw (call == "look" ? new PortUnavailableException("flag store", "the service asked to wait") : new InvalidOperationException($"{call} would go out all the same"));

        var output = await Poll(new FakeMetrics(row));

        Assert.Empty(output.Drift);
        Assert.Equal([row], output.Observations);
    }

    [Fact]
    public async Task Poll_that_meets_a_directive_does_not_take_Slipways_own_write_for_drift()
    {
        // Slipway appends a directive and then writes the flag: here both happen just before the poll's first look at the flag.
        _flags.Before = call =>
        {
            _flags.Before = _ => { };
            Append(Directive(2));
            _flags.Touch(Name, 25);
        };

        var output = await Poll();

        Assert.Empty(output.Drift);
        Assert.Equal(2, output.Directive!.Watch);
        Assert.Single((await Poll(cursor: output.Cursor)).Drift);
    }

    [Fact]
    public async Task Poll_without_telemetry_still_brings_directive_and_drift()
    {
        _flags.Touch(Name, 50);
        var away = new FakeMetrics { Away = true };

        var output = await Poll(away);

        Assert.Equal("telemetry: no answer", output.Problem);
        Assert.Empty(output.Observations);
        Assert.Single(output.Drift);
        Append(Directive(2, WatchMode.Stop));
        Assert.Equal(WatchMode.Stop, (await Poll(away)).Directive!.Mode);
    }

    [Fact]
    public async Task Poll_asks_for_telemetry_only_when_an_interval_is_due()
    {
        var metrics = new FakeMetrics();

        await Poll(metrics, minutes: 0);
        await Poll(metrics, minutes: -1);

        Assert.Equal(0, metrics.Reads);
    }

    [Fact]
    public async Task Poll_that_cannot_read_a_flag_sees_no_drift()
    {
        _flags.Touch(Name, 50);
        _flags.Unreadable.Add(Name);

        var output = await Poll();

        Assert.Empty(output.Drift);
        Assert.Equal("", output.Problem);
    }

    [Fact]
    public async Task Drift_is_what_a_flag_does_and_not_who_saved_it()
    {
        _flags.Save(Name);
        Assert.Empty((await Poll()).Drift);

        _flags.Put(Name, _left.Json.Replace("\"Users\":[]", "\"Users\":[\"eve@example.com\"]", StringComparison.Ordinal).Replace("\"description\":\"\"", "\"description\":\"by hand\"", StringComparison.Ordinal));
        Assert.Equal(["search-v2 has other rules than Slipway left, at the same 5 %"], (await Poll()).Drift);

        _flags.Delete(Name);
        Assert.Equal(["search-v2 no longer exists, Slipway left it at 5 %"], (await Poll()).Drift);
    }

    [Fact]
    public async Task Verify_names_each_flag_that_differs_or_cannot_be_read()
    {
        var (one, two) = (_flags.Create("one"), _flags.Create("two"));
        _flags.Touch("one", 10);
        _flags.Unreadable.Add("two");

        var output = await new VerifyFlags(_flags).RunAsync(new VerifyFlagsInput([_left, one, two]), Stop);

        Assert.Equal([_left, _flags["one"]], output.Flags);
        Assert.Equal(["one is at 10 %, Slipway left it at 0 %", "two could not be read: flag store: no answer"], output.Differences);
    }

    [Fact]
    public async Task Commands_are_read_in_order_after_the_cursor()
    {
        ReleaseCommand Command(string id) => new(id, ReleaseCommandKind.Pause, "dana@example.com", "");
        Append(new CommandReceived(Command("c-1")));
        Append(new CommandApplied("c-1", "held"));
        Append(new CommandReceived(Command("c-2")));
        Append(new CommandReceived(Command("c-3")));

        var output = await new ReadCommands(_ledger).RunAsync(new CommandsInput(Release, 2), Stop);

        Assert.Equal(5, output.Cursor);
        Assert.Equal(["c-2", "c-3"], output.Commands.Select(command => command.Id));
        var none = await new ReadCommands(_ledger).RunAsync(new CommandsInput(Release, 5), Stop);
        Assert.Equal(5, none.Cursor);
        Assert.Empty(none.Commands);
    }

    [Fact]
    public async Task A_release_is_loaded_from_its_first_entry()
    {
        var loaded = await new LoadRelease(_ledger).RunAsync(new LoadInput(Release), Stop);

        Assert.Equal(("search-index-v2", "http://127.0.0.1:5080", "dana@example.com"), (loaded.Plan.ReleaseId.Value, loaded.BaseUrl, loaded.StartedBy));
        Assert.Equal("2.4.0", loaded.Request.Release.Version);
        Assert.Null(loaded.Over);
        Append(new ReleaseEnded(ReleasePhase.Failed, "stopped", []));
        Assert.Equal(ReleasePhase.Failed, (await new LoadRelease(_ledger).RunAsync(new LoadInput(Release), Stop)).Over);
        await Assert.ThrowsAsync<InvalidOperationException>(() => new LoadRelease(_ledger).RunAsync(new LoadInput(ReleaseId.Parse("nothing")), Stop));
    }

    [Fact]
    public async Task Observe_gives_rows_or_the_reason_why_there_are_none()
    {
        var row = FakeMetrics.Row(From, "westeurope", 100, 1);
        var input = new ObserveInput(SampleRequests.Plan().Watch, From, From.AddMinutes(1));

        var seen = await new Observe(new FakeMetrics(row)).RunAsync(input, Stop);
        var away = await new Observe(new FakeMetrics { Away = true }).RunAsync(input, Stop);

        Assert.Equal([row], seen.Observations);
        Assert.Equal("", seen.Problem);
        Assert.Empty(away.Observations);
        Assert.Equal("telemetry: no answer", away.Problem);
    }
}
