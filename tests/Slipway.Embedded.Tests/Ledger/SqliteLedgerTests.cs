using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Embedded.Ledger;
using Slipway.Embedded.Tests.Contracts;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Tests.Ledger;

public abstract class SqliteLedgerContract(TestDatabase database) : LedgerContract, IAsyncDisposable
{
    protected override ILedger Ledger { get; } = new SqliteLedger(database.Database);

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

public sealed class SqliteLedgerInMemory() : SqliteLedgerContract(TestDatabase.InMemory());

public sealed class SqliteLedgerOnDisk() : SqliteLedgerContract(TestDatabase.OnDisk());

public sealed class SqliteLedgerTests : IAsyncDisposable
{
    private static readonly ReleaseId One = ReleaseId.Parse("one");

    private readonly TestDatabase _database = TestDatabase.OnDisk();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private SqliteLedger Ledger => new(_database.Database);

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task AppendAsync_AfterARestart_GoesOnWithTheChain()
    {
        await Ledger.CreateAsync(One, LedgerSamples.Creation(One), Cancellation);
        await _database.ReopenAsync();
        await Ledger.AppendAsync(One, [LedgerSamples.Note("a", 1)], Cancellation);
        var verdict = LedgerChain.Verify(await Ledger.ReadAsync(One, 0, Cancellation));
        Assert.Equal((true, 2L), (verdict.Ok, (long)verdict.Count));
    }

    [Fact]
    public async Task ReadAsync_AfterSomebodyChangedTheFile_ShowsItInTheChain()
    {
        await Ledger.CreateAsync(One, LedgerSamples.Creation(One), Cancellation);
        await Ledger.AppendAsync(One, [LedgerSamples.Note("a", 1), LedgerSamples.Note("b", 2)], Cancellation);
        await _database.Database.WriteAsync(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE ledger_entries SET actor = 'nobody' WHERE sequence = 2";
            Assert.Equal(1, command.ExecuteNonQuery());
        });

        var verdict = LedgerChain.Verify(await Ledger.ReadAsync(One, 0, Cancellation));
        Assert.Equal((false, 2L), (verdict.Ok, (long)verdict.BadSequence!));
    }

    [Fact]
    public async Task ReadAsync_WhatIsNew_UsesTheIndex()
    {
        _ = Ledger;
        var plan = await _database.Database.ReadAsync(
            connection =>
            {
                using var command = connection.CreateCommand();
                command.CommandText = "EXPLAIN QUERY PLAN SELECT * FROM ledger_entries WHERE release = 'one' AND sequence > 7 ORDER BY sequence";
                using var reader = command.ExecuteReader();
                var steps = new List<string>();
                while (reader.Read()) steps.Add(reader.GetString(3));
                return steps;
            },
            Cancellation);
        Assert.StartsWith("SEARCH", Assert.Single(plan), StringComparison.Ordinal);
    }
}
