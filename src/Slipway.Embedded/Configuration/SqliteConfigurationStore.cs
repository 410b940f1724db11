using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Slipway.Core.Ledgers;
using Slipway.Embedded.Storage;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Configuration;

/// <summary>Configuration keys in the database. A key that was deleted and made again never has an ETag that it had before.</summary>
public sealed class SqliteConfigurationStore : IConfigurationStore
{
    private const string Schema = """
        CREATE TABLE configuration_keys (key TEXT PRIMARY KEY, value TEXT NOT NULL, etag TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE configuration_writes (count INTEGER NOT NULL);
        INSERT INTO configuration_writes (count) VALUES (0);
        """;

    private readonly SlipwayDatabase _database;

    /// <summary>Opens the store.</summary>
    public SqliteConfigurationStore(SlipwayDatabase database)
    {
        _database = database;
        database.EnsureSchema("configuration", 1, Schema);
    }

    /// <inheritdoc/>
    public async Task<ConfigurationValue> ReadAsync(string key, CancellationToken cancellation) =>
        await SqlitePort.CallAsync("configuration store", () => _database.ReadAsync(connection => Find(connection, key), cancellation));

    /// <inheritdoc/>
    public async Task<bool> WriteAsync(string key, string? value, string? ifMatch, CancellationToken cancellation) =>
        await SqlitePort.CallAsync("configuration store", () => _database.WriteAsync(
            connection =>
            {
                if (Find(connection, key).ETag != ifMatch) return false;
                if (value is null)
                {
                    connection.Execute("DELETE FROM configuration_keys WHERE key = $1", key);
                    return true;
                }

                connection.Execute("UPDATE configuration_writes SET count = count + 1");
                var count = (long)connection.Scalar("SELECT count FROM configuration_writes")!;
                connection.Execute(
                    "INSERT OR REPLACE INTO configuration_keys (key, value, etag) VALUES ($1, $2, $3)", key, value, ETagOf(key, value, count));
                return true;
            },
            cancellation));

    private static ConfigurationValue Find(SqliteConnection connection, string key) =>
        connection.Rows(
            "SELECT value, etag FROM configuration_keys WHERE key = $1",
            row => new ConfigurationValue(key, row.GetString(0), row.GetString(1)),
            key).SingleOrDefault() ?? new ConfigurationValue(key, null, null);

    private static string ETagOf(string key, string value, long count) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{count}\n{key}\n{value}")).AsSpan(0, 16));
}
