using Microsoft.Data.Sqlite;
using Slipway.Core.Planning;
using Slipway.Embedded.Storage;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Freezes;

/// <summary>Freezes as records in the database; times are UTC ticks.</summary>
public sealed class SqliteFreezes : IFreezes
{
    private const string Schema = """
        CREATE TABLE freezes (
            number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, raised_by TEXT NOT NULL, reason TEXT NOT NULL, raised_at INTEGER NOT NULL,
            until INTEGER, lifted_by TEXT, lift_reason TEXT, lifted_at INTEGER);
        """;

    private const string Columns = "id, raised_by, reason, raised_at, until, lifted_by, lift_reason, lifted_at";

    private readonly SlipwayDatabase _database;

    /// <summary>Opens the freezes.</summary>
    public SqliteFreezes(SlipwayDatabase database)
    {
        _database = database;
        database.EnsureSchema("freezes", 1, Schema);
    }

    /// <inheritdoc/>
    public async Task<bool> RaiseAsync(FleetFreeze freeze, CancellationToken cancellation) =>
        await SqlitePort.CallAsync("freezes", () => _database.WriteAsync(
            connection => connection.Execute(
                "INSERT OR IGNORE INTO freezes (id, raised_by, reason, raised_at, until) VALUES ($1, $2, $3, $4, $5)",
                freeze.Id, freeze.By, freeze.Reason, freeze.At.UtcTicks, freeze.Until?.UtcTicks) > 0,
            cancellation));

    /// <inheritdoc/>
    public async Task<bool> LiftAsync(string id, FreezeLift lift, CancellationToken cancellation) =>
        await SqlitePort.CallAsync("freezes", () => _database.WriteAsync(
            connection => connection.Execute(
                "UPDATE freezes SET lifted_by = $2, lift_reason = $3, lifted_at = $4 WHERE id = $1 AND lifted_at IS NULL", id, lift.By, lift.Reason, lift.At.UtcTicks) > 0,
            cancellation));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<FleetFreeze>> InForceAsync(DateTimeOffset at, CancellationToken cancellation) =>
        await SqlitePort.CallAsync("freezes", () => _database.ReadAsync(
            connection => connection.Rows(
                $"SELECT {Columns} FROM freezes WHERE lifted_at IS NULL AND (until IS NULL OR until > $1) ORDER BY number", Read, at.UtcTicks),
            cancellation));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<FleetFreeze>> ListAsync(int most, CancellationToken cancellation) =>
        await SqlitePort.CallAsync("freezes", () => _database.ReadAsync(
            connection => connection.Rows($"SELECT {Columns} FROM freezes ORDER BY number DESC LIMIT $1", Read, most), cancellation));

    private static FleetFreeze Read(SqliteDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetString(2),
        At(row.GetInt64(3)),
        row.IsDBNull(4) ? null : At(row.GetInt64(4)),
        row.IsDBNull(7) ? null : new FreezeLift(row.GetString(5), row.GetString(6), At(row.GetInt64(7))));

    private static DateTimeOffset At(long ticks) => new(ticks, TimeSpan.Zero);
}
