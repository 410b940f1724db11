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

    [Theory]
    [InlineData(ReleaseStanding.All, "", "f e d c b a")]
    [InlineData(ReleaseStanding.Running, "", "e d c a")]
    [InlineData(ReleaseStanding.Waiting, "", "d c")]
    [InlineData(ReleaseStanding.Ended, "", "f b")]
    [InlineData(ReleaseStanding.All, "CHECKÖUT", "e b")]
    [InlineData(ReleaseStanding.Ended, "checköut", "b")]
    [InlineData(ReleaseStanding.All, "2.4", "f d c a")]
    [InlineData(ReleaseStanding.All, "E", "e d b a")]
    [InlineData(ReleaseStanding.All, "100%_", "")]
    public async Task FindAsync_ShowsWhatTheQueryShows_AndCountsWhatItsTextFits(ReleaseStanding standing, string text, string expected)
    {
        var all = new (string Id, ReleasePhase Phase, string Title, string Version)[]
        {
            ("a", ReleasePhase.Baking, "Search", "2.4.0"), ("b", ReleasePhase.Completed, "Checköut", "1.0"), ("c", ReleasePhase.Paused, "Mail", "2.4.1"),
            ("d", ReleasePhase.Approving, "Image", "2.4.2"), ("e", ReleasePhase.Shifting, "checköut", "1.1"), ("f", ReleasePhase.RolledBack, "Mail", "2.4.3"),
        };
        var minute = 0;
        foreach (var (id, phase, title, version) in all)
        {
            var snapshot = Snapshot(id, 1, minute++);
            await Snapshots.PutAsync(snapshot with { Summary = snapshot.Summary with { Phase = phase, Title = title, Version = version } }, Cancellation);
        }

        var found = await Snapshots.FindAsync(new ReleaseQuery(standing, text), 0, 10, Cancellation);

        Assert.Equal(expected, string.Join(' ', found.Releases.Select(summary => summary.Id)));
        var fitting = all.Where(one => new ReleaseQuery(ReleaseStanding.All, text).Shows(Snapshot(one.Id, 1, 0).Summary with { Title = one.Title, Version = one.Version })).Select(one => one.Phase);
        Assert.Equal(ReleaseCounts.Of(fitting), found.Counts);
        Assert.Equal(found.Releases.Skip(1).Take(2), (await Snapshots.FindAsync(new ReleaseQuery(standing, text), 1, 2, Cancellation)).Releases, (left, right) => left.Id == right.Id);
    }

    [Fact]
    public async Task FindAsync_AfterAChange_CountsAnew()
    {
        var snapshot = Snapshot("a", 1, 0);
        await Snapshots.PutAsync(snapshot, Cancellation);
        Assert.Equal(new ReleaseCounts(1, 0, 0), (await Snapshots.FindAsync(ReleaseQuery.Everything, 0, 10, Cancellation)).Counts);

        await Snapshots.PutAsync(snapshot with { Sequence = 3, Summary = snapshot.Summary with { Phase = ReleasePhase.Completed, Title = "Another" } }, Cancellation);
        await Snapshots.PutAsync(snapshot with { Sequence = 2, Summary = snapshot.Summary with { Phase = ReleasePhase.Paused } }, Cancellation);
        await Snapshots.PutAsync(Snapshot("b", 1, 1), Cancellation);

        Assert.Equal(new ReleaseCounts(1, 0, 1), (await Snapshots.FindAsync(ReleaseQuery.Everything, 0, 10, Cancellation)).Counts);
        Assert.Equal("a", Assert.Single((await Snapshots.FindAsync(new ReleaseQuery(ReleaseStanding.All, "another"), 0, 10, Cancellation)).Releases).Id.Value);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Snapshots.FindAsync(ReleaseQuery.Everything, -1, 1, Cancellation));
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
