using Slipway.Core.Releases;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Tests.Contracts;

/// <summary>What all stores of snapshots must do.</summary>
public abstract class SnapshotsContract
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract IReleaseSnapshots Snapshots { get; }

    [Fact]
    public async Task GetAsync_UnknownRelease_IsNull() => Assert.Null(await Snapshots.GetAsync(ReleaseId.Parse("one"), Cancellation));

    [Fact]
    public async Task PutAsync_IsReadBackWhole()
    {
        var snapshot = Snapshot("one", 3, 0);
        await Snapshots.PutAsync(snapshot, Cancellation);
        Assert.Equivalent(snapshot, await Snapshots.GetAsync(snapshot.Release, Cancellation), strict: true);
    }

    [Fact]
    public async Task PutAsync_AnOlderOne_LosesAndANewerOrEqualOneWins()
    {
        await Snapshots.PutAsync(Snapshot("one", 3, 0, "third"), Cancellation);
        await Snapshots.PutAsync(Snapshot("one", 2, 0, "second"), Cancellation);
        Assert.Equal("third", (await Snapshots.GetAsync(ReleaseId.Parse("one"), Cancellation))!.ReportJson);
        await Snapshots.PutAsync(Snapshot("one", 3, 0, "third again"), Cancellation);
        await Snapshots.PutAsync(Snapshot("one", 4, 0, "fourth"), Cancellation);
        Assert.Equal("fourth", (await Snapshots.GetAsync(ReleaseId.Parse("one"), Cancellation))!.ReportJson);
    }

    [Fact]
    public async Task ListAsync_IsNewestStartFirstAndPaged()
    {
        await Snapshots.PutAsync(Snapshot("b", 1, 5), Cancellation);
        await Snapshots.PutAsync(Snapshot("a", 1, 5), Cancellation);
        await Snapshots.PutAsync(Snapshot("c", 1, 9), Cancellation);
        await Snapshots.PutAsync(Snapshot("d", 1, 1), Cancellation);

        Assert.Equal(["c", "a", "b", "d"], await NamesAsync(0, 10));
        Assert.Equal(["a", "b"], await NamesAsync(1, 2));
        Assert.Empty(await NamesAsync(4, 2));
    }

    [Fact]
    public async Task PutAsync_AStartThatMoves_MovesTheOneEntryOfTheList()
    {
        await Snapshots.PutAsync(Snapshot("a", 1, 5), Cancellation);
        await Snapshots.PutAsync(Snapshot("b", 1, 7), Cancellation);
        await Snapshots.PutAsync(Snapshot("a", 2, 9), Cancellation);

        Assert.Equal(["a", "b"], await NamesAsync(0, 10));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Snapshots.ListAsync(-1, 1, Cancellation));
        Assert.Empty(await NamesAsync(0, 0));
    }

    [Fact]
    public async Task PutAsync_ByManyAtOnce_LeavesTheNewest()
    {
        await Task.WhenAll(Enumerable.Range(1, 20).Select(number => Snapshots.PutAsync(Snapshot("a", number, 0, $"report {number}"), Cancellation)));

        Assert.Equal((20, "report 20"), (await Snapshots.GetAsync(ReleaseId.Parse("a"), Cancellation)) is { } newest ? (newest.Sequence, newest.ReportJson) : default);
        Assert.Equal(["a"], await NamesAsync(0, 10));
    }

    private async Task<IEnumerable<string>> NamesAsync(int skip, int take) =>
        (await Snapshots.ListAsync(skip, take, Cancellation)).Select(summary => summary.Id.Value);

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
