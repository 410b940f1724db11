using Microsoft.Data.Sqlite;
using Slipway.Embedded.Storage;

namespace Slipway.Embedded.Tests.Storage.Faults;

/// <summary>The seals over the tables follow every kind of change, and a file from before there were any gets them.</summary>
public sealed class SealTests : IDisposable
{
    private readonly RecordedFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_AfterEveryKindOfChange_FindsTheSealsRight()
    {
        await using (var database = SlipwayDatabase.Open(_folder.Path))
        {
            database.EnsureSchema("notes", 1, "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT UNIQUE, size REAL, data BLOB)");
            await ChangeAsync(database, "INSERT INTO notes VALUES (1, 'one', 1.5, x'0102'), (2, 'two', NULL, NULL), (3, '', -0.0, x'')");
            await ChangeAsync(database, "INSERT OR REPLACE INTO notes VALUES (4, 'two', 7, x'ff')");
            await ChangeAsync(database, "UPDATE notes SET text = 'ein''s', id = 9 WHERE id = 1");
            await ChangeAsync(database, "DELETE FROM notes WHERE id = 3");
            await Assert.ThrowsAsync<SqliteException>(() => ChangeAsync(database, "INSERT INTO notes VALUES (10, 'ten', 1, NULL); INSERT INTO notes VALUES (9, 'again', 1, NULL)"));
            database.EnsureSchema("notes", 2, "ALTER TABLE notes ADD COLUMN colour TEXT DEFAULT 'red'; UPDATE notes SET size = 3");
            await ChangeAsync(database, "INSERT INTO notes VALUES (11, 'eleven', 1, NULL, 'blue'); DELETE FROM notes WHERE colour = 'red'");
        }

        await using var again = SlipwayDatabase.Open(_folder.Path);
        Assert.Equal(["notes|11|eleven|1||blue"], (await RecordedFolder.DumpAsync(again)).Where(row => row.StartsWith("notes|", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Open_ARowThatAnotherProgramChanged_IsRefused()
    {
        await _folder.FillAsync(3);
        Foreign("UPDATE flags SET etag = etag || 'x' WHERE name = 'flag-3'");

        var refusal = Assert.Throws<StorageOpenException>(() => SlipwayDatabase.Open(_folder.Path));

        Assert.Equal(StorageOpenProblem.Corrupt, refusal.Kind);
        Assert.Contains("the content of flags is not what was written", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_AFileFromBeforeThereWereSeals_IsSealedWithItsContent()
    {
        await _folder.FillAsync(3);
        List<string> before;
        await using (var database = SlipwayDatabase.Open(_folder.Path)) before = await RecordedFolder.DumpAsync(database);
        Foreign("DROP TABLE slipway_seals; PRAGMA user_version = 1");

        List<string> after;
        await using (var database = SlipwayDatabase.Open(_folder.Path)) after = await RecordedFolder.DumpAsync(database);

        Assert.Equal(before, after);
        Foreign("DELETE FROM flags WHERE name = 'flag-3'");
        Assert.Throws<StorageOpenException>(() => SlipwayDatabase.Open(_folder.Path));
    }

    private static Task ChangeAsync(SlipwayDatabase database, string sql) => database.WriteAsync(connection => Run(connection, sql));

    private void Foreign(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.DatabaseFile};Pooling=False");
        connection.Open();
        Run(connection, sql);
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own statements.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
