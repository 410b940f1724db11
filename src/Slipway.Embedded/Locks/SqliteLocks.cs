using Slipway.Core.Releases;
using Slipway.Embedded.Storage;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Locks;

/// <summary>Locks as records in the database: create-if-absent, without expiry.</summary>
public sealed class SqliteLocks : ILocks
{
    // Locks of version 1 have no time; 0 says so.
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS locks (resource TEXT PRIMARY KEY, release TEXT NOT NULL) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS locks_by_release ON locks (release);
        ALTER TABLE locks ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
        """;

    private readonly SlipwayDatabase _database;
    private readonly TimeProvider _time;

    /// <summary>Opens the locks.</summary>
    public SqliteLocks(SlipwayDatabase database, TimeProvider time)
    {
        (_database, _time) = (database, time);
        database.EnsureSchema("locks", 2, Schema);
    }

    /// <inheritdoc/>
    public async Task<ReleaseId> TakeAsync(string resource, ReleaseId release, CancellationToken cancellation) =>
        await SqlitePort.CallAsync("locks", () => _database.WriteAsync(
            connection =>
            {
                connection.Execute(
                    "INSERT OR IGNORE INTO locks (resource, release, since) VALUES ($1, $2, $3)", resource, release.Value, _time.GetUtcNow().ToUnixTimeMilliseconds());
                return ReleaseId.Parse((string)connection.Scalar("SELECT release FROM locks WHERE resource = $1", resource)!);
            },
            cancellation));

    /// <inheritdoc/>
    public async Task ReleaseAllAsync(ReleaseId release, CancellationToken cancellation) =>
        await SqlitePort.CallAsync("locks", () => _database.WriteAsync(
            connection => connection.Execute("DELETE FROM locks WHERE release = $1", release.Value), cancellation));

    /// <inheritdoc/>
    public async Task<bool> ReleaseAsync(string resource, ReleaseId holder, CancellationToken cancellation) =>
        await SqlitePort.CallAsync("locks", () => _database.WriteAsync(
            connection => connection.Execute("DELETE FROM locks WHERE resource = $1 AND release = $2", resource, holder.Value) > 0, cancellation));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<HeldLock>> ListAsync(CancellationToken cancellation) =>
        await SqlitePort.CallAsync("locks", () => _database.ReadAsync(
            connection => connection.Rows("SELECT resource, release, since FROM locks ORDER BY resource", row => new HeldLock(
                row.GetString(0), ReleaseId.Parse(row.GetString(1)), row.GetInt64(2) == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)))),
            cancellation));
}
