using Slipway.Azure.Clients;
using Slipway.Azure.Configuration;
using Slipway.Azure.Tests.Loopback;
using Slipway.Embedded.Tests.Contracts;

namespace Slipway.Azure.Tests.Configuration;

public sealed class AppConfigurationStoreTests : IAsyncDisposable
{
    private readonly FakeAppConfiguration _service = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task WriteAsync_KeepsContentTypeAndTags()
    {
        _service.Put("mode", "prod", "1", "application/json", tags: ("team", "search"));
        var store = Store("prod");
        var before = await store.ReadAsync("mode", Cancellation);

        Assert.True(await store.WriteAsync("mode", "2", before.ETag, Cancellation));

        var stored = _service.Find("mode", "prod")!;
        Assert.Equal(("2", "application/json", "search"), (stored["value"]!.ToString(), stored["content_type"]!.ToString(), stored["tags"]!["team"]!.ToString()));
    }

    [Fact]
    public async Task ReadAsync_AKeyOfAnotherLabel_IsAnotherKey()
    {
        _service.Put("mode", "prod", "stream");
        Assert.Null((await Store("").ReadAsync("mode", Cancellation)).Value);
        Assert.Equal("stream", (await Store("prod").ReadAsync("mode", Cancellation)).Value);
    }

    [Theory]
    [InlineData("search:index/mode")]
    [InlineData("a b+c&d=é?#")]
    public async Task WriteAsync_KeysWithEveryCharacter_ComeBack(string key)
    {
        var store = Store("prod/é west");
        Assert.True(await store.WriteAsync(key, "on", null, Cancellation));
        Assert.Equal("on", (await store.ReadAsync(key, Cancellation)).Value);
        Assert.Equal("on", _service.Find(key, "prod/é west")!["value"]!.ToString());
    }

    [Fact]
    public async Task WriteAsync_AKeyThatShallNotBeThere_IsTrueOnlyWhenItIsNot()
    {
        var store = Store("");
        Assert.True(await store.WriteAsync("mode", null, null, Cancellation));
        _service.Put("mode", "", "stream");
        Assert.False(await store.WriteAsync("mode", null, null, Cancellation));
    }

    private AppConfigurationStore Store(string label) => new(
        AzureClients.Configuration(Rerouted.Endpoint, new FakeCredential(), Rerouted.Quick, Rerouted.To(_service.Url)),
        TestClock.AtNine(),
        AppConfigurationLimits.Standard(TestClock.AtNine()),
        label);
}
