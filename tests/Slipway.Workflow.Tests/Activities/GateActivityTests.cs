using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Requests;
using Slipway.Core.Tests.Ledgers;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Tests.Fakes;

namespace Slipway.Workflow.Tests.Activities;

public sealed class GateActivityTests
{
    private const string Name = "search-v2";
    private static readonly Uri Url = new("https://shop.example.com/health");
    private static readonly DateTimeOffset From = SampleRequests.Start;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Task<GateOutput> Prove(FakeFlagStore store, bool? killSwitch = true) =>
        new ProveKillSwitch(store).RunAsync(new KillSwitchInput(new FlagSpec { Name = Name, KillSwitch = killSwitch }), Stop);

    [Theory]
    [InlineData(true)]
    [InlineData(null)]
    public async Task Kill_switch_of_a_flag_that_is_off_is_proven_by_a_write_that_changes_nothing(bool? declared)
    {
        var store = new FakeFlagStore();
        var before = store.Create(Name);

        var output = await Prove(store, declared);

        Assert.Equal((GateStatus.Pass, before.Json), (output.Status, store[Name].Json));
        Assert.Equal(["search-v2 restored"], store.Writes);
    }

    [Fact]
    [Trait("requirement", "S002-23")]
    public async Task Kill_switch_that_is_declared_away_fails()
    {
        var store = new FakeFlagStore();
        store.Create(Name);

        var output = await Prove(store, killSwitch: false);

        Assert.Equal(GateStatus.Fail, output.Status);
        Assert.Contains("without a kill switch", output.Details, StringComparison.Ordinal);
        Assert.Empty(store.Writes);
    }

    [Fact]
    public async Task Kill_switch_of_a_flag_that_is_missing_or_on_fails_without_a_write()
    {
        var store = new FakeFlagStore();
        Assert.Equal(new GateOutput(GateStatus.Fail, "flag search-v2 does not exist; expected it to exist and be off"), await Prove(store));

        store.Create(Name);
        store.Touch(Name, 10);
        Assert.Equal(new GateOutput(GateStatus.Fail, "flag search-v2 is at 10 %; expected off before the first stage"), await Prove(store));
        Assert.Empty(store.Writes);
    }

    [Fact]
    public async Task Kill_switch_that_cannot_be_written_or_does_not_read_back_fails()
    {
        var store = new FakeFlagStore();
        store.Create(Name);
        store.Before = call =>
        {
            if (call == "restore") store.Save(Name);
        };
        Assert.Contains("not accepted", (await Prove(store)).Details, StringComparison.Ordinal);

        (store.Before, store.AfterWrite) = (_ => { }, () => store.Touch(Name, 10));
        Assert.Equal(GateStatus.Fail, (await Prove(store)).Status);

        store.Touch(Name, 0);
        store.AfterWrite = () => store.Delete(Name);
        Assert.Equal(new GateOutput(GateStatus.Fail, "flag search-v2: the off write was not accepted; found no flag"), await Prove(store));
    }

    [Fact]
    public async Task Kill_switch_in_a_store_that_is_away_fails()
    {
        Assert.Equal(new GateOutput(GateStatus.Fail, "flag store: no answer"), await Prove(new FakeFlagStore { Away = true }));
    }

    [Theory]
    [InlineData(200, null, 50, GateStatus.Pass, "answered 200 in 50 ms")]
    [InlineData(299, null, 300, GateStatus.Pass, "answered 299 in 300 ms")]
    [InlineData(301, 301, 50, GateStatus.Pass, "answered 301 in 50 ms")]
    [InlineData(200, null, 301, GateStatus.Fail, "answered 200 in 301 ms, expected within 300 ms")]
    [InlineData(300, null, 50, GateStatus.Fail, "answered 300, expected 2xx")]
    [InlineData(204, 200, 50, GateStatus.Fail, "answered 204, expected 200")]
    [InlineData(null, 200, 2300, GateStatus.Fail, "no answer: connection refused; expected 200")]
    [InlineData(null, null, 2300, GateStatus.Fail, "no answer: connection refused; expected 2xx")]
    public async Task Probe_compares_status_and_time(int? found, int? expected, double latency, GateStatus status, string details)
    {
        var probe = new FakeProbe(new ProbeResult(found, latency, "", found is null ? "connection refused" : ""));

        var output = await new ProbeGate(probe).RunAsync(new ProbeInput(Url, expected, TimeSpan.FromMilliseconds(300)), Stop);

        Assert.Equal(new GateOutput(status, details, latency), output);
        Assert.True(probe.Timeout > TimeSpan.FromMilliseconds(300), "too slow must be told from no answer");
    }

    private static Task<GateOutput> Scan(SecurityScanSpec scan, ProbeResult? answer = null) =>
        new ScanGate(new FakeProbe(answer ?? new ProbeResult(500, 1, "", ""))).RunAsync(new ScanInput(scan), Stop);

