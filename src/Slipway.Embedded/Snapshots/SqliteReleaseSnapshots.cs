using System.Text.Json;
using Slipway.Core.Releases;
using Slipway.Core.Serialization;
using Slipway.Embedded.Storage;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Snapshots;

/// <summary>The newest report of each release in the database.</summary>
public sealed class SqliteReleaseSnapshots : IReleaseSnapshots
{
    private const string Schema = """
        CREATE TABLE snapshots (
            release TEXT PRIMARY KEY, sequence INTEGER NOT NULL, started INTEGER NOT NULL, summary TEXT NOT NULL, report TEXT NOT NULL);
        CREATE INDEX snapshots_by_start ON snapshots (started DESC, release);
        """;

    private readonly SlipwayDatabase _database;
    private readonly SnapshotIndex _index;

    /// <summary>Opens the snapshots.</summary>
    public SqliteReleaseSnapshots(SlipwayDatabase database)
    {
        _database = database;
        database.EnsureSchema("snapshots", 1, Schema);
        _index = new SnapshotIndex(database);
    }

    /// <inheritdoc/>
    public async Task PutAsync(ReleaseSnapshot snapshot, CancellationToken cancellation)
    {
        var summary = JsonSerializer.Serialize(snapshot.Summary, SlipwayJson.Options);
        await SqlitePort.CallAsync("snapshots", () => _database.WriteAsync(
            connection =>
            {
                var stored = connection.Execute(
                    """
                    INSERT INTO snapshots (release, sequence, started, summary, report) VALUES ($1, $2, $3, $4, $5)
                    ON CONFLICT (release) DO UPDATE SET
                        sequence = excluded.sequence, started = excluded.started, summary = excluded.summary, report = excluded.report
                    WHERE excluded.sequence >= snapshots.sequence
                    """,
                    snapshot.Release.Value, snapshot.Sequence, snapshot.Summary.StartedAt.UtcTicks, summary, snapshot.ReportJson);
                if (stored > 0) SnapshotIndex.Put(connection, snapshot.Sequence, snapshot.Summary);
                return stored;
            },
            cancellation));
        _index.Changed();
    }

    /// <inheritdoc/>
    public async Task<ReleaseSnapshot?> GetAsync(ReleaseId release, CancellationToken cancellation) =>
        await SqlitePort.CallAsync("snapshots", () => _database.ReadAsync(
            connection => connection.Rows(
                "SELECT sequence, summary, report FROM snapshots WHERE release = $1",
                row => new ReleaseSnapshot(release, row.GetInt64(0), Summary(row.GetString(1)), row.GetString(2)),
                release.Value).SingleOrDefault(),
            cancellation));

    /// <summary>The summaries of all releases, newest start first and by id within the same start. Throws
    /// <see cref="ArgumentOutOfRangeException"/> on a negative number.</summary>
    public async Task<IReadOnlyList<ReleaseSummary>> ListAsync(int skip, int take, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(skip);
        ArgumentOutOfRangeException.ThrowIfNegative(take);
        return await SqlitePort.CallAsync("snapshots", () => _database.ReadAsync(
            connection => connection.Rows(
                "SELECT summary FROM snapshots ORDER BY started DESC, release LIMIT $1 OFFSET $2", row => Summary(row.GetString(0)), take, skip),
            cancellation));
    }

    /// <inheritdoc/>
    public async Task<FoundReleases> FindAsync(ReleaseQuery query, int skip, int take, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(skip);
        ArgumentOutOfRangeException.ThrowIfNegative(take);
        return await SqlitePort.CallAsync("snapshots", () => _index.FindAsync(query, skip, take, Summary, cancellation));
    }

    private static ReleaseSummary Summary(string json) =>
        JsonSerializer.Deserialize<ReleaseSummary>(json, SlipwayJson.Options) ?? throw new JsonException("A stored summary is null.");
}
