using Microsoft.Data.Sqlite;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded;

/// <summary>The edge between ports and the database: what the database cannot do now is worth another try.</summary>
internal static class SqlitePort
{
    /// <summary>Runs a call and turns a failure of the database into <see cref="PortUnavailableException"/>.</summary>
    public static async Task<T> CallAsync<T>(string system, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (SqliteException error)
        {
            throw new PortUnavailableException(system, Told(error), error);
        }
    }

    // Our own writes queue up behind one another, so that whoever keeps one from the file is somebody else.
    private static string Told(SqliteException error) => error.SqliteErrorCode is SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED
        ? $"another program holds the file slipway.db, and held it for as long as was waited; nothing was stored. Look for a backup or a SQLite shell, and end that program. {error.Message}"
        : error.Message;

    /// <inheritdoc cref="CallAsync{T}"/>
    public static async Task CallAsync(string system, Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (SqliteException error)
        {
            throw new PortUnavailableException(system, Told(error), error);
        }
    }
}
