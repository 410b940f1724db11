using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Tests.Contracts;

/// <summary>What every flag store must do.</summary>
public abstract class FlagStoreContract
{
    private static readonly FlagSpec Search = new() { Name = "search-v2", Segments = ["beta"], Overrides = ["dana@example.com"] };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract IFlagStore Store { get; }

    /// <summary>Puts a flag that is off into the store.</summary>
    protected abstract Task CreateOffAsync(FlagKey flag);

    [Fact]
    public async Task ReadAsync_UnknownFlag_IsNull() => Assert.Null(await Store.ReadAsync("nothing", Cancellation));

    [Fact]
    public async Task ListAsync_NamesEveryFlagAscending()
    {
        await CreateOffAsync("b");
        await CreateOffAsync("a");
        await CreateOffAsync("c");
        Assert.Equal(["a", "b", "c"], await Store.ListAsync(Cancellation));
    }

    [Fact]
    public async Task ALabel_HasItsOwnValueOfTheFlag()
    {
        await CreateOffAsync("search-v2");
        await CreateOffAsync("search-v2@prod/westeurope");
        var labelled = Search with { Label = "prod/westeurope" };

        Assert.True((await Store.SetExposureAsync(labelled, new Percentage(5), (await ReadAsync(labelled.Key)).ETag, Cancellation)).Written);

        Assert.Equal(["search-v2", "search-v2@prod/westeurope"], await Store.ListAsync(Cancellation));
        Assert.Equal(Percentage.Zero, (await ReadAsync("search-v2")).Exposure);
        var read = await ReadAsync(labelled.Key);
        Assert.Equal(("search-v2", "prod/westeurope", new Percentage(5)), (read.Name, read.Label, read.Exposure));
        Assert.Contains("\"id\":\"search-v2\"", read.Json, StringComparison.Ordinal);
        Assert.Null(await Store.ReadAsync("search-v2@prod", Cancellation));

        var back = await Store.RestoreAsync(labelled.Key, (await ReadAsync("search-v2")).Json, read.ETag, Cancellation);
        Assert.Equal((true, Percentage.Zero), (back.Written, (await ReadAsync(labelled.Key)).Exposure));
    }

    [Fact]
    public async Task SetExposureAsync_WithTheRightETag_WritesAndReadsBack()
    {
        await CreateOffAsync("search-v2");
        var off = await ReadAsync("search-v2");

        var write = await Store.SetExposureAsync(Search, new Percentage(12.5m), off.ETag, Cancellation);

        Assert.True(write.Written);
        var now = await ReadAsync("search-v2");
        Assert.Equal(now.ETag, write.Current!.ETag);
        Assert.Equal(now.Json, write.Current.Json);
        Assert.NotEqual(off.ETag, now.ETag);
        Assert.Equal((true, new Percentage(12.5m)), (now.Enabled, now.Exposure));
        Assert.Equal(["beta"], now.Segments);
        Assert.Equal(["dana@example.com"], now.Overrides);
    }

    [Fact]
    public async Task SetExposureAsync_Zero_TurnsTheFlagOff()
    {
        await CreateOffAsync("search-v2");
        var on = (await Store.SetExposureAsync(Search, Percentage.Full, (await ReadAsync("search-v2")).ETag, Cancellation)).Current!;
        Assert.Equal(Percentage.Full, on.Exposure);

        Assert.True((await Store.SetExposureAsync(Search, Percentage.Zero, on.ETag, Cancellation)).Written);

        var off = await ReadAsync("search-v2");
        Assert.Equal((false, Percentage.Zero), (off.Enabled, off.Exposure));
    }

    [Fact]
    public async Task SetExposureAsync_AfterSomebodyElseWrote_WritesNothingAndShowsWhatIsThere()
    {
        await CreateOffAsync("search-v2");
        var stale = (await ReadAsync("search-v2")).ETag;
        var theirs = (await Store.SetExposureAsync(Search, new Percentage(5), stale, Cancellation)).Current!;

        var write = await Store.SetExposureAsync(Search, new Percentage(50), stale, Cancellation);

        Assert.False(write.Written);
        Assert.Equal(theirs.ETag, write.Current!.ETag);
        Assert.Equal(new Percentage(5), (await ReadAsync("search-v2")).Exposure);
    }

    [Fact]
    public async Task SetExposureAsync_OfTheSameValue_StillMakesANewETag()
    {
        await CreateOffAsync("search-v2");
        var first = (await Store.SetExposureAsync(Search, new Percentage(5), (await ReadAsync("search-v2")).ETag, Cancellation)).Current!;
        var second = (await Store.SetExposureAsync(Search, new Percentage(5), first.ETag, Cancellation)).Current!;
        Assert.Equal(first.Json, second.Json);
        Assert.NotEqual(first.ETag, second.ETag);
    }

    [Fact]
    public async Task SetExposureAsync_UnknownFlag_WritesNothing()
    {
        Assert.Equal(new FlagWrite(false, null), await Store.SetExposureAsync(Search, new Percentage(5), "etag", Cancellation));
        Assert.Empty(await Store.ListAsync(Cancellation));
    }

    [Fact]
    public async Task SetExposureAsync_ByManyAtOnce_IsWonByExactlyOne()
    {
        await CreateOffAsync("search-v2");
        var etag = (await ReadAsync("search-v2")).ETag;
        var writes = await Task.WhenAll(Enumerable.Range(1, 20)
            .Select(percent => Store.SetExposureAsync(Search, new Percentage(percent), etag, Cancellation)));

        var winner = Assert.Single(writes, write => write.Written);
        Assert.Equal(winner.Current!.Exposure, (await ReadAsync("search-v2")).Exposure);
    }

    [Fact]
    public async Task RestoreAsync_WritesTheCapturedJsonToTheLetter()
    {
        await CreateOffAsync("search-v2");
        var captured = """{ "id": "search-v2", "x": [1.50, "é\u0041"],  "enabled": false, "conditions": { "client_filters": [] } }""";
        var before = await Store.RestoreAsync("search-v2", captured, (await ReadAsync("search-v2")).ETag, Cancellation);
        var on = await Store.SetExposureAsync(Search, Percentage.Full, before.Current!.ETag, Cancellation);

        var restored = await Store.RestoreAsync("search-v2", captured, on.Current!.ETag, Cancellation);

        Assert.True(restored.Written);
        Assert.Equal(captured, (await ReadAsync("search-v2")).Json);
        Assert.NotEqual(before.Current.ETag, restored.Current!.ETag);
    }

    [Fact]
    public async Task RestoreAsync_WithAStaleETag_WritesNothing()
    {
        await CreateOffAsync("search-v2");
        var off = await ReadAsync("search-v2");
        await Store.SetExposureAsync(Search, new Percentage(5), off.ETag, Cancellation);

        Assert.False((await Store.RestoreAsync("search-v2", off.Json, off.ETag, Cancellation)).Written);
        Assert.Equal(new Percentage(5), (await ReadAsync("search-v2")).Exposure);
    }

    private async Task<FlagState> ReadAsync(FlagKey flag) => Assert.IsType<FlagState>(await Store.ReadAsync(flag, Cancellation));
}
