using Slipway.Embedded.Snapshots;
using Slipway.Embedded.Tests.Contracts;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Tests.Snapshots;

/// <summary>Snapshots in the database do what all stores of snapshots must do.</summary>
public sealed class SqliteReleaseSnapshotsTests : SnapshotsContract, IAsyncDisposable
{
    private readonly TestDatabase _database = TestDatabase.InMemory();

    public SqliteReleaseSnapshotsTests() => Snapshots = new SqliteReleaseSnapshots(_database.Database);

    protected override IReleaseSnapshots Snapshots { get; }

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
