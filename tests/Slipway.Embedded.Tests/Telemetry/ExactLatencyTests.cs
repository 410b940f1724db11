using System.Text;
using Slipway.Core.Analysis;
using Slipway.Core.Planning;
using Slipway.Core.Requests;
using Slipway.Embedded.Telemetry;
using Slipway.Embedded.Tests.Contracts;

namespace Slipway.Embedded.Tests.Telemetry;

/// <summary>Requests above a plan's thresholds are counted exactly, as far as the sender tells; measurements add up, and what is not sent is not seen.</summary>
public sealed class ExactLatencyTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Nine = new(2026, 12, 1, 9, 0, 0, TimeSpan.Zero);

    private readonly TestDatabase _database = TestDatabase.OnDisk();
    private readonly SqliteTelemetryStore _store;

    public ExactLatencyTests() => _store = new SqliteTelemetryStore(_database.Database);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Theory]
    [InlineData("\"latency_ms\":[499,500,501]", 1)]
    [InlineData("\"latency_ms\":[500,500,500.05]", 1)]
    [InlineData("\"latency_ms\":[500.0,500]", 0)]
    [InlineData("\"latency_buckets\":{\"128\":2,\"129\":1},\"slower_than\":{\"500\":2}", 2)]
    [InlineData("\"latency_buckets\":{\"128\":2,\"129\":1},\"slower_than\":{\"500.0\":2}", 2)]
    [InlineData("\"latency_buckets\":{\"128\":2,\"129\":1}", 1)]
    public async Task ReadAsync_CountsWhatIsSlowerThanALimit(string latencies, long slower)
    {
        await PostAsync($$"""{"arm":"canary","start":"2026-12-01T09:00:01Z","requests":3,{{latencies}}}""");
        var canary = Assert.Single(await ReadAsync(200, 500)).Canary!;
        Assert.Equal(new SlowCount(500, slower), canary.Slower[1]);
        Assert.Equal(slower, canary.SlowerThan(500));
        Assert.True(canary.CountsAbove(500) && !canary.CountsAbove(499));
    }

    [Fact]
    public async Task ReadAsync_AddsSendersUp_EachAsExactlyAsItTells()
    {
        await PostAsync("""{"arm":"canary","start":"2026-12-01T09:00:01Z","requests":2,"latency_ms":[501,499],"measurements":{"heap":100,"refreshes":3}}""");
        await PostAsync("""{"arm":"canary","start":"2026-12-01T09:00:02Z","requests":2,"latency_buckets":{"128":2},"measurements":{"heap":300,"refreshes":4}}""");
        var canary = Assert.Single(await ReadAsync(500)).Canary!;

        // The bucket that 500 ms falls in ends at 515.6 ms: its requests may be slower, and are not counted.
        Assert.Equal(1, canary.SlowerThan(500));
        Assert.Equal((200, 7), (canary.Measurements["heap"].Mean, canary.Measurements["refreshes"].Sum));
        Assert.DoesNotContain("cpu", canary.Measurements.Keys);
        Assert.Empty(Assert.Single(await ReadAsync()).Canary!.Slower);
    }

    private async Task PostAsync(string row)
    {
        var batch = TelemetryBatchReader.Read(Encoding.UTF8.GetBytes($$"""{"batch_id":"{{row.GetHashCode(StringComparison.Ordinal)}}","service":"search","rows":[{{row}}]}"""), Nine.AddMinutes(1));
        Assert.Empty(batch.Problems);
        await _store.IngestAsync(batch.Rows, Cancellation);
    }

    private Task<IReadOnlyList<Observation>> ReadAsync(params IReadOnlyList<double> edges) => _store.ReadAsync(
        new WatchPlan
        {
            Source = TelemetrySource.Embedded,
            Service = "search",
            Edges = edges,
            Interval = TimeSpan.FromMinutes(1),
            IngestionDelay = TimeSpan.Zero,
            Propagation = TimeSpan.Zero,
            BlindHold = TimeSpan.FromMinutes(10),
            BlindThen = BlindAction.Rollback,
        },
        Nine, Nine.AddMinutes(1), Cancellation);
}
