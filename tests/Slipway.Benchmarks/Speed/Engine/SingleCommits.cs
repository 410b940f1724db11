using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace Slipway.Benchmarks.Speed.Engine;

/// <summary>What SQLite does alone on the same disk: a row and a commit, a row and a commit, with the settings of Slipway's own file.</summary>
internal sealed class SingleCommits : IDisposable
{
    /// <summary>About as long as a line of history.</summary>
    private const int RowCharacters = 200;

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;

    public SingleCommits(string folder)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, "commits.db"), Pooling = false }.ToString());
        _connection.Open();
        // The last one makes the log as long as it gets: a file that grows with each commit is slower than one that is written over.
        foreach (var sql in (string[])
        [
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = FULL; PRAGMA fullfsync = ON",
            "CREATE TABLE commits (id INTEGER PRIMARY KEY, event TEXT NOT NULL)",
            "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 2000) INSERT INTO commits (event) SELECT hex(zeroblob(2000)) FROM numbers",
        ])
        {
            using var command = _connection.CreateCommand();
#pragma warning disable CA2100 // Constants.
            command.CommandText = sql;
#pragma warning restore CA2100
            command.ExecuteNonQuery();
        }

        _insert = _connection.CreateCommand();
        _insert.CommandText = "INSERT INTO commits (event) VALUES ($event)";
        _insert.Parameters.AddWithValue("$event", new string('x', RowCharacters));
        _insert.Prepare();
    }

    /// <summary>Commits so many rows, each by itself; how many that are a second.</summary>
    public double ASecond(int commits)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < commits; i++) _insert.ExecuteNonQuery();
        return commits / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _insert.Dispose();
        _connection.Dispose();
    }
}
