using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Embedded.Storage;
using Slipway.Workflow.Flags;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Flags;

/// <summary>
/// Feature flags in the database, in App Configuration's own JSON. Every write makes a new ETag, even of the same JSON, and a revision
/// that says who wrote what and when. The tables hold a flag under the text of its key, its name and label. Safe for concurrent use.
/// </summary>
public sealed class SqliteFlagStore : IFlagStore
{
    private const string Schema = """
        CREATE TABLE flags (name TEXT PRIMARY KEY, json TEXT NOT NULL, etag TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE flags_revisions (
            revision INTEGER PRIMARY KEY, name TEXT NOT NULL, json TEXT NOT NULL, etag TEXT NOT NULL, at TEXT NOT NULL, actor TEXT NOT NULL);
        CREATE INDEX flags_revisions_by_name ON flags_revisions (name, revision);
        """;

    private const int MostUnderstood = 1000;

    private readonly SlipwayDatabase _database;
    private readonly TimeProvider _time;
    private readonly string _actor;
    private readonly FlagChanges _changes;
    private readonly ConcurrentDictionary<FlagKey, FlagState> _understood = [];

    /// <summary>Opens the store; writes are recorded as those of <paramref name="actor"/>.</summary>
    /// <param name="database">Where the flags live.</param>
    /// <param name="time">Dates the revisions.</param>
    /// <param name="actor">Who writes through this instance. Default: <c>slipway</c>.</param>
    public SqliteFlagStore(SlipwayDatabase database, TimeProvider time, string actor = "slipway")
        : this(database, time, actor, new FlagChanges())
    {
        database.EnsureSchema("flags", 1, Schema);
    }

    private SqliteFlagStore(SlipwayDatabase database, TimeProvider time, string actor, FlagChanges changes) =>
        (_database, _time, _actor, _changes) = (database, time, actor, changes);

    /// <summary>The same store, writing in another name.</summary>
    public SqliteFlagStore As(string actor) => new(_database, _time, actor, _changes);

    /// <summary>
    /// Calls <paramref name="changed"/> with the flag as it is after each committed write through this instance or one made by
    /// <see cref="As"/>, until the result is disposed. What a callback throws does not reach the writer.
    /// </summary>
    public IDisposable Subscribe(Action<FlagState> changed) => _changes.Subscribe(changed);

    /// <summary>
    /// Creates a flag that is off. Not written when a flag of that name and label exists, which then is the result's current state. Throws
    /// <see cref="FlagFormatException"/> on a name that cannot be.
    /// </summary>
    public async Task<FlagWrite> CreateAsync(FlagKey flag, string description, CancellationToken cancellation) =>
        await WriteAsync(flag, current => current is null ? FlagJson.CreateOff(flag.Name, description) : null, cancellation);

    /// <inheritdoc/>
    public async Task<FlagState?> ReadAsync(FlagKey flag, CancellationToken cancellation) =>
        await SqlitePort.CallAsync("flag store", () => _database.ReadAsync(connection => Find(connection, flag), cancellation));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<FlagKey>> ListAsync(CancellationToken cancellation) =>
        await SqlitePort.CallAsync("flag store", () => _database.ReadAsync(
            connection => (IReadOnlyList<FlagKey>)[.. connection.Rows("SELECT name FROM flags", row => FlagKey.Parse(row.GetString(0))).Order()], cancellation));

    /// <summary>Every flag, by name and label ascending, of one moment.</summary>
    public async Task<IReadOnlyList<FlagState>> ReadAllAsync(CancellationToken cancellation) =>
        await SqlitePort.CallAsync("flag store", () => _database.ReadAsync(
            connection => (IReadOnlyList<FlagState>)[.. connection.Rows(
                "SELECT name, json, etag FROM flags", row => FlagJson.Read(row.GetString(0), row.GetString(1), row.GetString(2))).OrderBy(flag => flag.Key)],
            cancellation));

    /// <inheritdoc/>
    public async Task<FlagWrite> SetExposureAsync(FlagSpec spec, Percentage exposure, string ifMatch, CancellationToken cancellation) =>
        await WriteAsync(
            spec.Key, current => current?.ETag == ifMatch ? FlagJson.SetExposure(current.Json, spec, exposure) : null, cancellation);

    /// <summary>Writes verbatim JSON when the ETag is still <paramref name="ifMatch"/>. Throws <see cref="FlagFormatException"/> when it
    /// is not this flag's JSON.</summary>
    public async Task<FlagWrite> RestoreAsync(FlagKey flag, string json, string ifMatch, CancellationToken cancellation) =>
        await WriteAsync(flag, current => current?.ETag == ifMatch ? json : null, cancellation);

    /// <summary>What was written to a flag, oldest first; empty when there is no such flag.</summary>
    public async Task<IReadOnlyList<FlagRevision>> RevisionsAsync(FlagKey flag, CancellationToken cancellation) =>
        await SqlitePort.CallAsync("flag store", () => _database.ReadAsync(
            connection => connection.Rows(
                "SELECT revision, json, etag, at, actor FROM flags_revisions WHERE name = $1 ORDER BY revision",
                row => new FlagRevision(
                    row.GetInt64(0),
                    FlagJson.Read(flag, row.GetString(1), row.GetString(2)),
                    DateTimeOffset.Parse(row.GetString(3), CultureInfo.InvariantCulture),
                    row.GetString(4)),
                flag.ToString()),
            cancellation));

    private async Task<FlagWrite> WriteAsync(FlagKey flag, Func<FlagState?, string?> decide, CancellationToken cancellation)
    {
        var write = await SqlitePort.CallAsync("flag store", () => _database.WriteAsync(
            connection =>
            {
                var current = Find(connection, flag);
                return decide(current) is { } json ? new FlagWrite(true, Store(connection, flag, json)) : new FlagWrite(false, current);
            },
            cancellation));
        if (write.Written) _changes.Publish(write.Current!);
        return write;
    }

    private FlagState Store(SqliteConnection connection, FlagKey flag, string json)
    {
        var name = flag.ToString();
        var revision = (long?)connection.Scalar("SELECT MAX(revision) FROM flags_revisions") + 1 ?? 1;
        var state = FlagJson.Parse(flag, json, ETagOf(name, json, revision));
        var at = _time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);
        connection.Execute("INSERT OR REPLACE INTO flags (name, json, etag) VALUES ($1, $2, $3)", name, json, state.ETag);
        connection.Execute(
            "INSERT INTO flags_revisions (revision, name, json, etag, at, actor) VALUES ($1, $2, $3, $4, $5, $6)",
            revision, name, json, state.ETag, at, _actor);
        return state;
    }

    // The revision makes it new at every write; the content makes it differ between stores that count alike.
    private static string ETagOf(string name, string json, long revision) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{revision}\n{name}\n{json}")).AsSpan(0, 16));

    private FlagState? Find(SqliteConnection connection, FlagKey flag) => connection.Rows(
        "SELECT json, etag FROM flags WHERE name = $1", row => Understood(flag, row.GetString(0), row.GetString(1)), flag.ToString()).SingleOrDefault();

    /// <summary>What the JSON says; a flag that is read again and again, as a watch does, is understood once.</summary>
    private FlagState Understood(FlagKey flag, string json, string etag)
    {
        if (_understood.TryGetValue(flag, out var known) && known.ETag == etag && known.Json == json) return known;
        if (_understood.Count >= MostUnderstood) _understood.Clear();
        return _understood[flag] = FlagJson.Read(flag, json, etag);
    }
}
