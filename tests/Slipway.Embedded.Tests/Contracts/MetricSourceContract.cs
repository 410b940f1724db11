using Slipway.Core.Analysis;
using Slipway.Embedded.Telemetry;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Tests.Contracts;

/// <summary>What every metric source must do with the rows that senders reported.</summary>
public abstract partial class MetricSourceContract
{
    private static readonly DateTimeOffset Nine = new(2026, 12, 1, 9, 0, 0, TimeSpan.Zero);

    private int _rows;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract IMetricSource Source { get; }

    /// <summary>Brings rows in as a sender does.</summary>
    protected abstract Task ReportAsync(params IReadOnlyList<TelemetryRow> rows);

    [Fact]
    public async Task ReadAsync_WithoutRows_IsEmpty() => Assert.Empty(await ReadAsync(60, 0, 600));

    [Fact]
    public async Task ReadAsync_AddsRowsUpByIntervalRegionAndArm()
    {
        await ReportAsync(
            Row(0) with { Requests = 10, Errors = 1, Latency = LatencyHistogram.Of(10, 20), ErrorTypes = ["B"] },
            Row(59) with { Requests = 5, Errors = 2, Latency = LatencyHistogram.Of(10), ErrorTypes = ["A", "B"], DependencyFailures = Of("db", 2L) },
            Row(59) with { Arm = TelemetryArm.Control, Requests = 90, Kpis = Of("orders", new KpiSample(2, 3, 5)) },
            Row(30) with { Arm = TelemetryArm.Control, Requests = 1, Kpis = Of("orders", new KpiSample(1, 1, 1)) },
            Row(60) with { Requests = 7, Region = "north" },
            Row(61) with { Requests = 8, Region = "east" });

        var observations = await ReadAsync(60, 0, 600);

        Assert.Equal(
            [(Nine, "global"), (Nine.AddSeconds(60), "east"), (Nine.AddSeconds(60), "north")],
            observations.Select(observation => (observation.Start, observation.Region)));
        var first = observations[0];
        Assert.Equal(TimeSpan.FromSeconds(60), first.Length);
        Assert.Equal((15, 3), (first.Canary!.Requests, first.Canary.Errors));
        Assert.Equal(LatencyHistogram.Of(10, 10, 20), first.Canary.Latency);
        Assert.Equal(["A", "B"], first.Canary.ErrorTypes);
        Assert.Equal(2, first.Canary.DependencyFailures["db"]);
        Assert.Equal(91, first.Control!.Requests);
        Assert.Equal(new KpiSample(3, 4, 6), first.Control.Kpis["orders"]);
        Assert.Null(observations[1].Control);
    }

    [Fact]
    public async Task ReadAsync_StartIsIncludedAndEndIsNot()
    {
        await ReportAsync(Row(59), Row(60), Row(119), Row(120));
        Assert.Equal(2, Assert.Single(await ReadAsync(60, 60, 120)).Canary!.Requests);
    }

    [Fact]
    public async Task ReadAsync_ARowWithoutRequests_IsNotTheSameAsNoRow()
    {
        await ReportAsync(Row(0) with { Requests = 0 });
        var observation = Assert.Single(await ReadAsync(60, 0, 60));
        Assert.Equal(0, observation.Canary!.Requests);
        Assert.Null(observation.Control);
    }

    [Fact]
    public async Task ReadAsync_AnotherService_DoesNotCount()
    {
        await ReportAsync(Row(0) with { Service = "shop" });
        Assert.Empty(await ReadAsync(60, 0, 60));
    }

    [Fact]
    public async Task ReadAsync_UsersOfSeveralSecondsAndSenders_CountOnceAnInterval()
    {
        await ReportAsync(
            Row(0) with { Users = [UserHash.Of("ann"), UserHash.Of("bob")] },
            Row(1) with { Users = [UserHash.Of("bob"), UserHash.Of("cy")] },
            Row(1) with { Users = [UserHash.Of("cy")] },
            Row(60) with { Users = [UserHash.Of("ann")] },
            Row(120),
            Row(180) with { UserCount = 4 },
            Row(181) with { UserCount = 5 });

        Assert.Equal([3L, 1L, null, 9L], (await ReadAsync(60, 0, 240)).Select(observation => observation.Canary!.Users));
        Assert.Equal(3, (await ReadAsync(120, 0, 120))[0].Canary!.Users);
    }

    [Fact]
    public async Task ReadAsync_AnotherInterval_CutsTheSameRowsOtherwise()
    {
        await ReportAsync([.. Enumerable.Range(0, 10).Select(second => Row(second))]);
        Assert.Equal(10, (await ReadAsync(1, 0, 10)).Count);
        Assert.Equal([5L, 5L], (await ReadAsync(5, 0, 10)).Select(observation => observation.Canary!.Requests));
    }

    [Fact]
    public async Task ReadAsync_ALateRow_JustAdds()
    {
        await ReportAsync(Row(5));
        Assert.Equal(1, (await ReadAsync(60, 0, 60))[0].Canary!.Requests);
        await ReportAsync(Row(4));
        Assert.Equal(2, (await ReadAsync(60, 0, 60))[0].Canary!.Requests);
    }

    [Fact]
    public async Task ReadAsync_RowsThatWereSentTwice_CountOnce()
    {
        var rows = new[] { Row(0), Row(1) };
        await ReportAsync(rows);
        await ReportAsync([.. rows, Row(2)]);
        Assert.Equal(3, (await ReadAsync(60, 0, 60))[0].Canary!.Requests);
    }

    [Fact]
    public async Task ReadAsync_FailedUsersOfSeveralSecondsAndSenders_CountOnceAnInterval()
    {
        await ReportAsync(
            Row(0) with { Requests = 9, Errors = 5, FailedUsers = [UserHash.Of("ann"), UserHash.Of("bob")], FailuresOfNobody = 1 },
            Row(1) with { Requests = 9, Errors = 2, FailedUsers = [UserHash.Of("bob")] },
            Row(1) with { Requests = 9, Errors = 3 },
            Row(60) with { Requests = 9, Errors = 3 },
            Row(120) with { Requests = 9, Errors = 3, FailedUsers = [], FailuresOfNobody = 3 });

        Assert.Equal([6L, null, 3L], (await ReadAsync(60, 0, 240)).Select(observation => observation.Canary!.FailedUsers));
    }

    protected TelemetryRow Row(int second) => new()
    {
        Id = $"row-{_rows++}",
        Service = "search",
        Arm = TelemetryArm.Canary,
        Start = Nine.AddSeconds(second),
        Requests = 1,
    };

    protected Task<IReadOnlyList<Observation>> ReadAsync(int interval, int from, int to) =>
        Source.ReadAsync(LedgerSamples.Watch(interval), Nine.AddSeconds(from), Nine.AddSeconds(to), Cancellation);

    private static Dictionary<string, T> Of<T>(string name, T value) => new() { [name] = value };
}
