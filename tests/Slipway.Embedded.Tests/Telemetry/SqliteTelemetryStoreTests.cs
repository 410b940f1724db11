using Slipway.Core.Analysis;
using Slipway.Embedded.Telemetry;
using Slipway.Embedded.Tests.Contracts;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Tests.Telemetry;

public abstract class SqliteTelemetryStoreContract(TestDatabase database) : MetricSourceContract, IAsyncDisposable
{
    private readonly SqliteTelemetryStore _store = new(database.Database);

    protected override IMetricSource Source => _store;

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected override Task ReportAsync(params IReadOnlyList<TelemetryRow> rows) =>
        _store.IngestAsync(rows, TestContext.Current.CancellationToken);
}

public sealed class SqliteTelemetryStoreInMemory() : SqliteTelemetryStoreContract(TestDatabase.InMemory());

public sealed class SqliteTelemetryStoreOnDisk() : SqliteTelemetryStoreContract(TestDatabase.OnDisk());

public sealed class SqliteTelemetryStoreTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Nine = new(2026, 12, 1, 9, 0, 0, TimeSpan.Zero);

    private readonly TestDatabase _database = TestDatabase.OnDisk();
    private readonly SqliteTelemetryStore _store;

    public SqliteTelemetryStoreTests() => _store = new SqliteTelemetryStore(_database.Database);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task WatermarkAsync_IsTheEndOfTheNewestSecondOfTheServiceAlone()
    {
        var watch = LedgerSamples.Watch(60);
        Assert.Null(await _store.WatermarkAsync(watch, Cancellation));
        TelemetryRow Row(string id, string service, int second) => new() { Id = id, Service = service, Arm = TelemetryArm.Control, Region = "global", Start = Nine.AddSeconds(second), Requests = 1, Errors = 0 };

        await _store.IngestAsync([Row("a", watch.Service, 90), Row("b", watch.Service, 30), Row("c", "another", 500)], Cancellation);

        Assert.Equal(new IngestionWatermark(Nine.AddSeconds(91)), await _store.WatermarkAsync(watch, Cancellation));
    }

    [Fact]
    public async Task IngestAsync_SaysHowManyRowsWereNew()
    {
        Assert.Equal(2, await _store.IngestAsync([Row("a", 0), Row("b", 0)], Cancellation));
        Assert.Equal(1, await _store.IngestAsync([Row("b", 0), Row("c", 0)], Cancellation));
        Assert.Equal(0, await _store.IngestAsync([], Cancellation));
    }

    [Fact]
    public async Task IngestAsync_WithOneImpossibleRow_TakesNone()
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => _store.IngestAsync([Row("a", 0), Row("b", 0) with { Errors = 2 }], Cancellation));
        Assert.Empty(await _store.ReadAsync(LedgerSamples.Watch(60), Nine, Nine.AddHours(1), Cancellation));
    }

    [Fact]
    public async Task PruneAsync_ForgetsWhatBeganBeforeAndKeepsTheRest()
    {
        await _store.IngestAsync([Row("a", 0), Row("b", 59), Row("c", 60), Row("d", 0) with { Service = "shop" }], Cancellation);
        Assert.Equal(3, await _store.PruneAsync(Nine.AddSeconds(60), Cancellation));
        Assert.Equal(Nine.AddSeconds(60), Assert.Single(await _store.ReadAsync(LedgerSamples.Watch(60), Nine, Nine.AddHours(1), Cancellation)).Start);
    }

    [Fact]
    public async Task ReadAsync_AnIntervalOfBrokenSeconds_IsRefused()
    {
        var watch = LedgerSamples.Watch(1) with { Interval = TimeSpan.FromMilliseconds(1500) };
        var error = await Assert.ThrowsAsync<ArgumentException>(() => _store.ReadAsync(watch, Nine, Nine.AddHours(1), Cancellation));
        Assert.Contains("expected whole seconds", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_OfOneInterval_SearchesTheKeyOnly()
    {
        var plan = await _database.Database.ReadAsync(
            connection =>
            {
                using var command = connection.CreateCommand();
                command.CommandText = "EXPLAIN QUERY PLAN SELECT * FROM telemetry_rows WHERE service = 'search' AND second >= 1 AND second < 9";
                using var reader = command.ExecuteReader();
                var steps = new List<string>();
                while (reader.Read()) steps.Add(reader.GetString(3));
                return steps;
            },
            Cancellation);
        Assert.Contains("(service=? AND second>? AND second<?)", Assert.Single(plan), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SqliteTelemetryStore_OverADatabaseOfVersion1_KeepsItsRowsWithoutUsers()
    {
        await using var database = TestDatabase.InMemory();
        database.Database.EnsureSchema("telemetry", 1, """
            CREATE TABLE telemetry_rows (
                service TEXT NOT NULL, second INTEGER NOT NULL, id TEXT NOT NULL, arm INTEGER NOT NULL, region TEXT NOT NULL,
                requests INTEGER NOT NULL, errors INTEGER NOT NULL, latency TEXT, users BLOB, user_count INTEGER, details TEXT,
                PRIMARY KEY (service, second, id)) WITHOUT ROWID;
            INSERT INTO telemetry_rows (service, second, id, arm, region, requests, errors) VALUES ('search', 1796115600, 'old', 1, 'global', 7, 2);
            """);

        var store = new SqliteTelemetryStore(database.Database);
        await store.IngestAsync([Row("new", 0) with { Arm = TelemetryArm.Control, Errors = 1, FailedUsers = [UserHash.Of("ann")] }], Cancellation);

        var control = Assert.Single(await store.ReadAsync(LedgerSamples.Watch(60), Nine, Nine.AddMinutes(1), Cancellation)).Control!;
        Assert.Equal((8, 3, 3L), (control.Requests, control.Errors, control.FailedUsers));
    }

    [Fact]
    public async Task IngestAsync_ManyUsersInOneRow_StaysSmall()
    {
        var users = Enumerable.Range(0, TelemetryBatchReader.MaxItems).Select(number => $"u-{number}").ToList();
        await _store.IngestAsync(
            [
                Row("many", 0) with
                {
                    Requests = users.Count * 2,
                    FailedUsers = [],
                    Flag = "search-v2",
                    Positions =
                    [
                        .. users.GroupBy(user => PositionCounts.SliceOf(user, "search-v2")).Select(slice => new PositionCounts(
                            slice.Key, slice.Count() * 2, 0, LatencyHistogram.Of(slice.SelectMany(user => new double[] { 10, 40 })), [])),
                    ],
                },
            ],
            Cancellation);

        var bytes = await _database.Database.ReadAsync(
            connection =>
            {
                using var command = connection.CreateCommand();
                command.CommandText = "SELECT length(positions) FROM telemetry_rows";
                return (long)command.ExecuteScalar()!;
            },
            Cancellation);
        Assert.InRange(bytes, 1, 100_000);
    }

    [Fact]
    public async Task IngestAsync_PositionsThatCannotBe_AreRefused()
    {
        var row = Row("a", 0) with { Flag = "search-v2", FailedUsers = [], Positions = [new PositionCounts(PositionCounts.Slices, 1, 0, LatencyHistogram.Empty, [])] };
        await Assert.ThrowsAnyAsync<ArgumentException>(() => _store.IngestAsync([row], Cancellation));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => _store.IngestAsync([row with { Positions = null }], Cancellation));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => _store.IngestAsync([Row("a", 0) with { FailuresOfNobody = 1 }], Cancellation));
    }

    [Fact]
    public void UserHash_IsStableOverVersions() =>
        // printf ann | sha256sum: 49915e0d7d4b402e…, read as a little-endian number.
        Assert.Equal(0x2e404b7d0d5e9149UL, UserHash.Of("ann"));

    private static TelemetryRow Row(string id, int second) => new()
    {
        Id = id,
        Service = "search",
        Arm = TelemetryArm.Canary,
        Start = Nine.AddSeconds(second),
        Requests = 1,
        Latency = LatencyHistogram.Of(10),
    };
}
