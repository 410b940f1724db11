using System.Globalization;
using Microsoft.Data.Sqlite;
using Slipway.Embedded.Storage;

namespace Slipway.Embedded.Tests.Storage;

/// <summary>What cannot be opened is refused with a clear message, and never changed.</summary>
public sealed class DatabaseOpeningTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private async Task MakeDatabase(int rows = 400)
    {
        await using var database = SlipwayDatabase.Open(_folder.Path);
        database.EnsureSchema("notes", 1, "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)");
        await database.WriteAsync(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText =
                $"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) INSERT INTO notes SELECT i, hex(zeroblob(200)) FROM n";
            command.ExecuteNonQuery();
        });
    }

    private StorageOpenException Refused() => Assert.Throws<StorageOpenException>(() => SlipwayDatabase.Open(_folder.Path));

    private void AssertRefusedUntouched(StorageOpenProblem kind, string says)
    {
        var before = File.ReadAllBytes(_folder.DatabaseFile);
        for (var i = 0; i < 2; i++)
        {
            var refusal = Refused();
            Assert.Equal(kind, refusal.Kind);
            Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
            Assert.Contains("It was left untouched.", refusal.Message, StringComparison.Ordinal);
            Assert.DoesNotMatch("[.]{2}|\n", refusal.Message);
            Assert.Equal(before, File.ReadAllBytes(_folder.DatabaseFile));
        }
    }

    [Fact]
    public async Task Open_FolderAlreadyOpen_NamesFolderAndProcess()
    {
        await using var database = SlipwayDatabase.Open(_folder.Path);
        var refusal = Refused();
        Assert.Equal(StorageOpenProblem.Locked, refusal.Kind);
        Assert.StartsWith(
            string.Create(CultureInfo.InvariantCulture, $"slipway.db in {_folder.Path} is in use by another slipway process (pid {Environment.ProcessId})"),
            refusal.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_AfterTheHolderEnded_Succeeds()
    {
        await using (SlipwayDatabase.Open(_folder.Path))
            Refused();
        await using var again = SlipwayDatabase.Open(_folder.Path);
        Assert.Equal(_folder.Path, again.Folder);
    }

    [Fact]
    public async Task Open_MissingFolder_IsCreated()
    {
        var path = Path.Combine(_folder.Path, "a", "b");
        await using var database = SlipwayDatabase.Open(path);
        Assert.True(File.Exists(Path.Combine(path, "slipway.db")));
    }

    [Fact]
    public void Open_PathOfAFile_IsRefused()
    {
        var file = Path.Combine(_folder.Path, "file");
        File.WriteAllText(file, "x");
        Assert.Equal(StorageOpenProblem.NotAFolder, Assert.Throws<StorageOpenException>(() => SlipwayDatabase.Open(file)).Kind);
    }

    [Fact]
    public void Open_FolderInPlaceOfTheDatabase_IsRefused()
    {
        Directory.CreateDirectory(_folder.DatabaseFile);
        Assert.Equal(StorageOpenProblem.NotAFolder, Refused().Kind);
    }

    [Fact]
    public async Task Open_RubbishInPlaceOfTheDatabase_IsRefusedUntouched()
    {
        await File.WriteAllTextAsync(_folder.DatabaseFile, "this is not a database");
        AssertRefusedUntouched(StorageOpenProblem.Corrupt, "does not begin like a SQLite database");
    }

    [Fact]
    public void Open_EmptyFile_IsRefusedUntouched()
    {
        File.WriteAllText(_folder.DatabaseFile, "");
        AssertRefusedUntouched(StorageOpenProblem.Corrupt, "the file is empty");
    }

    [Theory, InlineData(60), InlineData(100), InlineData(4096), InlineData(20_000)]
    public async Task Open_TruncatedFile_IsRefusedUntouched(int length)
    {
        await MakeDatabase();
        using (var stream = File.OpenWrite(_folder.DatabaseFile))
        {
            Assert.True(stream.Length > length);
            stream.SetLength(length);
        }

        AssertRefusedUntouched(StorageOpenProblem.Corrupt, "is damaged");
    }

    [Fact]
    public async Task Open_OverwrittenPages_IsRefusedUntouched()
    {
        await MakeDatabase();
        using (var stream = File.OpenWrite(_folder.DatabaseFile))
        {
            stream.Position = 8192;
            stream.Write(Enumerable.Repeat((byte)0xA5, 12_000).ToArray());
        }

        AssertRefusedUntouched(StorageOpenProblem.Corrupt, "is damaged");
    }

    [Fact]
    public async Task Open_LogWithoutItsDatabase_IsRefused()
    {
        await File.WriteAllTextAsync(_folder.DatabaseFile + "-wal", "committed pages");
        Assert.Contains("the file is missing although its log", Refused().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_DatabaseOfAnotherApplication_IsRefusedUntouched()
    {
        Foreign("CREATE TABLE theirs (x)");
        AssertRefusedUntouched(StorageOpenProblem.NotSlipway, "another application");
    }

    [Fact]
    public async Task Open_NewerFormat_IsRefusedUntouched()
    {
        await MakeDatabase();
        Foreign("PRAGMA user_version = 99");
        AssertRefusedUntouched(StorageOpenProblem.NewerVersion, "its format is 99");
    }

    [Fact]
    public void Open_FolderThatCannotBeWritten_IsRefused()
    {
        var folder = OperatingSystem.IsLinux() ? "/sys/kernel" : OperatingSystem.IsMacOS() ? "/System" : Occupied("slipway.lock");
        var refusal = Assert.Throws<StorageOpenException>(() => SlipwayDatabase.Open(folder));
        Assert.Equal(StorageOpenProblem.ReadOnlyFolder, refusal.Kind);
        Assert.StartsWith($"The data folder {folder} cannot be written:", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_DatabaseInAFolderThatTakesNoNewFiles_IsRefusedAndStays()
    {
        await MakeDatabase();
        var before = await File.ReadAllBytesAsync(_folder.DatabaseFile, TestContext.Current.CancellationToken);
        TakeNewFiles(false);
        try
        {
            Assert.Equal(StorageOpenProblem.ReadOnlyFolder, Refused().Kind);
        }
        finally
        {
            TakeNewFiles(true);
        }

        Assert.Equal(before, await File.ReadAllBytesAsync(_folder.DatabaseFile, TestContext.Current.CancellationToken));
        await using var again = SlipwayDatabase.Open(_folder.Path);
    }

    // File modes bind neither a privileged user nor Windows; a name that is taken binds everybody.
    private void TakeNewFiles(bool take)
    {
        if (!OperatingSystem.IsWindows() && !Environment.IsPrivilegedProcess)
            File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute | (take ? UnixFileMode.UserWrite : UnixFileMode.None));
        else if (take)
            Directory.Delete(Path.Combine(_folder.Path, "slipway.pid"));
        else
            Occupied("slipway.pid");
    }

    /// <summary>The folder, with a folder in the place of one of its files.</summary>
    private string Occupied(string file)
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, file));
        return _folder.Path;
    }

    private void Foreign(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.DatabaseFile};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
