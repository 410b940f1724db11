using System.Text.Json;
using Microsoft.Data.Sqlite;
using Slipway.Core.Serialization;
using Slipway.Embedded.Storage;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Snapshots;

/// <summary>
/// What lists look for in snapshots, in a narrow table of its own: a filter over many releases then reads neither summaries nor reports but those of the
/// page that is shown. It is made from the snapshots wherever it lags behind them, as after a version that did not know it.
/// </summary>
internal sealed class SnapshotIndex
{
    private const string Schema = """
        CREATE TABLE snapshot_index (
            release TEXT PRIMARY KEY, sequence INTEGER NOT NULL, started INTEGER NOT NULL, standing INTEGER NOT NULL, words TEXT NOT NULL) WITHOUT ROWID;
        CREATE INDEX snapshot_index_by_start ON snapshot_index (started DESC, release, standing, words);
        """;

    private const int Moving = 0;
    private const int Waiting = 1;
    private const int Over = 2;

    private readonly SlipwayDatabase _database;
    private long _changes;
    private volatile Counted? _counted;

    /// <summary>Opens the index; the snapshots' own table is there already.</summary>
    public SnapshotIndex(SlipwayDatabase database)
    {
        _database = database;
        database.EnsureSchema("snapshot_index", 1, Schema);
        database.WriteAsync(CatchUp).GetAwaiter().GetResult();
    }

    /// <summary>Puts the newest snapshot of a release in, within a commit.</summary>
    public static void Put(SqliteConnection connection, long sequence, ReleaseSummary summary) => connection.Execute(
        """
        INSERT INTO snapshot_index (release, sequence, started, standing, words) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (release) DO UPDATE SET sequence = excluded.sequence, started = excluded.started, standing = excluded.standing, words = excluded.words
        """,
        summary.Id.Value, sequence, summary.StartedAt.UtcTicks, StandingOf(summary), Folded($"{summary.Id}\n{summary.Title}\n{summary.Version}"));

    /// <summary>Tells that a commit changed the index, so that it is counted again.</summary>
    public void Changed() => Interlocked.Increment(ref _changes);

    /// <summary>One page of what a query shows, and how many there are.</summary>
    /// <param name="query">The query.</param>
    /// <param name="skip">How many newer ones are left out.</param>
    /// <param name="take">The most that are wanted.</param>
    /// <param name="read">Reads a stored summary.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public Task<FoundReleases> FindAsync(ReleaseQuery query, int skip, int take, Func<string, ReleaseSummary> read, CancellationToken cancellation)
    {
        var changes = Interlocked.Read(ref _changes);
        var (least, most) = query.Standing switch
        {
            ReleaseStanding.Running => (Moving, Waiting),
            ReleaseStanding.Waiting => (Waiting, Waiting),
            ReleaseStanding.Ended => (Over, Over),
            _ => (Moving, Over),
        };
        return _database.ReadAsync(
            connection =>
            {
                var counts = query.Text.Length == 0 && _counted is { } known && known.Changes == changes ? known.Counts : Count(connection, query.Text);
                if (query.Text.Length == 0) _counted = new Counted(changes, counts);
                var found = connection.Rows(
                    """
                    SELECT s.summary FROM (
                        SELECT release, started FROM snapshot_index INDEXED BY snapshot_index_by_start
                        WHERE standing BETWEEN $1 AND $2 AND ($3 = '' OR instr(words, $3) > 0)
                        ORDER BY started DESC, release LIMIT $4 OFFSET $5) AS page
                    CROSS JOIN snapshots AS s ON s.release = page.release
                    ORDER BY page.started DESC, page.release
                    """,
                    row => read(row.GetString(0)),
                    least, most, Folded(query.Text), counts.At(query.Standing) == 0 ? 0 : take, skip);
                return new FoundReleases(found, counts);
            },
            cancellation);
    }

    private static ReleaseCounts Count(SqliteConnection connection, string text)
    {
        var counts = connection.Rows(
            """
            SELECT standing, COUNT(*) FROM snapshot_index INDEXED BY snapshot_index_by_start WHERE $1 = '' OR instr(words, $1) > 0 GROUP BY standing
            """,
            row => (Standing: row.GetInt32(0), Count: row.GetInt32(1)),
            Folded(text)).ToDictionary(row => row.Standing, row => row.Count);
        var waiting = counts.GetValueOrDefault(Waiting);
        return new ReleaseCounts(counts.GetValueOrDefault(Moving) + waiting, waiting, counts.GetValueOrDefault(Over));
    }

    private static void CatchUp(SqliteConnection connection)
    {
        var missing = connection.Rows(
            "SELECT s.sequence, s.summary FROM snapshots AS s LEFT JOIN snapshot_index AS i ON i.release = s.release WHERE i.sequence IS NOT s.sequence",
            row => (Sequence: row.GetInt64(0), Summary: JsonSerializer.Deserialize<ReleaseSummary>(row.GetString(1), SlipwayJson.Options)));
        foreach (var (sequence, summary) in missing)
        {
            if (summary is not null) Put(connection, sequence, summary);
        }
    }

    private static int StandingOf(ReleaseSummary summary) =>
        ReleaseQuery.Includes(ReleaseStanding.Ended, summary.Phase) ? Over : ReleaseQuery.Includes(ReleaseStanding.Waiting, summary.Phase) ? Waiting : Moving;

    /// <summary>Letters of one case, as comparing without regard to case has them.</summary>
    private static string Folded(string text) => text.ToUpperInvariant();

    private sealed record Counted(long Changes, ReleaseCounts Counts);
}
