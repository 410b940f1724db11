using Slipway.Core.Releases;
using Slipway.Embedded.Storage;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Locks;

/// <summary>Locks as records in the database: create-if-absent, without expiry.</summary>
public sealed class SqliteLocks : ILocks
{
    private const string Schema = """
        CREATE TABLE locks (resource TEXT PRIMARY KEY, release TEXT NOT NULL) WITHOUT ROWID;
        CREATE INDEX locks_by_release ON locks (release);
        """;

    private readonly SlipwayDatabase _database;

    /// <summary>Opens the locks.</summary>
    public SqliteLocks(SlipwayDatabase database)
    {
        _database = database;
        database.EnsureSchema("locks", 1, Schema);
    }

    /// <inheritdoc/>
    public async Task<ReleaseId> TakeAsync(string resource, ReleaseId release, CancellationToken cancellation) =>
        await SqlitePort.CallAsync("locks", () => _database.WriteAsync(
            connection =>
            {
                connection.Execute("INSERT OR IGNORE INTO locks (resource, release) VALUES ($1, $2)", resource, release.Value);
                return ReleaseId.Parse((string)connection.Scalar("SELECT release FROM locks WHERE resource = $1", resource)!);
            },
            cancellation));

    /// <inheritdoc/>
    public async Task ReleaseAllAsync(ReleaseId release, CancellationToken cancellation) =>
        await SqlitePort.CallAsync("locks", () => _database.WriteAsync(
            connection => connection.Execute("DELETE FROM locks WHERE release = $1", release.Value), cancellation));
}
