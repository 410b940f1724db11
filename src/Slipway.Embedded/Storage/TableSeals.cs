using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Slipway.Embedded.Storage;

/// <summary>
/// A seal over the rows of every table, kept in the commits that change them and checked when the file is opened. SQLite's own check sees damage to the
/// structure of a file; a byte that flipped inside of a value is a sound database with another content, and only this sees it.
/// </summary>
internal static class TableSeals
{
    private const string Table = "slipway_seals";

    /// <summary>The seal over what the tables are, under a name that no table has.</summary>
    private const string Shape = "(tables)";

    /// <summary>Lets a writer keep the seals from now on; makes them where there are none. In a transaction of its own.</summary>
    public static void Attach(SqliteConnection writer)
    {
        RowSeal.AddTo(writer);
        Run(writer, "PRAGMA recursive_triggers = ON"); // Rows that INSERT OR REPLACE takes away count too.
        if (Exists(writer))
        {
            Watch(writer);
            return;
        }

        Run(writer, "BEGIN IMMEDIATE");
        Run(writer, $"CREATE TABLE {Table} (name TEXT PRIMARY KEY, seal INTEGER NOT NULL) WITHOUT ROWID");
        Renew(writer);
        Run(writer, string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {DatabaseFolder.Format}"));
        Run(writer, "COMMIT");
    }

    /// <summary>Stops watching, before tables change their shape; <see cref="Renew"/> begins again.</summary>
    public static void Release(SqliteConnection writer)
    {
        foreach (var trigger in Names(writer, "SELECT name FROM sqlite_temp_master WHERE type = 'trigger'")) Run(writer, $"DROP TRIGGER temp.{trigger}");
    }

    /// <summary>Seals every table anew, after tables changed their shape; in the transaction that changed it.</summary>
    public static void Renew(SqliteConnection writer)
    {
        Release(writer);
        Run(writer, $"DELETE FROM {Table}");
        foreach (var (name, seal) in Seals(writer))
        {
            using var command = writer.CreateCommand();
            command.CommandText = $"INSERT INTO {Table} (name, seal) VALUES ($name, $seal)";
            command.Parameters.AddWithValue("$name", name);
            command.Parameters.AddWithValue("$seal", seal);
            command.ExecuteNonQuery();
        }

        Watch(writer);
    }

    /// <summary>What does not fit its seal; null: everything does, or the file is from before there were seals.</summary>
    public static string? Check(SqliteConnection connection)
    {
        if (!Exists(connection)) return null;
        RowSeal.AddTo(connection);
        var kept = new Dictionary<string, long>(StringComparer.Ordinal);
        using (var command = connection.CreateCommand())
        {
            command.CommandText = $"SELECT name, seal FROM {Table}";
            using var reader = command.ExecuteReader();
            while (reader.Read()) kept[reader.GetString(0)] = reader.GetInt64(1);
        }

        foreach (var (name, seal) in Seals(connection))
        {
            if (!kept.Remove(name, out var expected)) return $"{name} has no seal";
            if (expected != seal) return $"the content of {name} is not what was written";
        }

        return kept.Count == 0 ? null : $"{kept.Keys.Order(StringComparer.Ordinal).First()} is missing";
    }

    private static bool Exists(SqliteConnection connection) => Names(connection, $"SELECT name FROM sqlite_master WHERE type = 'table' AND name = '{Table}'").Count > 0;

    private static List<(string Name, long Seal)> Seals(SqliteConnection connection)
    {
        // Where a table lies in the file may change, what it is may not.
        List<(string, long)> seals = [(Shape, Seal(connection, "type, name, tbl_name, sql", "sqlite_master"))];
        seals.AddRange(Tables(connection).Select(table => (table, Seal(connection, string.Join(", ", Columns(connection, table)), $"{table} NOT INDEXED"))));
        return seals;
    }

    private static long Seal(SqliteConnection connection, string columns, string table)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The names are those of the database's own tables.
        command.CommandText = $"SELECT {RowSeal.Function}(0, {columns}) FROM {table}";
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        var seal = 0L;
        while (reader.Read()) seal ^= reader.GetInt64(0);
        return seal;
    }

    // Of this connection only, so that the file holds nothing that another program could not run.
    private static void Watch(SqliteConnection writer)
    {
        foreach (var table in Tables(writer))
        {
            var columns = Columns(writer, table);
            string Of(string row, string seal) => $"{RowSeal.Function}({seal}, {string.Join(", ", columns.Select(column => $"{row}.{column}"))})";
            foreach (var (change, seal) in new[] { ("INSERT", Of("NEW", "seal")), ("DELETE", Of("OLD", "seal")), ("UPDATE", Of("NEW", Of("OLD", "seal"))) })
                Run(writer, $"CREATE TEMP TRIGGER seal_{table}_{change} AFTER {change} ON main.{table} BEGIN UPDATE {Table} SET seal = {seal} WHERE name = '{table}'; END");
        }
    }

    private static List<string> Tables(SqliteConnection connection) =>
        Names(connection, $"SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> '{Table}' ORDER BY name");

    private static List<string> Columns(SqliteConnection connection, string table) => Names(connection, $"SELECT '\"' || name || '\"' FROM pragma_table_info('{table}') ORDER BY cid");

    private static List<string> Names(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The names are those of the database's own tables.
        command.CommandText = sql;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        var names = new List<string>();
        while (reader.Read()) names.Add(reader.GetString(0));
        return names;
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The names are those of the database's own tables.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
