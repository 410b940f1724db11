using Slipway.Azure.Clients;
using Slipway.Azure.Configuration;
using Slipway.Azure.Flags;
using Slipway.Azure.Metrics;
using Slipway.Azure.Tests.Configuration;
using Slipway.Azure.Tests.Loopback;
using Slipway.Azure.Tests.Metrics;
using Slipway.Azure.Throttling;
using Slipway.Core.Analysis;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Embedded.Tests.Contracts;
using Slipway.Embedded.Time;
using Slipway.Workflow.Flags;
using Slipway.Workflow.Ports;

namespace Slipway.Azure.Tests.Throttling;

/// <summary>A service that says that there are too many requests is left alone by everything that can wait, and by nothing that a rollback needs.</summary>
public sealed class ThrottledServiceTests : IAsyncDisposable
{
    private static readonly FlagSpec Search = new() { Name = "search-v2" };

    private readonly VirtualTimeProvider _time = TestClock.AtNine();
    private readonly FakeAppConfiguration _flags = new();
    private readonly FakeLogAnalytics _logs = new(FakeLogAnalytics.Observations());
    private readonly FakeCredential _credential = new();
    private readonly LogsBudget _budget;
    private readonly LogAnalyticsMetricSource _source;
    private readonly WatchPlan _watch = QueryTextTests.Query(new LogsPlan { Flag = "search-v2" }, [300]).Watch with { Workspace = FakeLogAnalytics.Workspace };

    public ThrottledServiceTests()
    {
        _budget = new LogsBudget(_time);
        var once = Rerouted.Quick with { Retries = 0 };
        _source = LogAnalyticsMetricSource.Create(_credential, _time, _budget, Rerouted.Endpoint, once, Rerouted.To(_logs.Url));
        _flags.Put(".appconfig.featureflag/search-v2", "", FlagJson.CreateOff("search-v2", ""));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _budget.Dispose();
        await _flags.DisposeAsync();
        await _logs.DisposeAsync();
    }

    [Theory]
    [InlineData("retry-after-ms", "90000")]
    [InlineData("Retry-After", "90")]
    public async Task LookAsync_AfterTooManyRequests_DoesNotAskBeforeTheStoreWantsIt(string header, string value)
    {
        var store = Store(AppConfigurationLimits.Standard(_time));
        _flags.Scripted.Add(429, "", (header, value));
        await Assert.ThrowsAsync<PortUnavailableException>(() => store.LookAsync("search-v2", Cancellation));

        _time.Advance(TimeSpan.FromSeconds(89));
        var kept = await Assert.ThrowsAsync<PortUnavailableException>(() => store.LookAsync("search-v2", Cancellation));
        Assert.Equal("flag store: the service asked to wait; not asked before 2026-12-01T09:01:30Z", kept.Message);
        Assert.Equal(TestClock.AtNine().GetUtcNow().AddSeconds(90), kept.RetryAt);
        Assert.Single(_flags.Log);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(await store.LookAsync("search-v2", Cancellation));
        Assert.Equal(2, _flags.Log.Count);
    }

    [Fact]
    public async Task AStoreThatAsksToWait_IsReadAndWrittenByARollbackAllTheSame()
    {
        var store = Store(AppConfigurationLimits.Standard(_time));
        var off = await store.ReadAsync("search-v2", Cancellation);
        var on = await store.SetExposureAsync(Search, new Percentage(5), off!.ETag, Cancellation);
        _flags.Scripted.Add(503, "", ("Retry-After", "120"));
        await Assert.ThrowsAsync<PortUnavailableException>(() => store.LookAsync("search-v2", Cancellation));

        await Assert.ThrowsAsync<PortUnavailableException>(() => store.LookAsync("search-v2", Cancellation));
        await Assert.ThrowsAsync<PortUnavailableException>(() => store.ListAsync(Cancellation));
        var read = await store.ReadAsync("search-v2", Cancellation);
        Assert.Equal(on.Current!.ETag, read!.ETag);
        Assert.True((await store.RestoreAsync("search-v2", off.Json, read.ETag, Cancellation)).Written);
    }