    [Theory]
    [Trait("requirement", "S002-19")]
    [InlineData(0, 0, 0, GateStatus.Pass)]
    [InlineData(2, null, 2, GateStatus.Pass)]
    [InlineData(3, 0, 2, GateStatus.Fail)]
    [InlineData(0, 1, 2, GateStatus.Fail)]
    [InlineData(null, 1, 2, GateStatus.Fail)]
    [InlineData(null, 0, 2, GateStatus.Warning)]
    [InlineData(null, null, 0, GateStatus.Warning)]
    public async Task Scan_that_is_stated_is_compared_and_a_missing_one_is_no_pass(int? high, int? critical, int most, GateStatus status)
    {
        Assert.Equal(status, (await Scan(new SecurityScanSpec { High = high, Critical = critical, MaxHigh = most })).Status);
    }

    [Theory]
    [Trait("requirement", "S002-19")]
    [InlineData(200, """{ "high": 1, "critical": 0 }""", GateStatus.Pass)]
    [InlineData(200, """{ "high": 2, "critical": 0 }""", GateStatus.Fail)]
    [InlineData(200, """{ "high": 0, "critical": 1 }""", GateStatus.Fail)]
    [InlineData(200, """{ "high": 0 }""", GateStatus.Fail)]
    [InlineData(200, """{ "high": "none", "critical": 0 }""", GateStatus.Fail)]
    [InlineData(200, """{ "high": 0.5, "critical": 0 }""", GateStatus.Fail)]
    [InlineData(200, "[]", GateStatus.Fail)]
    [InlineData(200, "<html>", GateStatus.Fail)]
    [InlineData(404, """{ "high": 0, "critical": 0 }""", GateStatus.Fail)]
    [InlineData(null, "", GateStatus.Fail)]
    public async Task Scan_that_is_read_counts_over_the_stated_one_and_must_be_readable(int? found, string body, GateStatus status)
    {
        var scan = new SecurityScanSpec { Url = Url, MaxHigh = 1, High = 0, Critical = 0 };

        var output = await Scan(scan, new ProbeResult(found, 5, body, found is null ? "connection refused" : ""));

        Assert.Equal(status, output.Status);
        Assert.NotEmpty(output.Details);
    }

    private static Task<GateOutput> Baseline(FakeMetrics metrics, params PlannedTrigger[] triggers) => new BaselineGate(metrics).RunAsync(
        new BaselineInput(SampleRequests.Plan() with { Triggers = triggers }, From, From.AddMinutes(15)), Stop);

    private static PlannedTrigger ErrorRate(decimal above, TriggerAction action = TriggerAction.AutoRollback) =>
        new("error_rate limit", "error_rate", above, null, TimeSpan.FromMinutes(5), TimeSpan.Zero, action);

    private static FakeMetrics Errors(long errors) => new(
        FakeMetrics.Row(From, "northeurope", 5000, errors / 2), FakeMetrics.Row(From.AddMinutes(1), "westeurope", 5000, errors - (errors / 2)));

    [Fact]
    public async Task Baseline_that_answers_and_is_healthy_passes_with_its_numbers()
    {
        var output = await Baseline(Errors(5), ErrorRate(0.5m));

        Assert.Equal(GateStatus.Pass, output.Status);
        Assert.StartsWith("10,000 requests seen, 11.11 a second, error rate 0.05 %, success rate 99.95 %, p95 ", output.Details, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("requirement", "X61")]
    public async Task Baseline_that_is_beyond_a_rollback_limit_already_fails()
    {
        var output = await Baseline(Errors(100), ErrorRate(0.5m));

        Assert.Equal(new GateOutput(GateStatus.Fail, "the present version is already beyond error_rate limit: error_rate 1 over 10,000 requests, limit 0.5"), output);
    }

    [Fact]
    public async Task Baseline_beyond_a_lower_limit_fails()
    {
        var availability = new PlannedTrigger("availability limit", "availability", null, 99.9m, TimeSpan.FromMinutes(15), TimeSpan.Zero, TriggerAction.AutoRollback);

        Assert.Equal(GateStatus.Fail, (await Baseline(Errors(100), availability)).Status);
        Assert.Equal(GateStatus.Pass, (await Baseline(Errors(1), availability)).Status);
    }

    [Theory]
    [InlineData(TriggerAction.Alert)]
    [InlineData(TriggerAction.Pause)]
    public async Task Baseline_beyond_a_limit_that_would_not_roll_back_passes(TriggerAction action)
    {
        Assert.Equal(GateStatus.Pass, (await Baseline(Errors(100), ErrorRate(0.5m, action))).Status);
    }

    [Fact]
    public async Task Baseline_without_requests_or_without_an_answer_fails()
    {
        Assert.Equal(
            new GateOutput(GateStatus.Fail, "telemetry answers, but service search sent no request between 09:00:00Z and 09:15:00Z"),
            await Baseline(new FakeMetrics(), ErrorRate(0.5m)));
        Assert.Equal(new GateOutput(GateStatus.Fail, "telemetry: no answer"), await Baseline(new FakeMetrics { Away = true }, ErrorRate(0.5m)));
    }

    private sealed class FakeProbe(ProbeResult answer) : IProbe
    {
        public TimeSpan Timeout { get; private set; }

        public Task<ProbeResult> GetAsync(Uri url, TimeSpan timeout, CancellationToken cancellation)
        {
            Timeout = timeout;
            return Task.FromResult(answer);
        }
    }
}
