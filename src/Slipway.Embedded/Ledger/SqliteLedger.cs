using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Embedded.Storage;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Ledger;

/// <summary>
/// Hash-chained ledgers in the database. One writer gives out the sequences, so that they have no gap however many append at once. Bodies
/// are kept as the text that their hash covers. Safe for concurrent use.
/// </summary>
public sealed class SqliteLedger : ILedger
{
    private const string Schema = """
        CREATE TABLE ledgers (number INTEGER PRIMARY KEY AUTOINCREMENT, release TEXT NOT NULL UNIQUE, content_hash TEXT NOT NULL);
        CREATE TABLE ledger_entries (
            release TEXT NOT NULL, sequence INTEGER NOT NULL, entry_id TEXT NOT NULL, at TEXT NOT NULL, actor TEXT NOT NULL, type TEXT NOT NULL,
            body TEXT NOT NULL, previous_hash TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (release, sequence)) WITHOUT ROWID;
        CREATE UNIQUE INDEX ledger_entries_by_id ON ledger_entries (release, entry_id);
        """;

    private const string Columns = "sequence, entry_id, at, actor, type, body, previous_hash, hash";

    private readonly SlipwayDatabase _database;

    /// <summary>Opens the ledgers.</summary>
    public SqliteLedger(SlipwayDatabase database)
    {
        _database = database;
        database.EnsureSchema("ledger", 1, Schema);
    }

    /// <inheritdoc/>
    public async Task<LedgerCreation> CreateAsync(ReleaseId release, LedgerDraft first, CancellationToken cancellation)
    {
        if (first.Body is not ReleaseCreated created)
        {
            throw new ArgumentException($"A ledger begins with {nameof(ReleaseCreated)}, not {first.Body.GetType().Name}.", nameof(first));
        }

        return await SqlitePort.CallAsync("ledger", () => _database.WriteAsync(
            connection =>
            {
                if (ContentHash(connection, release) is { } existing)
                {
                    return existing == created.ContentHash ? LedgerCreation.SameContent : LedgerCreation.OtherContent;
                }

                connection.Execute("INSERT INTO ledgers (release, content_hash) VALUES ($1, $2)", release.Value, created.ContentHash);
                Insert(connection, release, LedgerChain.Link(null, first));
                return LedgerCreation.Created;
            },
            cancellation));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LedgerEntry>> AppendAsync(ReleaseId release, IReadOnlyList<LedgerDraft> drafts, CancellationToken cancellation) =>
        await SqlitePort.CallAsync("ledger", () => _database.WriteAsync(
            connection =>
            {
                var head = Head(connection, release);
                var entries = new List<LedgerEntry>(drafts.Count);
                foreach (var draft in drafts)
                {
                    var entry = Find(connection, release, draft.EntryId);
                    if (entry is null)
                    {
                        entry = LedgerChain.Link(head.Sequence, head.Hash, draft);
                        Insert(connection, release, entry);
                        head = (entry.Sequence, entry.Hash);
                    }

                    entries.Add(entry);
                }

                return entries;
            },
            cancellation));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LedgerEntry>> ReadAsync(ReleaseId release, long after, CancellationToken cancellation) =>
        await SqlitePort.CallAsync("ledger", () => _database.ReadAsync(
            connection => connection.Rows(
                $"SELECT {Columns} FROM ledger_entries WHERE release = $1 AND sequence > $2 ORDER BY sequence", Entry, release.Value, after),
            cancellation));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ReleaseId>> ListAsync(CancellationToken cancellation) =>
        await SqlitePort.CallAsync("ledger", () => _database.ReadAsync(
            connection => connection.Rows("SELECT release FROM ledgers ORDER BY number DESC", row => ReleaseId.Parse(row.GetString(0))),
            cancellation));

    private static string? ContentHash(SqliteConnection connection, ReleaseId release) =>
        (string?)connection.Scalar("SELECT content_hash FROM ledgers WHERE release = $1", release.Value);

    private static (long Sequence, string Hash) Head(SqliteConnection connection, ReleaseId release)
    {
        var heads = connection.Rows(
            "SELECT sequence, hash FROM ledger_entries WHERE release = $1 ORDER BY sequence DESC LIMIT 1",
            row => (row.GetInt64(0), row.GetString(1)),
            release.Value);
        return heads.Count == 1 ? heads[0] : throw new KeyNotFoundException($"There is no ledger of a release '{release}'.");
    }

    private static LedgerEntry? Find(SqliteConnection connection, ReleaseId release, string entryId) => connection.Rows(
        $"SELECT {Columns} FROM ledger_entries WHERE release = $1 AND entry_id = $2", Entry, release.Value, entryId).SingleOrDefault();

    private static void Insert(SqliteConnection connection, ReleaseId release, LedgerEntry entry) => connection.Execute(
        $"INSERT INTO ledger_entries (release, {Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        release.Value,
        entry.Sequence,
        entry.EntryId,
        entry.At.ToString("O", CultureInfo.InvariantCulture),
        entry.Actor,
        entry.Type,
        entry.Body.GetRawText(),
        entry.PreviousHash,
        entry.Hash);

    private static LedgerEntry Entry(SqliteDataReader row) => new(
        row.GetInt64(0),
        row.GetString(1),
        DateTimeOffset.Parse(row.GetString(2), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
        row.GetString(3),
        row.GetString(4),
        JsonElement.Parse(row.GetString(5)),
        row.GetString(6),
        row.GetString(7));
}
