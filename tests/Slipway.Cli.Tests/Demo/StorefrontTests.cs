using System.Net;
using System.Text.Json;
using Slipway.Cli.Demo;
using Slipway.Cli.Demo.Storefront;

namespace Slipway.Cli.Tests.Demo;

public sealed class StorefrontTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Search_FlagOff_TakesTheOldPath()
    {
        await using var shop = await StorefrontServer.StartAsync(1, new FakeFlags(FlagJson.Off("search-v2")), new FakeSink(), Stop);

        Assert.Equal("search v1", await PathOfAsync(shop, "dana"));
    }

    [Fact]
    public async Task Search_FlagFull_TakesTheNewPath()
    {
        await using var shop = await StorefrontServer.StartAsync(1, new FakeFlags(FlagJson.At("search-v2", 100)), new FakeSink(), Stop);

        Assert.Equal("search v2", await PathOfAsync(shop, "dana"));
    }

    [Fact]
    public async Task Search_TargetedShare_IsStickyPerUserAndNearThePercentage()
    {
        await using var shop = await StorefrontServer.StartAsync(1, new FakeFlags(FlagJson.At("search-v2", 25)), new FakeSink(), Stop);

        var shoppers = Enumerable.Range(0, 400).Select(number => $"shopper-{number}").ToArray();
        var first = new List<string?>();
        var second = new List<string?>();
        foreach (var shopper in shoppers) first.Add(await PathOfAsync(shop, shopper));
        foreach (var shopper in shoppers) second.Add(await PathOfAsync(shop, shopper));

        Assert.All(first.Zip(second), pair => Assert.True(pair.First is null || pair.Second is null || pair.First == pair.Second));
        Assert.InRange(first.Count(path => path == "search v2"), 60, 140);
    }

    [Fact]
    public async Task Search_FlagRaisedWhileRunning_IsSeenWithoutARestart()
    {
        var flags = new FakeFlags(FlagJson.Off("search-v2"));
        await using var shop = await StorefrontServer.StartAsync(1, flags, new FakeSink(), Stop);
        Assert.Equal("search v1", await PathOfAsync(shop, "dana"));

        flags.Flags = [FlagJson.At("search-v2", 100)];

        await Deadline.UntilAsync(async () => await PathOfAsync(shop, "dana") == "search v2", "the new path is taken", Stop);
    }

    [Fact]
    public async Task Telemetry_Traffic_CountsEveryAnswerOnceInTheArmThatTheUserGot()
    {
        var sink = new FakeSink();
        await using var shop = await StorefrontServer.StartAsync(7, new FakeFlags(FlagJson.At("search-v3", 30)), sink, Stop);
        var driver = new TrafficDriver(shop.Url, seed: 7, requestsPerSecond: 200, users: 500, TimeProvider.System);

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = driver.RunAsync(enough.Token);
        await Deadline.UntilAsync(() => Task.FromResult(driver.Answered >= 600), "600 answers", Stop);
        await enough.CancelAsync();
        await running;
        await Deadline.UntilAsync(
            () => Task.FromResult(Of(sink, "search-v3").Sum(row => row.Sample.Requests) >= driver.Answered), "every row sent", Stop);

        var canary = Of(sink, "search-v3").Where(row => row.Canary).Select(row => row.Sample).Aggregate((left, right) => left.Add(right));
        var control = Of(sink, "search-v3").Where(row => !row.Canary).Select(row => row.Sample).Aggregate((left, right) => left.Add(right));
        Assert.Equal(0, driver.Unanswered);
        Assert.Equal(driver.Answered, canary.Requests + control.Requests);
        Assert.Equal(driver.Failed, canary.Errors + control.Errors);
        Assert.InRange(canary.Requests / (double)driver.Answered, 0.2, 0.4);
        Assert.True(canary.Errors > control.Errors);
        Assert.Contains("IndexShardMissingException", canary.ErrorTypes);
        Assert.True(canary.Latency.Percentile(0.5) > control.Latency.Percentile(0.5) + 30);
        Assert.Equal(canary.Requests, canary.Latency.Total);
        Assert.All(sink.Rows, row => Assert.Equal(0, row.Start.UtcTicks % TimeSpan.TicksPerSecond));
    }

    [Fact]
    public async Task Health_Asked_Answers200()
    {
        await using var shop = await StorefrontServer.StartAsync(1, new FakeFlags(), new FakeSink(), Stop);
        using var client = new HttpClient { BaseAddress = shop.Url };

        using var answer = await client.GetAsync("/health", Stop);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static IEnumerable<TelemetryRow> Of(FakeSink sink, string service) => sink.Rows.Where(row => row.Service == service);

    /// <summary>The path that a shopper got; null when that request failed, as some do.</summary>
    private static async Task<string?> PathOfAsync(StorefrontServer shop, string shopper)
    {
        using var client = new HttpClient { BaseAddress = shop.Url };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/search?q=lamp");
        request.Headers.Add("user", shopper);
        request.Headers.Add(StorefrontServer.NumberHeader, "1");
        using var answer = await client.SendAsync(request, Stop);
        if (answer.StatusCode == HttpStatusCode.InternalServerError) return null;
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync(Stop));
        Assert.NotEqual(0, body.RootElement.GetProperty("products").GetArrayLength());
        return body.RootElement.GetProperty("path").GetString();
    }
}
