using Slipway.Azure.Metrics;
using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Calibrating;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Embedded.Tests.Contracts;
using Slipway.Embedded.Time;
using Slipway.Workflow.Ports;

namespace Slipway.Azure.Tests.Metrics;

public sealed class LogAnalyticsMetricSourceTests : IDisposable
{
    private static readonly DateTimeOffset Nine = new(2026, 12, 1, 9, 0, 0, TimeSpan.Zero);

    private readonly VirtualTimeProvider _time = TestClock.AtNine();
    private readonly FakeLogs _logs = new();
    private readonly LogsBudget _budget;
    private readonly LogAnalyticsMetricSource _source;
    private WatchPlan _watch = QueryTextTests.Query(new LogsPlan { Flag = "search-v2", Kpis = ["orders"], Measurements = ["heap_mb"] }, [300]).Watch;

    public LogAnalyticsMetricSourceTests()
    {
        _budget = new LogsBudget(_time);
        _source = new LogAnalyticsMetricSource(_logs, _budget);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _budget.Dispose();

    [Fact]
    public async Task ReadAsync_AsksOnceForEverything()
    {
        _logs.Answer = FakeLogs.Observations(
            Row("requests", count: 10),
            Row("errors", count: 2),
            Row("users", count: 4),
            Row("failed_users", count: 1),
            Row("bucket", "60", 9),
            Row("slower", "300", 3),
            Row("error_type", "TimeoutException", 2),
            Row("dependency", "sql", 2),
            Row("kpi", "orders", 4, 6.5, 12),
            Row("requests", arm: "control", count: 90),
            Row("measurement", "heap_mb", 3, 900, arm: ""),
            Row("watermark", "", 100, 42.5, start: Nine.AddSeconds(17), arm: ""));

        var observation = Assert.Single(await ReadAsync());

        Assert.Single(_logs.Queries);
        Assert.Equal((Nine, TimeSpan.FromMinutes(1), "global"), (observation.Start, observation.Length, observation.Region));
        var canary = observation.Canary!;
        Assert.Equal((10, 2, 4L, 1L), (canary.Requests, canary.Errors, canary.Users, canary.FailedUsers));
        Assert.Equal(new LatencyHistogram(new Dictionary<int, long> { [60] = 9 }), canary.Latency);
        Assert.Equal(3, canary.SlowerThan(300));
        Assert.True(observation.Control!.CountsAbove(300));
        Assert.Equal(["TimeoutException"], canary.ErrorTypes);
        Assert.Equal(2, canary.DependencyFailures["sql"]);
        Assert.Equal(new KpiSample(4, 6.5, 12), canary.Kpis["orders"]);
        Assert.Equal(new MeasurementSample(3, 900), canary.Measurements["heap_mb"]);
        Assert.Empty(observation.Control.Measurements);
        Assert.Null(observation.Control.Users);
        Assert.Equal(new IngestionWatermark(Nine.AddSeconds(17), TimeSpan.FromSeconds(42.5)), await _source.WatermarkAsync(_watch, Cancellation));
    }

    [Fact]
    public async Task WatermarkAsync_IsOfTheServiceThatWasAskedFor_AndAsksForNothing()
    {
        Assert.Null(await _source.WatermarkAsync(_watch, Cancellation));
        _logs.Answer = FakeLogs.Observations(Row("watermark", "", 100, 42.5, start: Nine.AddSeconds(17), arm: ""));
        await ReadAsync();
        var asked = _logs.Queries.Count;
        _logs.Answer = FakeLogs.Observations();
        await ReadAsync();

        Assert.Equal(Nine.AddSeconds(17), (await _source.WatermarkAsync(_watch, Cancellation))!.Newest);
        Assert.Null(await _source.WatermarkAsync(_watch with { Service = "another" }, Cancellation));
        Assert.Equal(asked + 1, _logs.Queries.Count);
    }

    [Fact]
    public async Task ReadAsync_AMeasurementOfARegionWithoutRequests_GoesWhereRequestsAre()
    {
        _logs.Answer = FakeLogs.Observations(
            Row("requests", arm: "control", count: 1, region: "west"),
            Row("measurement", "heap_mb", 1, 5, arm: "", region: "global"),
            Row("measurement", "heap_mb", 1, 7, arm: "", region: "global", start: Nine.AddMinutes(1)),
            Row("measurement", "heap_mb", 1, 9, arm: "canary", region: "west"));
        Assert.Equal(new MeasurementSample(1, 5), Assert.Single(await ReadAsync()).Control!.Measurements["heap_mb"]);
    }

    [Theory]
    [InlineData("kind", "Kind is requestz")]
    [InlineData("arm", "Arm is blue; expected canary or control")]
    [InlineData("early", "Start is 2026-12-01T08:59:00.0000000+00:00; expected the start of one of the intervals asked for")]
    [InlineData("end", "expected the start of one of the intervals asked for")]
    [InlineData("between", "expected the start of one of the intervals asked for")]
    [InlineData("no start", "Start is null; expected a time")]
    [InlineData("negative", "Count is -1; expected a count from 0 to 1000000000000")]
    [InlineData("no count", "Count is null; expected a count from 0 to 1000000000000")]
    [InlineData("bucket", "row 1 (bucket '376'): Name is 376; expected a bucket from 0 to 375")]
    [InlineData("nan", "row 1 (kpi 'orders'): Sum is NaN; expected a finite number")]
    [InlineData("no sum", "row 1 (kpi 'orders'): Sum is null; expected a finite number")]
    [InlineData("squares", "row 1 (kpi 'orders'): Squares is -1; expected 0 or more")]
    [InlineData("errors", "1 requests with 2 errors")]
    [InlineData("latencies", "0 requests with 0 errors, 5 latencies")]
    public async Task ReadAsync_ARowThatCannotBe_IsNoAnswer(string what, string words)
    {
        _logs.Answer = FakeLogs.Observations(what switch
        {
            "kind" => [Row("requestz", count: 1)],
            "arm" => [Row("requests", count: 1, arm: "blue")],
            "early" => [Row("requests", count: 1, start: Nine.AddMinutes(-1))],
            "end" => [Row("requests", count: 1, start: Nine.AddMinutes(5))],
            "between" => [Row("requests", count: 1, start: Nine.AddSeconds(30))],
            "no start" => [["requests", null, "", "canary", "", 1L, null, null]],
            "negative" => [Row("requests", count: -1)],
            "no count" => [["requests", Nine, "", "canary", "", null, null, null]],
            "bucket" => [Row("bucket", "376", 1)],
            "nan" => [Row("kpi", "orders", 1, double.NaN, 1)],
            "no sum" => [Row("kpi", "orders", 1)],
            "squares" => [Row("kpi", "orders", 1, 1, -1)],
            "errors" => [Row("requests", count: 1), Row("errors", count: 2)],
            _ => [Row("bucket", "3", 5)],
        });
        var error = await Assert.ThrowsAsync<PortUnavailableException>(ReadAsync);
        Assert.Equal("log analytics", error.System);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_AColumnThatIsMissingOrOfAnotherType_IsNoAnswer()
    {
        _logs.Answer = new LogTable([.. ObservationTable.Columns.Where(column => column.Name != "Arm")], []);
        Assert.Contains("the column Arm is missing; there are Kind, Start, Region, Name", (await Assert.ThrowsAsync<PortUnavailableException>(ReadAsync)).Message, StringComparison.Ordinal);
        _logs.Answer = new LogTable([.. ObservationTable.Columns.Select(column => column.Name == "Sum" ? new LogColumn("Sum", "long") : column)], []);
        Assert.Contains("the column Sum is long; expected real", (await Assert.ThrowsAsync<PortUnavailableException>(ReadAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_ColumnsInAnotherOrder_AreFoundByName()
    {
        IReadOnlyList<object?> row = Row("requests", count: 7);
        _logs.Answer = new LogTable([.. ObservationTable.Columns.Reverse()], [[.. row.Reverse()]]);
        Assert.Equal(7, Assert.Single(await ReadAsync()).Canary!.Requests);
    }

    [Fact]
    public async Task ReadAsync_APlanOfAnotherSource_AsksNothing()
    {
        _watch = LedgerSamples.Watch(60);
        Assert.Contains("names no workspace", (await Assert.ThrowsAsync<PortUnavailableException>(ReadAsync)).Message, StringComparison.Ordinal);
        Assert.Empty(_logs.Queries);
    }

    [Fact]
    public async Task ReadAsync_AQueryThatTheWorkspaceCannotRun_NamesTheQueriesOfTheRelease()
    {
        _watch = _watch with { Queries = new Dictionary<string, string> { ["orders"] = "Nothing" } };
        _logs.Error = new LogsQueryException("Failed to resolve table named 'Nothing'", new InvalidOperationException());
        var error = await Assert.ThrowsAsync<PortUnavailableException>(ReadAsync);
        Assert.Equal("log analytics: the workspace cannot run the query (the release has queries of its own: orders): Failed to resolve table named 'Nothing'", error.Message);
    }

    [Fact]
    public async Task ReadAsync_WithAQueryOfItsOwn_LooksAtItsColumnsOnce()
    {
        _watch = _watch with { Queries = new Dictionary<string, string> { ["orders"] = "T" } };
        _logs.Schemas = FakeLogs.Schema("orders", ("TimeGenerated", "datetime"), ("Arm", "string"), ("Value", "real"));
        await ReadAsync();
        await ReadAsync();
        Assert.Equal([true, false, false], _logs.Queries.Select(query => query.Contains("getschema", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("orders", "TimeGenerated datetime, Arm string", "expected Value of type int or long or real or decimal")]
    [InlineData("orders", "TimeGenerated datetime, Arm string, Value string", "gives TimeGenerated datetime, Arm string, Value string; expected Value")]
    [InlineData("orders", "TimeGenerated datetime, Value real", "expected Arm of type string or bool")]
    [InlineData("orders", "", "gives no columns; expected TimeGenerated of type datetime")]
    [InlineData("requests", "TimeGenerated datetime, Arm string, DurationMs real", "telemetry.queries.requests gives TimeGenerated datetime, Arm string, DurationMs real; expected Success of type bool")]
    [InlineData("requests", "TimeGenerated datetime, Arm string, Success bool, DurationMs real", null)]
    [InlineData("heap_mb", "TimeGenerated datetime, Value long", null)]
    public async Task ReadAsync_WithAQueryOfItsOwn_SaysWhichColumnIsMissing(string name, string columns, string? words)
    {
        _watch = _watch with { Queries = new Dictionary<string, string> { [name] = "T" } };
        _logs.Schemas = FakeLogs.Schema(name, [.. columns.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(column => (column.Split(' ')[0], column.Split(' ')[1]))]);
        if (words is null) Assert.Empty(await ReadAsync());
        else Assert.Contains(words, (await Assert.ThrowsAsync<PortUnavailableException>(ReadAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_ByMany_AsksFiveAtATime()
    {
        var gate = new TaskCompletionSource();
        _logs.Gate = gate.Task;
        var reads = Enumerable.Range(0, 12).Select(_ => ReadAsync()).ToList();
        Assert.Equal(5, _logs.Queries.Count);
        gate.SetResult();
        await Task.WhenAll(reads);
        Assert.Equal(12, _logs.Queries.Count);
    }

    [Fact]
    public async Task ReadAsync_BeyondTheServicesLimit_IsKeptBack()
    {
        for (var i = 0; i < 200; i++) await ReadAsync();
        Assert.Equal(_time.GetUtcNow().AddSeconds(30), (await Assert.ThrowsAsync<PortUnavailableException>(ReadAsync)).RetryAt);
        _time.Advance(TimeSpan.FromSeconds(30));
        await ReadAsync();
        Assert.Equal(201, _logs.Queries.Count);
    }

    [Theory]
    [InlineData(0, 0, false, CohortSight.NoRows)]
    [InlineData(5, 0, false, CohortSight.NoUsers)]
    [InlineData(5, 0, true, CohortSight.Exposed)]
    [InlineData(5, 3, true, CohortSight.Exposed)]
    public async Task ReadCohortAsync_WithoutCells_SaysWhy(long seen, long known, bool exposed, CohortSight sight)
    {
        _logs.Answer = FakeLogs.Observations(
        [
            Row("seen", count: seen, arm: ""),
            Row("known", count: known, arm: ""),
            .. exposed ? [Row("exposed", count: 1, arm: "")] : Array.Empty<IReadOnlyList<object?>>(),
        ]);
        Assert.Equal(sight, (await _source.ReadCohortAsync(_watch, new CohortQuery("search-v2", new Percentage(5)), Nine, Nine.AddMinutes(5), Cancellation)).Sight);
    }

    private static IReadOnlyList<object?> Row(
        string kind, string name = "", long count = 0, double? sum = null, double? squares = null, DateTimeOffset? start = null, string arm = "canary", string region = "") =>
        [kind, start ?? Nine, region, arm, name, count, sum, squares];

    private Task<IReadOnlyList<Observation>> ReadAsync() => _source.ReadAsync(_watch, Nine, Nine.AddMinutes(5), Cancellation);
}
