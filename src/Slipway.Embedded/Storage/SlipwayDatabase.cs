using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Slipway.Embedded.Storage;

/// <summary>
/// The one SQLite file of a Slipway server: engine, flags, telemetry, ledgers and mail share it, so one commit can hold a step and what
/// it causes. There is one writer, whose queued works share a transaction; readers see what is committed. Safe for concurrent use.
/// </summary>
public sealed class SlipwayDatabase : IAsyncDisposable
{
    /// <summary>The file's name in its data folder.</summary>
    public const string FileName = "slipway.db";

    private const int MostReaders = 4;

    private readonly SqliteConnection _writer;
    private readonly ICommitQueue _queue;
    private readonly DatabaseFolder? _folder;
    private readonly ConcurrentBag<SqliteConnection> _readers = [];
    private readonly SemaphoreSlim _readerSlots = new(MostReaders, MostReaders);
    private int _disposed;

    static SlipwayDatabase() => SQLitePCL.Batteries_V2.Init();

    private SlipwayDatabase(SqliteConnection writer, DatabaseFolder? folder)
    {
        _writer = writer;
        _folder = folder;
        _queue = folder is null ? new ImmediateCommits(new CommitWriter(writer)) : new CommitQueue(new CommitWriter(writer));
    }

    /// <summary>The full path of the data folder; null in memory.</summary>
    public string? Folder => _folder?.Path;

    /// <summary>
    /// Opens <c>slipway.db</c> in a folder (both are created when missing) and holds <c>slipway.lock</c> in it until disposal. Throws
    /// <see cref="StorageOpenException"/> with a message for people when the folder is in use, cannot be written, or holds a damaged,
    /// foreign or newer database; such a file is never changed.
    /// </summary>
    public static SlipwayDatabase Open(string folder) => Open(folder, DatabaseFolder.Patience);

    /// <summary>The same with another patience for a program that holds the file's lock.</summary>
    internal static SlipwayDatabase Open(string folder, TimeSpan patience)
    {
        var held = DatabaseFolder.Take(folder, patience);
        try
        {
            if (!held.CheckExisting())
                Create(held);
            var writer = Connect(held, held.DatabaseFile, readOnly: false);
            return new SlipwayDatabase(writer, held);
        }
        catch (SqliteException error)
        {
            held.Dispose();
            throw held.Translate(error);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Opens an empty database that lives in memory until disposal, for tests and virtual time. The same behaviour, except that every work
    /// runs at once on its caller's thread.
    /// </summary>
    public static SlipwayDatabase OpenInMemory()
    {
        var connection = new SqliteConnection("Data Source=:memory:;Pooling=False");
        connection.Open();
        Prepare(connection);
        return new SlipwayDatabase(connection, folder: null);
    }

    /// <summary>
    /// Runs <paramref name="work"/> on the writer. The task completes only after the commit that holds the work; when the work throws,
    /// its own changes are undone, the task fails with that exception, and works that share the transaction are not affected. The work
    /// must not begin a transaction, wait for another write, or keep the connection. Cancelling helps only until the work begins.
    /// </summary>
    public Task<T> WriteAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellation = default) =>
        Enqueue(work, reads: false, cancellation);

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Action<SqliteConnection> work, CancellationToken cancellation = default) =>
        Enqueue(connection => { work(connection); return true; }, reads: false, cancellation);