    [Fact]
    public async Task LookAsync_WhenTheHoursRequestsAreUsedUp_LeavesTheRestToReadsAndWrites()
    {
        var store = Store(new RequestBudget(_time, new RateLimit(2, TimeSpan.FromHours(1))));
        await store.LookAsync("search-v2", Cancellation);
        await store.LookAsync("search-v2", Cancellation);
        var kept = await Assert.ThrowsAsync<PortUnavailableException>(() => store.LookAsync("search-v2", Cancellation));
        Assert.Equal("flag store: the store's hourly number of requests is used up on this side; not asked before 2026-12-01T10:00:00Z", kept.Message);
        Assert.NotNull(await store.ReadAsync("search-v2", Cancellation));
    }

    [Fact]
    public async Task LookAsync_OfAnUnchangedFlag_CostsAnEmptyAnswer()
    {
        var store = Store(AppConfigurationLimits.Standard(_time));
        var (first, second) = (await store.LookAsync("search-v2", Cancellation), await store.LookAsync("search-v2", Cancellation));
        Assert.Equal((first!.ETag, first.Json), (second!.ETag, second.Json));
        Assert.Equal(["200", "304"], _flags.Log.Select(line => line[^3..]));
    }

    [Theory]
    [InlineData("60", 60)]
    [InlineData(null, 30)]
    [InlineData("86400", 300)]
    public async Task ReadAsync_OfTelemetryAfterTooManyQuestions_RestsForEveryWorkspace(string? retryAfter, int seconds)
    {
        if (retryAfter is null) _logs.Scripted.Add(429);
        else _logs.Scripted.Add(429, "", ("Retry-After", retryAfter));
        await Assert.ThrowsAsync<PortUnavailableException>(() => ReadAsync(_watch));

        _time.Advance(TimeSpan.FromSeconds(seconds - 1));
        var other = _watch with { Workspace = "another" };
        var kept = await Assert.ThrowsAsync<PortUnavailableException>(() => ReadAsync(other));
        Assert.StartsWith("log analytics: the service asked to wait; not asked before ", kept.Message, StringComparison.Ordinal);
        Assert.Equal(_time.GetUtcNow().AddSeconds(1), kept.RetryAt);
        Assert.Single(_logs.Queries);

        _time.Advance(TimeSpan.FromSeconds(1));
        await ReadAsync(_watch);
        Assert.Equal(2, _logs.Queries.Count);
    }

    [Fact]
    public async Task ReadAsync_OfAWorkspaceThatIsAway_RestsForThatOneAlone()
    {
        var other = _watch with { Workspace = "another" };
        _logs.Scripted.Add(503, "", ("Retry-After", "60"));
        await Assert.ThrowsAsync<PortUnavailableException>(() => ReadAsync(_watch));

        await Assert.ThrowsAsync<PortUnavailableException>(() => ReadAsync(_watch));
        Assert.Single(_logs.Queries);

        // It is asked; that the loopback server knows one workspace only is another matter.
        var answered = await Assert.ThrowsAsync<PortUnavailableException>(() => ReadAsync(other));
        Assert.Contains("answered 404", answered.Message, StringComparison.Ordinal);
        Assert.Equal(2, _logs.Queries.Count);
    }

    [Fact]
    public async Task ReadAsync_OfAServiceThatFailsWithoutAWait_IsAskedAgainAtOnce()
    {
        _logs.Scripted.Add(503);
        await Assert.ThrowsAsync<PortUnavailableException>(() => ReadAsync(_watch));
        await ReadAsync(_watch);
        Assert.Equal(2, _logs.Queries.Count);
    }

    [Fact]
    public void Rest_ThatEndsEarlierThanTheOneUnderWay_ChangesNothing()
    {
        var budget = new RequestBudget(_time);
        var at = _time.GetUtcNow().AddSeconds(90);
        budget.Rest(at);
        budget.Rest(at.AddSeconds(-60));
        Assert.Equal(at, budget.TryTake());
        budget.Count();
        _time.AdvanceTo(at);
        Assert.Null(budget.TryTake());
    }

    private Task<IReadOnlyList<Observation>> ReadAsync(WatchPlan watch) =>
        _source.ReadAsync(watch, _time.GetUtcNow().AddMinutes(-5), _time.GetUtcNow().AddMinutes(-4), Cancellation);

    private AppConfigurationFlagStore Store(RequestBudget budget) =>
        new(AzureClients.Configuration(Rerouted.Endpoint, _credential, Rerouted.Quick, Rerouted.To(_flags.Url)), _time, budget);
}
