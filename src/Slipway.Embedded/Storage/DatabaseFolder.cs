using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Slipway.Embedded.Storage;

/// <summary>
/// The data folder: who holds it, and whether its database may be opened. Nothing here changes an existing database, so a damaged one
/// stays as it was found.
/// </summary>
internal sealed class DatabaseFolder : IDisposable
{
    public const int ApplicationId = 0x534C_5057; // "SLPW"

    /// <summary>2: every table has a seal, which version 1 would break unawares.</summary>
    public const int Format = 2;

    // What a lock that is held elsewhere looks like: EWOULDBLOCK on Linux and macOS, sharing and lock violation on Windows.
    private static readonly int[] HeldElsewhere = OperatingSystem.IsWindows() ? [32, 33] : [11, 35];

    /// <summary>How long a statement waits for a program that holds the file's lock, before it is refused.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FileStream _lock;
    private readonly TimeSpan _patience;

    private DatabaseFolder(string path, FileStream held, TimeSpan patience) => (Path, _lock, _patience) = (path, held, patience);

    public string Path { get; }

    public string DatabaseFile => System.IO.Path.Combine(Path, SlipwayDatabase.FileName);

    // The lock file itself cannot be read while it is locked on every system, hence a second file for the holder's number.
    private string HolderFile => HolderFileIn(Path);

    /// <summary>Takes the folder for this process until disposal; creates it when it is missing, for its owner alone, which protects the database in it.</summary>
    public static DatabaseFolder Take(string path, TimeSpan patience)
    {
        path = System.IO.Path.GetFullPath(path);
        if (File.Exists(path))
            throw new StorageOpenException(StorageOpenProblem.NotAFolder, $"{path} is a file, but a data folder is expected. Name a folder.");
        FileStream held;
        try
        {
            PrivateFiles.CreateDataFolder(path);
            held = new FileStream(System.IO.Path.Combine(path, "slipway.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (HeldElsewhere.Contains(error.HResult & 0xFFFF))
        {
            throw new StorageOpenException(StorageOpenProblem.Locked, LockedMessage(path), error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw ReadOnly(path, error);
        }

        var folder = new DatabaseFolder(path, held, patience);
        try
        {
            File.WriteAllText(folder.HolderFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return folder;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            folder.Dispose();
            throw ReadOnly(path, error);
        }
    }

    public void Dispose()
    {
        try
        {
            File.Delete(HolderFile);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A stale number is only ever shown beside a lock that is really held.
        }

        _lock.Dispose();
    }

    /// <summary>Checks an existing database without changing it; false when there is none yet.</summary>
    public bool CheckExisting()
    {
        if (Directory.Exists(DatabaseFile))
            throw new StorageOpenException(StorageOpenProblem.NotAFolder, $"{DatabaseFile} is a folder, but the database file belongs there. Move it away.");
        if (!File.Exists(DatabaseFile))
        {
            // A log without its database means that the database was removed; starting anew would bury what the log still holds.
            if (File.Exists(DatabaseFile + "-wal") && new FileInfo(DatabaseFile + "-wal").Length > 0)
                throw Corrupt("the file is missing although its log slipway.db-wal is there");
            return false;
        }

        try
        {
            if (!HasSqliteHeader(DatabaseFile))
                throw Corrupt(new FileInfo(DatabaseFile).Length == 0 ? "the file is empty" : "the file does not begin like a SQLite database");
            using var connection = new SqliteConnection(ConnectionString(DatabaseFile, SqliteOpenMode.ReadOnly));
            connection.Open();

            // Each reads the whole file: beside one another they take about half as long. What the seals say counts only of a file that is sound and ours.
            var seals = Task.Run(CheckSeals);
            try
            {
                DatabaseCheck.Run(connection, this);
            }
            finally
            {
                ((IAsyncResult)seals).AsyncWaitHandle.WaitOne();
            }

            if (seals.GetAwaiter().GetResult() is { } broken) throw Corrupt(broken);
            return true;
        }
        catch (SqliteException error)
        {
            throw Translate(error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unusable(error);
        }
    }

    private string? CheckSeals()
    {
        using var connection = new SqliteConnection(ConnectionString(DatabaseFile, SqliteOpenMode.ReadOnly));
        connection.Open();
        return TableSeals.Check(connection);
    }

    public string ConnectionString(string file, SqliteOpenMode mode) =>
        new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false, DefaultTimeout = (int)Math.Ceiling(_patience.TotalSeconds) }.ToString();

    public StorageOpenException Corrupt(string what, Exception? inner = null) => new(
        StorageOpenProblem.Corrupt,
        $"{DatabaseFile} is damaged: {what}. It was left untouched. Restore it (with slipway.db-wal, if there is one) from a backup, or use another data folder.",
        inner);

    public StorageOpenException Translate(SqliteException error) => error.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_NOTADB or SQLitePCL.raw.SQLITE_CORRUPT => Corrupt(error.Message.TrimEnd('.'), error),
        SQLitePCL.raw.SQLITE_READONLY => ReadOnly(Path, error),
        SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED => new(StorageOpenProblem.Locked, HeldMessage, error),
        _ => Unusable(error),
    };

    private StorageOpenException Unusable(Exception error) => new(
        StorageOpenProblem.Unusable, $"{DatabaseFile} cannot be used: {error.Message} Check the disk and the permissions, or use another data folder.", error);

    private static StorageOpenException ReadOnly(string path, Exception error) => new(
        StorageOpenProblem.ReadOnlyFolder, $"The data folder {path} cannot be written: {error.Message} Make it writable or use another data folder.", error);

    // The folder is ours, so that it is no slipway: a backup, or a person with a shell.
    private string HeldMessage => string.Create(
        CultureInfo.InvariantCulture,
        $"{DatabaseFile} is held by another program, which is no slipway, for {_patience.TotalSeconds:0.###} s and longer. End that program (a backup, a SQLite shell) and start again, or use another data folder.");

    private static string LockedMessage(string path)
    {
        var holder = "";
        try
        {
            holder = $" (pid {File.ReadAllText(HolderFileIn(path)).Trim()})";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The holder is just starting or ending: the message is clear without its number.
        }

        return $"slipway.db in {path} is in use by another slipway process{holder}. Stop that process, talk to it instead, or use another data folder.";
    }

    private static string HolderFileIn(string path) => System.IO.Path.Combine(path, "slipway.pid");

    private static bool HasSqliteHeader(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> start = stackalloc byte[16];
        return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual("SQLite format 3\0"u8);
    }
}
