using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace Slipway.Embedded.Storage;

/// <summary>
/// Statements that are prepared once for each connection. Parameters are positional: <c>$1</c>, <c>$2</c> and so on. A statement must not
/// be run again while its own rows are being read.
/// </summary>
internal static class SqliteStatements
{
    private static readonly ConditionalWeakTable<SqliteConnection, Dictionary<string, SqliteCommand>> Prepared = [];

    /// <summary>Runs a statement and returns the number of rows that it changed.</summary>
    public static int Execute(this SqliteConnection connection, string sql, params ReadOnlySpan<object?> values) =>
        Bind(connection, sql, values).ExecuteNonQuery();

    /// <summary>The first column of the first row; null when there is no row or the value is NULL.</summary>
    public static object? Scalar(this SqliteConnection connection, string sql, params ReadOnlySpan<object?> values) =>
        Bind(connection, sql, values).ExecuteScalar() is { } value and not DBNull ? value : null;

    /// <summary>All rows, each made into a value.</summary>
    public static List<T> Rows<T>(this SqliteConnection connection, string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        var rows = new List<T>();
        using var reader = Bind(connection, sql, values).ExecuteReader();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }

    /// <summary>A text column that may be NULL.</summary>
    public static string? Text(this SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    /// <summary>Frees the connection's prepared statements; before it is closed.</summary>
    public static void ForgetStatements(this SqliteConnection connection)
    {
        if (!Prepared.TryGetValue(connection, out var commands))
            return;
        foreach (var command in commands.Values)
            command.Dispose();
        Prepared.Remove(connection);
    }

    private static SqliteCommand Bind(SqliteConnection connection, string sql, ReadOnlySpan<object?> values)
    {
        var commands = Prepared.GetOrCreateValue(connection);
        if (!commands.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
#pragma warning disable CA2100 // Every caller passes a constant; values are bound.
            command.CommandText = sql;
#pragma warning restore CA2100
            for (var i = 0; i < values.Length; i++)
                command.Parameters.Add(new SqliteParameter { ParameterName = "$" + (i + 1) });
            commands.Add(sql, command);
        }

        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        return command;
    }
}
