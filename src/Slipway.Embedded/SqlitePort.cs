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
            throw new PortUnavailableException(system, error.Message, error);
        }
    }

    /// <inheritdoc cref="CallAsync{T}"/>
    public static async Task CallAsync(string system, Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (SqliteException error)
        {
            throw new PortUnavailableException(system, error.Message, error);
        }
    }
}
