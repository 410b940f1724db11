using System.Globalization;
using Microsoft.Data.Sqlite;
using Slipway.Embedded.Storage;

namespace Slipway.Benchmarks.Speed.Hosts;

/// <summary>
/// Copies of a release that stands still, made in the file: to get ten thousand there one by one takes longer than anybody wants to wait for a table. All
/// that differs is the name, so that each costs what the first one does. (The hashes of the copied ledgers are those of the first: nobody asks for them.)
/// </summary>
internal static class ReleaseCopies
{
    private const int InOneCommit = 100;

    /// <summary>Whose rows they are is said by the first column; the children of a release have its id, a slash and more.</summary>
    private static readonly (string Table, string Columns)[] Tables =
    [
        ("engine_instances", "id, workflow, status, input, output, error_type, error_message, custom_status, run, parent, parent_run, parent_step, created, updated"),
        ("engine_history", "instance, sequence, event"),
        ("engine_timers", "instance, run, step, due"),
        ("ledgers", "release, content_hash"),
        ("ledger_entries", "release, sequence, entry_id, at, actor, type, body, previous_hash, hash"),
        ("snapshots", "release, sequence, started, summary, report"),
        ("flags", "name, json, etag"),
    ];

    /// <summary>The id of a copy: of the same length for all.</summary>
    public static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"waiting-{number:00000}");

    /// <summary>Makes the copies 1 to <paramref name="last"/> of release 0, which rests.</summary>
    public static async Task MakeAsync(SlipwayDatabase database, int last)
    {
        for (var next = 1; next <= last; next += InOneCommit)
        {
            var (from, to) = (next, Math.Min(next + InOneCommit - 1, last));
            await database.WriteAsync(connection =>
            {
                foreach (var (table, columns) in Tables) Copy(connection, table, columns, from, to);
            });
        }
    }

    private static void Copy(SqliteConnection connection, string table, string columns, int from, int to)
    {
        using var command = connection.CreateCommand();
        string[] names = columns.Split(", ");
#pragma warning disable CA2100 // The names above.
        command.CommandText = $"""
            INSERT INTO {table} ({columns}) SELECT {string.Join(", ", names.Select(name => $"CASE typeof({name}) WHEN 'text' THEN replace({name}, $of, $to) ELSE {name} END"))}
            FROM {table} WHERE {names[0]} = $of OR ({names[0]} >= $of || '/' AND {names[0]} < $of || '0')
            """;
#pragma warning restore CA2100
        command.Parameters.AddWithValue("$of", Id(0));
        var name = command.Parameters.AddWithValue("$to", "");
        for (var number = from; number <= to; number++)
        {
            name.Value = Id(number);
            command.ExecuteNonQuery();
        }
    }
}
