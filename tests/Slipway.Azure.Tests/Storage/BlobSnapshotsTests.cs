using Slipway.Azure.Snapshots;
using Slipway.Azure.Storage;
using Slipway.Core.Releases;
using Slipway.Embedded.Tests.Contracts;
using Slipway.Workflow.Ports;

namespace Slipway.Azure.Tests.Storage;

/// <summary>What the blobs of snapshots are after a crash between two writes, and what a list costs.</summary>
public sealed class BlobSnapshotsTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Nine = new(2026, 12, 1, 9, 0, 0, TimeSpan.Zero);

    private readonly BlobWorld _world = BlobWorld.OnServer();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FakeBlobService Service => _world.Service!;

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData("PUT /state/reports/a.json")]
    [InlineData("PUT /state/releases/")]
    public async Task A_release_whose_start_moves_stands_in_the_list_once_whenever_the_process_dies(string last)
    {
        await Put(Made(), "a", 1, 5);
        await Put(Made(), "b", 1, 7);
        await DieAfterAsync(last, () => Put(Made(), "a", 2, 9));

        Assert.Equal(["a", "b"], (await NamesAsync(Made())).Order());
        Assert.Single(await NamesAsync(Made(), 1, 5));

        // The next entry, of whatever process, takes the rest away.
        await Put(Made(), "a", 3, 9);
        Assert.Equal(["a", "b"], await NamesAsync(Made()));
        Assert.Single(Service.Names, name => name.EndsWith("/a.json", StringComparison.Ordinal) && name.Contains("/releases/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_at_the_former_place_again_is_not_listed_and_takes_no_place_of_a_page()
    {
        var snapshots = Made();
        foreach (var (id, minute) in (IEnumerable<(string, int)>)[("a", 9), ("b", 7), ("c", 6)]) await Put(snapshots, id, 2, minute);

        // Somebody who was slow, with an older entry: its report lost, and another process had taken the place away already.
        await _world.Container.UploadBlobAsync($"releases/{BlobNames.Descending(Nine.AddMinutes(8))}/a.json", BinaryData.FromString("{}"), Stop);
        Assert.Equal(["a", "b", "c"], await NamesAsync(Made()));
        Assert.Equal(["b", "c"], await NamesAsync(Made(), 1, 2));
    }

    [Fact]
    public async Task A_start_that_has_moved_costs_no_request_any_more()
    {
        var snapshots = Made();
        await Put(snapshots, "a", 1, 5);
        await Put(snapshots, "a", 2, 9);
        Service.Forget();
        await Put(snapshots, "a", 3, 9);
        Assert.Equal(2, Service.Requests.Count);
    }

    [Fact]
    public async Task A_list_is_one_request_however_many_releases_there_are()
    {
        for (var number = 0; number < 40; number++) await Put(Made(), $"r{number}", 1, number);
        Service.Forget();
        var summaries = await Made().ListAsync(0, int.MaxValue, Stop);
        Assert.Equal(40, summaries.Count);
        Assert.Equal((ReleasePhase.Baking, 2, "bake until 09:30 – Grüße", 12.5m), (summaries[0].Phase, summaries[0].Unanswered, summaries[0].Why, summaries[0].Percentage));
        Assert.Equal("GET /state?comp=list", Assert.Single(Service.Requests));
    }

    [Fact]
    public async Task A_summary_that_is_too_long_for_a_mark_or_has_none_that_can_be_read_is_read_once()
    {
        await Put(Made(), "long", 1, 9, new string('ä', 4000));
        await Put(Made(), "short", 1, 7);
        var shortOne = Service.Names.Single(name => name.Contains("/releases/", StringComparison.Ordinal) && name.EndsWith("/short.json", StringComparison.Ordinal))["state/".Length..];
        await _world.Container.GetBlobClient(shortOne).SetMetadataAsync(new Dictionary<string, string> { ["sequence"] = "1", ["listed"] = shortOne, ["summary"] = "bm90aGluZw" }, cancellationToken: Stop);

        var snapshots = Made();
        Service.Forget();
        Assert.Equal((4000, "short"), await snapshots.ListAsync(0, 10, Stop) is [var first, var second] ? (first.Why.Length, second.Id.Value) : default);
        Assert.Equal(3, Service.Requests.Count);
        await snapshots.ListAsync(0, 10, Stop);
        Assert.Equal(4, Service.Requests.Count);
    }

    /// <summary>The process gets no further than a request that took effect.</summary>
    private async Task DieAfterAsync(string last, Func<Task> work)
    {
        var dead = false;
        Service.LosesAnswer = said => dead |= said.StartsWith(last, StringComparison.Ordinal);
        Service.Forget();
        await Assert.ThrowsAsync<PortUnavailableException>(work);
        Service.LosesAnswer = _ => false;
        Assert.DoesNotContain(Service.Requests, said => said.StartsWith("DELETE", StringComparison.Ordinal));
    }

    private BlobReleaseSnapshots Made() => new(_world.Container, TestClock.AtNine());

    private static async Task<IEnumerable<string>> NamesAsync(BlobReleaseSnapshots snapshots, int skip = 0, int take = 10) =>
        (await snapshots.ListAsync(skip, take, Stop)).Select(summary => summary.Id.Value);

    private static Task Put(BlobReleaseSnapshots snapshots, string id, long sequence, int startMinute, string why = "bake until 09:30 – Grüße")
    {
        var release = ReleaseId.Parse(id);
        var started = Nine.AddMinutes(startMinute);
        var summary = new ReleaseSummary
        {
            Id = release,
            Title = "Search",
            Version = "2.4.0",
            Phase = ReleasePhase.Baking,
            Percentage = 12.5m,
            Stage = 1,
            Stages = 4,
            Why = why,
            StartedAt = started,
            UpdatedAt = started,
            Unanswered = 2,
        };
        return snapshots.PutAsync(new ReleaseSnapshot(release, sequence, summary, "{}"), Stop);
    }
}
