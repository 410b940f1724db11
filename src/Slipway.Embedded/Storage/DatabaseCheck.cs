using Microsoft.Data.Sqlite;

namespace Slipway.Embedded.Storage;

/// <summary>Whether a database is sound, ours and not from the future; whether its content is what was written is asked of <see cref="TableSeals"/>.</summary>
internal static class DatabaseCheck
{
    public static void Run(SqliteConnection connection, DatabaseFolder folder)
    {
        if (Ask(connection, "PRAGMA integrity_check(1)") is not "ok" and var finding)
            throw folder.Corrupt($"the integrity check says \"{finding?.ToString()?.ReplaceLineEndings(" ")}\"");
        var application = Convert.ToInt64(Ask(connection, "PRAGMA application_id"), null);
        if (application != DatabaseFolder.ApplicationId)
        {
            throw new StorageOpenException(
                StorageOpenProblem.NotSlipway,
                $"{folder.DatabaseFile} is a database of another application. It was left untouched. Use another data folder.");
        }

        var format = Convert.ToInt64(Ask(connection, "PRAGMA user_version"), null);
        if (format > DatabaseFolder.Format)
            throw Newer(folder.DatabaseFile, $"its format is {format}, this version knows up to {DatabaseFolder.Format}");
    }

    public static StorageOpenException Newer(string file, string why) => new(
        StorageOpenProblem.NewerVersion,
        $"{file} was written by a newer version of slipway: {why}. It was left untouched. Run that version, or use another data folder.");

    private static object? Ask(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
