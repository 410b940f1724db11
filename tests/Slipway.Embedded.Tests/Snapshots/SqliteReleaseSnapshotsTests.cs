using Slipway.Core.Releases;
using Slipway.Embedded.Snapshots;
using Slipway.Embedded.Tests.Contracts;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Tests.Snapshots;

public sealed class SqliteReleaseSnapshotsTests : IAsyncDisposable
{
    private readonly TestDatabase _database = TestDatabase.InMemory();
    private readonly SqliteReleaseSnapshots _snapshots;

    public SqliteReleaseSnapshotsTests() => _snapshots = new SqliteReleaseSnapshots(_database.Database);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task GetAsync_UnknownRelease_IsNull() => Assert.Null(await _snapshots.GetAsync(ReleaseId.Parse("one"), Cancellation));

    [Fact]
    public async Task PutAsync_IsReadBackWhole()
    {
        var snapshot = Snapshot("one", 3, 0);
        await _snapshots.PutAsync(snapshot, Cancellation);
        Assert.Equivalent(snapshot, await _snapshots.GetAsync(snapshot.Release, Cancellation), strict: true);
    }

    [Fact]
    public async Task PutAsync_AnOlderOne_LosesAndANewerOrEqualOneWins()
    {
        await _snapshots.PutAsync(Snapshot("one", 3, 0, "third"), Cancellation);
        await _snapshots.PutAsync(Snapshot("one", 2, 0, "second"), Cancellation);
        Assert.Equal("third", (await _snapshots.GetAsync(ReleaseId.Parse("one"), Cancellation))!.ReportJson);
        await _snapshots.PutAsync(Snapshot("one", 3, 0, "third again"), Cancellation);
        await _snapshots.PutAsync(Snapshot("one", 4, 0, "fourth"), Cancellation);
        Assert.Equal("fourth", (await _snapshots.GetAsync(ReleaseId.Parse("one"), Cancellation))!.ReportJson);
    }

    [Fact]
    public async Task ListAsync_IsNewestStartFirstAndPaged()
    {
        await _snapshots.PutAsync(Snapshot("b", 1, 5), Cancellation);
        await _snapshots.PutAsync(Snapshot("a", 1, 5), Cancellation);
        await _snapshots.PutAsync(Snapshot("c", 1, 9), Cancellation);
        await _snapshots.PutAsync(Snapshot("d", 1, 1), Cancellation);

        Assert.Equal(["c", "a", "b", "d"], await NamesAsync(0, 10));
        Assert.Equal(["a", "b"], await NamesAsync(1, 2));
        Assert.Empty(await NamesAsync(4, 2));
    }

    private async Task<IEnumerable<string>> NamesAsync(int skip, int take) =>
        (await _snapshots.ListAsync(skip, take, Cancellation)).Select(summary => summary.Id.Value);

    private static ReleaseSnapshot Snapshot(string id, long sequence, int startMinute, string report = "{}")
    {
        var release = ReleaseId.Parse(id);
        var started = new DateTimeOffset(2026, 12, 1, 9, startMinute, 0, TimeSpan.Zero);
        return new ReleaseSnapshot(
            release,
            sequence,
            new ReleaseSummary
            {
                Id = release,
                Title = "Search",
                Version = "2.4.0",
                Phase = ReleasePhase.Baking,
                Percentage = 12.5m,
                Stage = 1,
                Stages = 4,
                Why = "bake until 09:30",
                NextAt = started.AddMinutes(30),
                StartedAt = started,
                UpdatedAt = started,
                CanaryErrorRate = 0.5,
            },
            report);
    }
}
