using Slipway.Core.Releases;
using Slipway.Embedded.Snapshots;
using Slipway.Embedded.Storage;
using Slipway.Embedded.Tests.Contracts;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Tests.Snapshots;

/// <summary>Snapshots in the database do what all stores of snapshots must do.</summary>
public sealed class SqliteReleaseSnapshotsTests : SnapshotsContract, IAsyncDisposable
{
    private readonly TestDatabase _database = TestDatabase.InMemory();

    public SqliteReleaseSnapshotsTests() => Snapshots = new SqliteReleaseSnapshots(_database.Database);

    protected override IReleaseSnapshots Snapshots { get; }

    [Fact]
    public async Task Snapshots_of_a_version_that_knew_no_index_are_found()
    {
        await PutAsync("a", 1);
        await PutAsync("b", 1);
        // As such a version leaves it: one that is not in the index, and one that went on past it.
        await _database.Database.WriteAsync(connection => connection.Execute("DELETE FROM snapshot_index WHERE release = 'a'"));
        await _database.Database.WriteAsync(connection => connection.Execute("UPDATE snapshot_index SET sequence = 0, words = 'OLD' WHERE release = 'b'"));

        var found = await new SqliteReleaseSnapshots(_database.Database).FindAsync(new ReleaseQuery(ReleaseStanding.Running, "search"), 0, 10, TestContext.Current.CancellationToken);

        Assert.Equal(["a", "b"], found.Releases.Select(summary => summary.Id.Value));
    }

    private Task PutAsync(string id, long sequence)
    {
        var (release, at) = (ReleaseId.Parse(id), new DateTimeOffset(2026, 12, 1, 9, 0, 0, TimeSpan.Zero));
        return Snapshots.PutAsync(
            new ReleaseSnapshot(release, sequence, new ReleaseSummary { Id = release, Title = "Search", Version = "1", Phase = ReleasePhase.Baking, Percentage = 5, Stage = 1, Stages = 2, Why = "", StartedAt = at, UpdatedAt = at }, "{}"),
            TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