    /// <summary>
    /// Runs <paramref name="work"/> on one snapshot that holds everything committed before the call. The work must only read and must not
    /// keep the connection.
    /// </summary>
    public async Task<T> ReadAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellation = default)
    {
        if (_folder is null)
            return await Enqueue(work, reads: true, cancellation);
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        await _readerSlots.WaitAsync(cancellation);
        try
        {
            return await Task.Run(() => ReadSnapshot(work), cancellation);
        }
        finally
        {
            _readerSlots.Release();
        }
    }

    /// <summary>
    /// Declares a component's tables. <paramref name="sql"/> runs in one commit when the stored version of the component is lower (or
    /// there is none), so it must work on every earlier version. Call it before the component is used. Throws
    /// <see cref="StorageOpenException"/> (<see cref="StorageOpenProblem.NewerVersion"/>) when the stored version is higher.
    /// </summary>
    /// <param name="component">For example <c>flags</c>; tables are named after it.</param>
    /// <param name="version">1 or more.</param>
    /// <param name="sql">One or more statements, without a transaction.</param>
    public void EnsureSchema(string component, int version, string sql)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        WriteAsync(connection =>
        {
            var stored = (long?)connection.Scalar("SELECT version FROM slipway_schema WHERE component = $1", component) ?? 0;
            if (stored > version)
                throw DatabaseCheck.Newer(_folder?.DatabaseFile ?? "The database", $"{component} has version {stored}, this version knows up to {version}");
            if (stored == version)
                return;
            if (_folder is not null)
                TableSeals.Release(connection);
            connection.Execute(sql);
            connection.Execute("INSERT OR REPLACE INTO slipway_schema (component, version) VALUES ($1, $2)", component, version);
            if (_folder is not null)
                TableSeals.Renew(connection);
        }).GetAwaiter().GetResult();
    }

    /// <summary>Finishes queued writes, closes the file and gives the folder up.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _queue.DisposeAsync();
        for (var i = 0; i < MostReaders; i++)
            await _readerSlots.WaitAsync();
        foreach (var reader in _readers)
            Close(reader);
        Close(_writer);
        _readerSlots.Dispose();
        _folder?.Dispose();
    }

    private Task<T> Enqueue<T>(Func<SqliteConnection, T> work, bool reads, CancellationToken cancellation)
    {
        var queued = new QueuedWork<T>(work, reads, cancellation);
        ObjectDisposedException.ThrowIf(!_queue.TryAdd(queued), this);
        return queued.Answer;
    }

    private T ReadSnapshot<T>(Func<SqliteConnection, T> work)
    {
        if (!_readers.TryTake(out var connection))
            connection = Connect(_folder!, _folder!.DatabaseFile, readOnly: true);
        try
        {
            connection.Execute("BEGIN");
            var answer = work(connection);
            connection.Execute("ROLLBACK");
            _readers.Add(connection);
            return answer;
        }
        catch
        {
            // SQLite may have given the snapshot up by itself, or the connection may be beyond use: the next read opens another one.
            Close(connection);
            throw;
        }
    }

    // A new database appears under its name only when it is complete: an empty slipway.db is therefore always damage, never a beginning.
    private static void Create(DatabaseFolder folder)
    {
        var draft = folder.DatabaseFile + ".new";
        foreach (var leftover in new[] { draft, draft + "-wal", draft + "-shm" })
            File.Delete(leftover);
        Close(Connect(folder, draft, readOnly: false, create: true));
        File.Move(draft, folder.DatabaseFile);
    }

    private static SqliteConnection Connect(DatabaseFolder folder, string file, bool readOnly, bool create = false)
    {
        var connection = new SqliteConnection(folder.ConnectionString(file, create ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadWrite));
        try
        {
            connection.Open();
            if (readOnly)
                connection.Execute("PRAGMA query_only = ON");
            else
            {
                Prepare(connection);
                TableSeals.Attach(connection);
            }

            return connection;
        }
        catch
        {
            Close(connection);
            throw;
        }
    }

    private static void Prepare(SqliteConnection connection)
    {
        // FULL and full flushes: a commit that was acknowledged survives a power cut.
        connection.Execute("PRAGMA journal_mode = WAL");
        connection.Execute("PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA foreign_keys = ON");
        connection.Execute($"PRAGMA application_id = {DatabaseFolder.ApplicationId}");
        connection.Execute("CREATE TABLE IF NOT EXISTS slipway_schema (component TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID");
    }

    private static void Close(SqliteConnection connection)
    {
        connection.ForgetStatements();
        connection.Dispose();
    }
}
