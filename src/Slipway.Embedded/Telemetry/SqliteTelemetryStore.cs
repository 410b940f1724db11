using System.Text.Json;
using Microsoft.Data.Sqlite;
using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Calibrating;
using Slipway.Core.Planning;
using Slipway.Core.Serialization;
using Slipway.Embedded.Storage;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Telemetry;

/// <summary>
/// Telemetry in the database: rows by service and second, added up to the plan's interval when read. A row that comes late just adds to
/// its interval; a row that comes again does not. Safe for concurrent use.
/// </summary>
public sealed class SqliteTelemetryStore : IMetricSource
{
    // The primary key is the read's range, so a poll touches only its own rows and needs no second index.
    // Rows of version 1 know no failed users and no positions.
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS telemetry_rows (
            service TEXT NOT NULL, second INTEGER NOT NULL, id TEXT NOT NULL, arm INTEGER NOT NULL, region TEXT NOT NULL,
            requests INTEGER NOT NULL, errors INTEGER NOT NULL, latency TEXT, users BLOB, user_count INTEGER, details TEXT,
            PRIMARY KEY (service, second, id)) WITHOUT ROWID;
        ALTER TABLE telemetry_rows ADD COLUMN failed_users BLOB;
        ALTER TABLE telemetry_rows ADD COLUMN failures_of_nobody INTEGER;
        ALTER TABLE telemetry_rows ADD COLUMN flag TEXT;
        ALTER TABLE telemetry_rows ADD COLUMN positions BLOB;
        """;

    private readonly SlipwayDatabase _database;

    /// <summary>Opens the store.</summary>
    public SqliteTelemetryStore(SlipwayDatabase database)
    {
        _database = database;
        database.EnsureSchema("telemetry", 2, Schema);
    }

    /// <summary>
    /// Takes rows in, all or none, in one commit; returns how many were new. Throws <see cref="ArgumentException"/> on counts that
    /// cannot be, <see cref="PortUnavailableException"/> when the database cannot take them now.
    /// </summary>
    public async Task<int> IngestAsync(IReadOnlyList<TelemetryRow> rows, CancellationToken cancellation)
    {
        foreach (var row in rows) Check(row);
        return await SqlitePort.CallAsync("telemetry store", () => _database.WriteAsync(
            connection => rows.Sum(row => Insert(connection, row)), cancellation));
    }

    /// <summary>The observations of a range. Throws <see cref="ArgumentException"/> when the plan's interval is not whole seconds, since
    /// rows are kept by second.</summary>
    public async Task<IReadOnlyList<Observation>> ReadAsync(
        WatchPlan watch, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        CheckInterval(watch);
        return await SqlitePort.CallAsync("telemetry store", () => _database.ReadAsync(
            connection =>
            {
                var sums = new IntervalSums(watch.Interval, watch.Edges);
                connection.Rows(
                    """
                    SELECT second, arm, region, requests, errors, latency, users, user_count, details, failed_users, failures_of_nobody FROM telemetry_rows
                    WHERE service = $1 AND second >= $2 AND second < $3
                    """,
                    row => sums.Add(row),
                    watch.Service, from.ToUnixTimeSeconds(), to.ToUnixTimeSeconds());
                return sums.ToObservations();
            },
            cancellation));
    }

    /// <summary>The end of the newest second of which a row is there; a service's rows are found by it through the primary key.</summary>
    public async Task<IngestionWatermark?> WatermarkAsync(WatchPlan watch, CancellationToken cancellation) =>
        await SqlitePort.CallAsync("telemetry store", () => _database.ReadAsync(
            connection => connection.Rows(
                    "SELECT second FROM telemetry_rows WHERE service = $1 ORDER BY second DESC LIMIT 1", row => row.GetInt64(0), watch.Service)
                .Select(second => new IngestionWatermark(DateTimeOffset.FromUnixTimeSeconds(second + 1))).FirstOrDefault(),
            cancellation));

    /// <inheritdoc/>
    public async Task<CohortReading> ReadCohortAsync(
        WatchPlan watch, CohortQuery cohort, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        CheckInterval(watch);
        return await SqlitePort.CallAsync("telemetry store", () => _database.ReadAsync(
            connection =>
            {
                var sums = new CohortSums(watch.Interval, cohort);
                connection.Rows(
                    """
                    SELECT second, arm, region, requests, CASE WHEN arm = 1 AND flag = $4 THEN positions END, failed_users IS NOT NULL
                    FROM telemetry_rows WHERE service = $1 AND second >= $2 AND second < $3
                    """,
                    row => sums.Add(row),
                    watch.Service, from.ToUnixTimeSeconds(), to.ToUnixTimeSeconds(), cohort.Flag);
                return sums.ToReading();
            },
            cancellation));
    }

    /// <summary>Forgets every row that begins before <paramref name="before"/>; returns how many there were.</summary>
    public async Task<int> PruneAsync(DateTimeOffset before, CancellationToken cancellation) =>
        await SqlitePort.CallAsync("telemetry store", () => _database.WriteAsync(
            connection =>
            {
                // Service by service, so that each deletion is a range of the primary key.
                var services = connection.Rows("SELECT DISTINCT service FROM telemetry_rows", row => row.GetString(0));
                return services.Sum(service => connection.Execute(
                    "DELETE FROM telemetry_rows WHERE service = $1 AND second < $2", service, before.ToUnixTimeSeconds()));
            },
            cancellation));

    private static int Insert(SqliteConnection connection, TelemetryRow row)
    {
        var details = new RowDetails(row.ErrorTypes, row.DependencyFailures, row.Kpis)
        {
            Exact = row.Exact,
            Slower = row.Slower.Count == 0 ? null : row.Slower,
            Measurements = row.Measurements.Count == 0 ? null : row.Measurements,
        };
        return connection.Execute(
            """
            INSERT OR IGNORE INTO telemetry_rows (service, second, id, arm, region, requests, errors, latency, users, user_count, details,
                failed_users, failures_of_nobody, flag, positions)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
            """,
            row.Service,
            row.Start.ToUnixTimeSeconds(),
            row.Id,
            (int)row.Arm,
            row.Region,
            row.Requests,
            row.Errors,
            row.Latency.Total == 0 ? null : JsonSerializer.Serialize(row.Latency.Counts, SlipwayJson.Options),
            row.Users is null ? null : UserHash.Pack(row.Users),
            row.UserCount,
            details.IsEmpty ? null : JsonSerializer.Serialize(details, SlipwayJson.Options),
            row.FailedUsers is null ? null : UserHash.Pack(row.FailedUsers),
            row.FailedUsers is null ? null : row.FailuresOfNobody,
            row.Flag,
            row.Positions is null ? null : PositionPack.Pack(row.Positions));
    }

    private static void Check(TelemetryRow row)
    {
        ArgumentException.ThrowIfNullOrEmpty(row.Id);
        ArgumentException.ThrowIfNullOrEmpty(row.Service);
        ArgumentException.ThrowIfNullOrEmpty(row.Region);
        ArgumentOutOfRangeException.ThrowIfNegative(row.Requests);
        ArgumentOutOfRangeException.ThrowIfNegative(row.Errors);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(row.Errors, row.Requests);
        ArgumentOutOfRangeException.ThrowIfNegative(row.UserCount ?? 0);
        ArgumentOutOfRangeException.ThrowIfNegative(row.FailuresOfNobody);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(row.FailuresOfNobody, row.Errors);
        if (row.Flag is null != row.Positions is null) throw new ArgumentException("Flag and positions go together.", nameof(row));
        foreach (var position in row.Positions ?? [])
        {
            ArgumentOutOfRangeException.ThrowIfNegative(position.Slice);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(position.Slice, PositionCounts.Slices);
            ArgumentOutOfRangeException.ThrowIfNegative(position.Errors);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(position.Errors, position.Requests);
        }
    }
    private static void CheckInterval(WatchPlan watch)
    {
        if (watch.Interval >= TimeSpan.FromSeconds(1) && watch.Interval.Ticks % TimeSpan.TicksPerSecond == 0) return;
        throw new ArgumentException($"The interval is {watch.Interval}; expected whole seconds, since telemetry is kept by second.", nameof(watch));
    }
}
