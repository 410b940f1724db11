using Slipway.Azure.Clients;
using Slipway.Azure.Configuration;
using Slipway.Azure.Flags;
using Slipway.Azure.Tests.Configuration;
using Slipway.Azure.Tests.Loopback;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Embedded.Tests.Contracts;
using Slipway.Workflow.Flags;

namespace Slipway.Azure.Tests.Flags;

public sealed class AppConfigurationFlagStoreTests : IAsyncDisposable
{
    private const string Key = ".appconfig.featureflag/search-v2";
    private const string Path = "/kv/.appconfig.featureflag%2Fsearch-v2";

    private static readonly FlagSpec Search = new() { Name = "search-v2" };

    private readonly FakeAppConfiguration _service = new() { PageSize = 2 };
    private readonly FakeCredential _credential = new();
    private readonly AppConfigurationFlagStore _store;

    public AppConfigurationFlagStoreTests()
    {
        var client = AzureClients.Configuration(Rerouted.Endpoint, _credential, Rerouted.Quick, Rerouted.To(_service.Url));
        _store = new AppConfigurationFlagStore(client, TestClock.AtNine(), AppConfigurationLimits.Standard(TestClock.AtNine()));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        Assert.Empty(_service.Faults);
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task CreateAsync_WritesWhatApplicationsLoad()
    {
        Assert.True((await _store.CreateAsync("search-v2@prod", "why", Cancellation)).Written);

        var stored = _service.Find(Key, "prod")!;
        Assert.Equal("application/vnd.microsoft.appconfig.ff+json;charset=utf-8", stored["content_type"]!.ToString());
        Assert.Equal("""{"id":"search-v2","description":"why","enabled":false,"conditions":{"client_filters":[]}}""", stored["value"]!.ToString());
        Assert.NotEmpty(_credential.Scopes);
    }

    [Fact]
    public async Task CreateAsync_AnExistingFlag_IsRefusedAndShown()
    {
        var created = await _store.CreateAsync("search-v2", "first", Cancellation);
        var again = await _store.CreateAsync("search-v2", "second", Cancellation);
        Assert.False(again.Written);
        Assert.Equal(created.Current!.ETag, again.Current!.ETag);
        Assert.Contains("first", again.Current.Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CreateAsync_AnImpossibleName_AsksNothing()
    {
        await Assert.ThrowsAsync<FlagFormatException>(() => _store.CreateAsync("a:b", "", Cancellation));
        Assert.Empty(_service.Log);
    }

    [Fact]
    public async Task ReadAsync_OfWhatItHasSeen_GetsAnEmptyAnswer()
    {
        _service.Put(Key, "", FlagJson.CreateOff("search-v2", ""));
        var first = await _store.ReadAsync("search-v2", Cancellation);
        var second = await _store.ReadAsync("search-v2", Cancellation);
        Assert.Equal(first!.Json, second!.Json);
        Assert.Equal([$"GET {Path} 200", $"GET {Path} 304"], _service.Log);

        _service.Put(Key, "", FlagJson.CreateOff("search-v2", "changed"));
        Assert.Contains("changed", (await _store.ReadAsync("search-v2", Cancellation))!.Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_AfterSomebodyDeletedIt_IsNullAndThenSeenAnew()
    {
        _service.Put(Key, "", FlagJson.CreateOff("search-v2", ""));
        await _store.ReadAsync("search-v2", Cancellation);
        _service.Delete(Key);
        Assert.Null(await _store.ReadAsync("search-v2", Cancellation));
        _service.Put(Key, "", FlagJson.CreateOff("search-v2", "new"));
        Assert.Contains("new", (await _store.ReadAsync("search-v2", Cancellation))!.Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SetExposureAsync_KeepsTagsAndEveryMemberThatItDoesNotKnow()
    {
        _service.Put(
            Key,
            "",
            """{"id":"search-v2","enabled":false,"conditions":{"client_filters":[]},"variants":[{"name":"On"}],"telemetry":{"enabled":true},"x":1.50}""",
            "anything",
            tags: ("team", "search"));
        var off = await _store.ReadAsync("search-v2", Cancellation);

        var write = await _store.SetExposureAsync(Search, new Percentage(5), off!.ETag, Cancellation);

        Assert.True(write.Written);
        var stored = _service.Find(Key)!;
        Assert.Equal("search", stored["tags"]!["team"]!.ToString());
        Assert.Equal(AppConfigurationFlagStore.ContentType, stored["content_type"]!.ToString());
        Assert.Contains("""{"name":"On"}""", write.Current!.Json, StringComparison.Ordinal);
        Assert.Contains("1.50", write.Current.Json, StringComparison.Ordinal);
        Assert.Equal(stored["etag"]!.ToString(), write.Current.ETag);
    }

    [Fact]
    public async Task SetExposureAsync_TurningOffWhatSomebodyBroke_Works()
    {
        _service.Put(Key, "", "{ broken");
        var broken = await _store.ReadAsync("search-v2", Cancellation);
        Assert.Equal(Percentage.Full, broken!.Exposure);
        var off = await _store.SetExposureAsync(Search, Percentage.Zero, broken.ETag, Cancellation);
        Assert.Equal((true, false), (off.Written, off.Current!.Enabled));
    }

    [Fact]
    public async Task SetExposureAsync_BeyondTheStoresLimit_SaysHowLargeItWouldBe()
    {
        var json = FlagJson.CreateOff("search-v2", new string('x', 9_900));
        _service.Put(Key, "", json, tags: ("team", new string('t', 200)));
        var off = await _store.ReadAsync("search-v2", Cancellation);
        var error = await Assert.ThrowsAsync<FlagFormatException>(() => _store.SetExposureAsync(Search, new Percentage(5), off!.ETag, Cancellation));
        Assert.Contains("at most 10240", error.Message, StringComparison.Ordinal);
        Assert.Equal(json, _service.Find(Key)!["value"]!.ToString());
    }

    [Fact]
    public async Task RestoreAsync_JsonOfAnotherFlag_IsRefusedAndWritesNothing()
    {
        var off = (await _store.CreateAsync("search-v2", "", Cancellation)).Current!;
        await Assert.ThrowsAsync<FlagFormatException>(() => _store.RestoreAsync("search-v2", FlagJson.CreateOff("other", ""), off.ETag, Cancellation));
        await Assert.ThrowsAsync<FlagFormatException>(() => _store.RestoreAsync("search-v2", "{", off.ETag, Cancellation));
        Assert.Equal(off.ETag, (await _store.ReadAsync("search-v2", Cancellation))!.ETag);
    }

    [Fact]
    public async Task ListAsync_ReadsEveryPageAndLeavesOutWhatNoRequestCanName()
    {
        foreach (var key in new[] { "a", "b", "c@x", "d", "e" }) _service.Put($".appconfig.featureflag/{key}", "", "{}");
        _service.Put(".appconfig.featureflag/a", "prod/west", "{}");
        _service.Put("other:key", "", "value");

        Assert.Equal(["a", "a@prod/west", "b", "d", "e"], await _store.ListAsync(Cancellation));
        Assert.Equal(3, _service.Log.Count);
    }
}
