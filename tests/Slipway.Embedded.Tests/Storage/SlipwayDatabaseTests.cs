using Microsoft.Data.Sqlite;
using Slipway.Embedded.Storage;

namespace Slipway.Embedded.Tests.Storage;

public sealed class SlipwayDatabaseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private SlipwayDatabase Open(bool inMemory)
    {
        var database = inMemory ? SlipwayDatabase.OpenInMemory() : SlipwayDatabase.Open(_folder.Path);
        database.EnsureSchema("notes", 1, "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)");
        return database;
    }

    private static Task<int> Add(SlipwayDatabase database, int id) =>
        database.WriteAsync(connection => Run(connection, $"INSERT INTO notes VALUES ({id}, 'note {id}')"));

    private static int Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }

    private static Task<List<long>> Ids(SlipwayDatabase database) => database.ReadAsync(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id FROM notes ORDER BY id";
        using var reader = command.ExecuteReader();
        var ids = new List<long>();
        while (reader.Read())
            ids.Add(reader.GetInt64(0));
        return ids;
    });

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_read_sees_every_acknowledged_write(bool inMemory)
    {
        await using var database = Open(inMemory);
        for (var i = 1; i <= 20; i++)
        {
            await Add(database, i);
            Assert.Equal(i, (await Ids(database)).Count);
        }
    }

    [Fact]
    public async Task A_read_that_fails_says_why_and_costs_no_later_read_anything()
    {
        await using var database = Open(inMemory: false);
        await Add(database, 1);
        for (var read = 0; read < 10; read++)
        {
            var error = await Assert.ThrowsAsync<InvalidDataException>(() => database.ReadAsync<int>(connection =>
            {
                // As SQLite does by itself after an error of the disk.
                Run(connection, "ROLLBACK");
                throw new InvalidDataException("what went wrong");
            }));
            Assert.Equal("what went wrong", error.Message);
        }

        await Add(database, 2);
        Assert.Equal([1, 2], await Ids(database));
    }

    [Fact]
    public async Task Works_that_wait_together_share_a_commit_and_a_failing_one_undoes_only_itself()
    {
        await using var database = Open(inMemory: false);
        using var gate = new ManualResetEventSlim();
        var first = database.WriteAsync(_ => gate.Wait());
        var good = Add(database, 1);
        var failing = database.WriteAsync(connection =>
        {
            Run(connection, "INSERT INTO notes VALUES (2, 'half done')");
            throw new InvalidOperationException("this one fails");
        });
        var seenInside = database.WriteAsync(connection => Run(connection, "UPDATE notes SET text = 'seen' WHERE id = 1"));
        gate.Set();
        await first;
        await good;
        Assert.Equal("this one fails", (await Assert.ThrowsAsync<InvalidOperationException>(() => failing)).Message);
        Assert.Equal(1, await seenInside);
        Assert.Equal([1L], await Ids(database));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_failing_work_leaves_nothing_behind(bool inMemory)
    {
        await using var database = Open(inMemory);
        await Assert.ThrowsAsync<InvalidOperationException>(() => database.WriteAsync(connection =>
        {
            Run(connection, "INSERT INTO notes VALUES (2, 'half done')");
            throw new InvalidOperationException("this one fails");
        }));
        Assert.Empty(await Ids(database));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_commit_that_fails_leaves_nothing_behind_and_the_next_one_works(bool inMemory)
    {
        await using var database = Open(inMemory);
        database.EnsureSchema("links", 1, "CREATE TABLE links (note INTEGER REFERENCES notes (id) DEFERRABLE INITIALLY DEFERRED)");
        var failing = database.WriteAsync(connection =>
        {
            Run(connection, "INSERT INTO notes VALUES (1, 'first')");
            Run(connection, "INSERT INTO links VALUES (99)"); // Found out only by COMMIT.
        });
        await Assert.ThrowsAsync<SqliteException>(() => failing);
        Assert.Empty(await Ids(database));
        await Add(database, 3);
        Assert.Equal([3L], await Ids(database));
    }

    [Fact]
    public async Task A_cancelled_work_that_has_not_begun_is_never_run()
    {
        await using var database = Open(inMemory: false);
        using var gate = new ManualResetEventSlim();
        using var cancellation = new CancellationTokenSource();
        var first = database.WriteAsync(_ => gate.Wait());
        var cancelled = database.WriteAsync(connection => Run(connection, "INSERT INTO notes VALUES (1, 'no')"), cancellation.Token);
        await cancellation.CancelAsync();
        gate.Set();
        await first;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.Empty(await Ids(database));
    }

    [Fact]
    public async Task Open_AfterDisposal_FindsWhatWasWritten()
    {
        await using (var database = Open(inMemory: false))
            await Add(database, 7);
        await using var again = Open(inMemory: false);
        Assert.Equal([7L], await Ids(again));
    }

    [Fact]
    public async Task Open_AfterAKill_FindsEveryAcknowledgedWrite()
    {
        using var copy = new TemporaryFolder();
        await using (var database = Open(inMemory: false))
        {
            for (var i = 1; i <= 30; i++)
            {
                await Add(database, i);
            }

            // What a killed process leaves: the file and its log, as they are at this moment.
            foreach (var name in new[] { "slipway.db", "slipway.db-wal" })
                File.Copy(Path.Combine(_folder.Path, name), Path.Combine(copy.Path, name));
        }

        await using var again = SlipwayDatabase.Open(copy.Path);
        Assert.Equal(30, (await Ids(again)).Count);
    }

    [Fact]
    public async Task DisposeAsync_FinishesQueuedWritesAndRefusesNewOnes()
    {
        var database = Open(inMemory: false);
        var writes = Enumerable.Range(1, 50).Select(i => Add(database, i)).ToList();
        await database.DisposeAsync();
        await Task.WhenAll(writes);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Add(database, 51));
        await using var again = Open(inMemory: false);
        Assert.Equal(50, (await Ids(again)).Count);
    }

    [Fact]
    public async Task EnsureSchema_HigherVersion_RunsOnceAndKeepsRows()
    {
        await using var database = Open(inMemory: true);
        await Add(database, 1);
        const string second = "ALTER TABLE notes ADD COLUMN colour TEXT";
        database.EnsureSchema("notes", 2, second);
        database.EnsureSchema("notes", 2, second);
        Assert.Equal([1L], await Ids(database));
    }

    [Fact]
    public async Task EnsureSchema_LowerVersion_IsRefusedAsNewer()
    {
        await using var database = Open(inMemory: false);
        database.EnsureSchema("notes", 3, "SELECT 1");
        var refusal = Assert.Throws<StorageOpenException>(() => database.EnsureSchema("notes", 1, "SELECT 1"));
        Assert.Equal(StorageOpenProblem.NewerVersion, refusal.Kind);
        Assert.Contains("notes has version 3, this version knows up to 1", refusal.Message, StringComparison.Ordinal);
    }
}
