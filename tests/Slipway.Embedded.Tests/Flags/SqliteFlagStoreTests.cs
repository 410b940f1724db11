using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Embedded.Flags;
using Slipway.Embedded.Tests.Contracts;
using Slipway.Embedded.Time;
using Slipway.Workflow.Flags;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Tests.Flags;

public abstract class SqliteFlagStoreContract(TestDatabase database) : FlagStoreContract, IAsyncDisposable
{
    private readonly SqliteFlagStore _store = new(database.Database, TestClock.AtNine());

    protected override IFlagStore Store => _store;

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected override async Task CreateOffAsync(FlagKey flag) =>
        Assert.True((await _store.CreateAsync(flag, "", TestContext.Current.CancellationToken)).Written);
}

public sealed class SqliteFlagStoreInMemory() : SqliteFlagStoreContract(TestDatabase.InMemory());

public sealed class SqliteFlagStoreOnDisk() : SqliteFlagStoreContract(TestDatabase.OnDisk());

public sealed class SqliteFlagStoreTests : IAsyncDisposable
{
    private static readonly FlagSpec Search = new() { Name = "search-v2" };

    private readonly TestDatabase _database = TestDatabase.OnDisk();
    private readonly VirtualTimeProvider _time = TestClock.AtNine();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private SqliteFlagStore Store => new(_database.Database, _time);

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task CreateAsync_AnExistingFlag_IsRefusedAndShown()
    {
        var created = await Store.CreateAsync("search-v2", "first", Cancellation);
        var again = await Store.CreateAsync("search-v2", "second", Cancellation);

        Assert.True(created.Written);
        Assert.False(again.Written);
        Assert.Equal(created.Current!.ETag, again.Current!.ETag);
        Assert.Contains("first", again.Current.Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CreateAsync_AnImpossibleName_SaysWhy()
    {
        var error = await Assert.ThrowsAsync<FlagFormatException>(() => Store.CreateAsync("a:b", "", Cancellation));
        Assert.Contains("':'", error.Message, StringComparison.Ordinal);
        Assert.Empty(await Store.ListAsync(Cancellation));
    }

    [Fact]
    public async Task RestoreAsync_JsonOfAnotherFlag_IsRefusedAndWritesNothing()
    {
        var off = (await Store.CreateAsync("search-v2", "", Cancellation)).Current!;
        await Assert.ThrowsAsync<FlagFormatException>(() => Store.RestoreAsync("search-v2", FlagJson.CreateOff("other", ""), off.ETag, Cancellation));
        await Assert.ThrowsAsync<FlagFormatException>(() => Store.RestoreAsync("search-v2", "{", off.ETag, Cancellation));
        Assert.Equal(off.ETag, (await Store.ReadAsync("search-v2", Cancellation))!.ETag);
    }

    [Fact]
    public async Task Flags_SurviveARestart()
    {
        var off = (await Store.CreateAsync("search-v2", "", Cancellation)).Current!;
        await Store.SetExposureAsync(Search, new Percentage(25), off.ETag, Cancellation);
        await _database.ReopenAsync();
        Assert.Equal(new Percentage(25), Assert.Single(await Store.ReadAllAsync(Cancellation)).Exposure);
    }

    [Fact]
    public async Task RevisionsAsync_SayWhoWroteWhatAndWhen()
    {
        var store = Store;
        var off = (await store.CreateAsync("search-v2", "", Cancellation)).Current!;
        _time.Advance(TimeSpan.FromMinutes(3));
        await store.As("dana").SetExposureAsync(Search, new Percentage(25), off.ETag, Cancellation);
        await store.SetExposureAsync(Search, new Percentage(50), off.ETag, Cancellation);

        var revisions = await store.RevisionsAsync("search-v2", Cancellation);

        Assert.Equal([("slipway", 0m), ("dana", 25m)], revisions.Select(revision => (revision.Actor, revision.State.Exposure.Value)));
        Assert.Equal(TimeSpan.FromMinutes(3), revisions[1].At - revisions[0].At);
        Assert.Empty(await store.RevisionsAsync("other", Cancellation));
    }

    [Fact]
    public async Task Subscribe_HearsOfEachCommittedWriteUntilItEnds()
    {
        var store = Store;
        var heard = new List<(string, decimal)>();
        using var broken = store.Subscribe(_ => throw new InvalidOperationException("a reader with a fault"));
        var subscription = store.Subscribe(flag => heard.Add((flag.Name, flag.Exposure.Value)));

        var off = (await store.CreateAsync("search-v2", "", Cancellation)).Current!;
        var on = (await store.As("dana").SetExposureAsync(Search, new Percentage(5), off.ETag, Cancellation)).Current!;
        Assert.False((await store.SetExposureAsync(Search, new Percentage(50), off.ETag, Cancellation)).Written);
        subscription.Dispose();
        Assert.True((await store.SetExposureAsync(Search, new Percentage(50), on.ETag, Cancellation)).Written);

        Assert.Equal([("search-v2", 0m), ("search-v2", 5m)], heard);
    }

    [Fact]
    public async Task ReadAsync_AfterTheDatabaseBroke_IsWorthAnotherTry()
    {
        var store = Store;
        await _database.Database.WriteAsync(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "DROP TABLE flags";
            command.ExecuteNonQuery();
        });
        var error = await Assert.ThrowsAsync<PortUnavailableException>(() => store.ReadAsync("search-v2", Cancellation));
        Assert.Equal("flag store", error.System);
    }
}
