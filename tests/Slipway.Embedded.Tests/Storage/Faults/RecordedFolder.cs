using System.Globalization;
using Microsoft.Data.Sqlite;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Embedded.Engine;
using Slipway.Embedded.Flags;
using Slipway.Embedded.Ledger;
using Slipway.Embedded.Storage;
using Slipway.Embedded.Tests.Contracts;
using Slipway.Embedded.Tests.Engine;
using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Tests.Storage.Faults;

/// <summary>A data folder as a server fills it (ledgers, flags, orchestrations), to be damaged.</summary>
internal sealed class RecordedFolder : IDisposable
{
    public static readonly ReleaseId Release = ReleaseId.Parse("one");

    private readonly TemporaryFolder _folder = new();

    public string Path => _folder.Path;

    public string DatabaseFile => _folder.DatabaseFile;

    public string LogFile => DatabaseFile + "-wal";

    public void Dispose() => _folder.Dispose();

    /// <summary>Writes a ledger, flags and orchestrations, and closes the file.</summary>
    public async Task FillAsync(int entries)
    {
        await using var database = SlipwayDatabase.Open(Path);
        await AppendAsync(database, 1, entries);
        var flags = new SqliteFlagStore(database, TestClock.AtNine());
        for (var number = 0; number < 10; number++) await flags.CreateAsync(new Core.Releases.FlagKey($"flag-{number}"), "carries the release", default);
        var registry = new WorkflowRegistry();
        var echo = registry.Activity<string, string>("echo.v1", text => text);
        var workflow = registry.Workflow<string, string>("talk.v1", async (context, text) =>
        {
            for (var time = 0; time < 5; time++) text = await context.RunActivity(echo, text + time.ToString(CultureInfo.InvariantCulture));
            return await context.WaitForSignal("go") + text;
        });
        await using var engine = new EmbeddedEngine(database, registry, TestClock.AtNine());
        for (var number = 0; number < 5; number++) await engine.StartAsync(workflow, $"talk-{number}", new string('x', 200));
        await engine.RunUntilIdleAsync();
    }

    /// <summary>Appends entries, each a commit of its own together with a count of them.</summary>
    public static async Task<SqliteLedger> AppendAsync(SlipwayDatabase database, int from, int count)
    {
        var ledger = new SqliteLedger(database);
        if (from == 1) await ledger.CreateAsync(Release, LedgerSamples.Creation(Release), default);
        for (var number = from; number < from + count; number++) await ledger.AppendAsync(Release, [LedgerSamples.Note($"note-{number}", number)], default);
        return ledger;
    }

    /// <summary>The ledger of a folder; its chain must be whole.</summary>
    public static async Task<IReadOnlyList<LedgerEntry>> LedgerAsync(SlipwayDatabase database)
    {
        var entries = await new SqliteLedger(database).ReadAsync(Release, 0, default);
        Assert.True(LedgerChain.Verify(entries).Ok, LedgerChain.Verify(entries).Sentence);
        return entries;
    }

    /// <summary>Everything that is stored, row by row, read without an index. SQLite's own <c>sqlite_sequence</c> only says which numbers are not given out
    /// again.</summary>
    public static Task<List<string>> DumpAsync(SlipwayDatabase database) => database.ReadAsync(connection =>
    {
        var rows = new List<string>();
        foreach (var table in Read(connection, "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'sqlite_sequence' ORDER BY name")) rows.AddRange(Read(connection, $"SELECT '{table}', * FROM {table} NOT INDEXED"));
        return rows;
    });

    private static List<string> Read(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The names are those of the database's own tables.
        command.CommandText = sql;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(column => Convert.ToString(reader.GetValue(column), CultureInfo.InvariantCulture))));
        return rows;
    }
}
