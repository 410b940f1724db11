using System.Diagnostics;
using Slipway.Azure.Clients;
using Slipway.Azure.Configuration;
using Slipway.Azure.Flags;
using Slipway.Azure.Tests.Loopback;
using Slipway.Azure.Throttling;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Embedded.Tests.Contracts;
using Slipway.Embedded.Time;
using Slipway.Workflow.Flags;
using Slipway.Workflow.Ports;

namespace Slipway.Azure.Tests.Configuration;

/// <summary>What the adapters say when App Configuration does not do what it was asked.</summary>
public sealed class AppConfigurationFailureTests : IAsyncDisposable
{
    private const string Key = ".appconfig.featureflag/search-v2";

    private static readonly FlagSpec Search = new() { Name = "search-v2" };

    private readonly FakeAppConfiguration _service = new();
    private readonly FakeCredential _credential = new();
    private readonly VirtualTimeProvider _time = TestClock.AtNine();
    private readonly AppConfigurationFlagStore _store;

    public AppConfigurationFailureTests()
    {
        _service.Put(Key, "", FlagJson.CreateOff("search-v2", ""));
        _store = Store(AppConfigurationLimits.Standard(_time));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task AShortFault_IsRepeatedByTheClient(int status)
    {
        _service.Scripted.Add(status, "", ("retry-after-ms", "1"));
        Assert.NotNull(await _store.ReadAsync("search-v2", Cancellation));
        Assert.Equal(2, _service.Log.Count);
    }

    [Theory]
    [InlineData("retry-after-ms", "60")]
    [InlineData("x-ms-retry-after-ms", "60")]
    public async Task AWaitThatTheServiceAsksFor_IsKept(string header, string value)
    {
        _service.Scripted.Add(429, "", (header, value));
        var start = Stopwatch.GetTimestamp();
        Assert.NotNull(await _store.ReadAsync("search-v2", Cancellation));
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.FromMilliseconds(55), TimeSpan.MaxValue);
    }

    [Theory]
    [InlineData("retry-after-ms", "90000")]
    [InlineData("Retry-After", "90")]
    public async Task AWaitThatIsTooLong_IsTheCallersAndNotRepeated(string header, string value)
    {
        _service.Scripted.Add(429, "", (header, value));
        var error = await Assert.ThrowsAsync<PortUnavailableException>(() => _store.ReadAsync("search-v2", Cancellation));
        Assert.Equal("flag store: throttled (429); not to be asked before 2026-12-01T09:01:30Z", error.Message);
        Assert.Equal(_time.GetUtcNow().AddSeconds(90), error.RetryAt);
        Assert.Single(_service.Log);
    }

    [Theory]
    [InlineData(401, "has it the role App Configuration Data Owner?")]
    [InlineData(403, "it needs the role App Configuration Data Owner")]
    [InlineData(400, "answered 400")]
    [InlineData(500, "answered 500")]
    [InlineData(0, "no answer")]
    public async Task AnyOtherAnswer_IsWorthAnotherTry(int status, string words)
    {
        for (var i = 0; i < 3; i++) _service.Scripted.Add(status);
        var error = await Assert.ThrowsAsync<PortUnavailableException>(() => _store.ReadAsync("search-v2", Cancellation));
        Assert.Equal("flag store", error.System);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(FakeCredential.Token, error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("""{"key":"k"}""")]
    public async Task AnAnswerThatIsNoSetting_IsWorthAnotherTry(string body)
    {
        _service.Scripted.Add(200, body);
        var error = await Assert.ThrowsAsync<PortUnavailableException>(() => _store.ReadAsync("search-v2", Cancellation));
        Assert.Contains("cannot be read", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoSignIn_IsWorthAnotherTry()
    {
        _credential.Broken = "the identity endpoint is not there";
        var error = await Assert.ThrowsAsync<PortUnavailableException>(() => _store.ReadAsync("search-v2", Cancellation));
        Assert.Equal("flag store: no sign-in (the identity endpoint is not there)", error.Message);
    }

    [Fact]
    public async Task AServiceThatIsNotThere_IsWorthAnotherTry()
    {
        await _service.DisposeAsync();
        var error = await Assert.ThrowsAsync<PortUnavailableException>(() => _store.ReadAsync("search-v2", Cancellation));
        Assert.StartsWith("flag store: no answer (", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACallersCancellation_StaysOne()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _store.ReadAsync("search-v2", cancelled.Token));
    }

    [Fact]
    public async Task ALookAtAStoreThatHangs_IsGivenUpAfterThreeSeconds()
    {
        var hanging = new HangingTransport();
        var look = Hanging(hanging).LookAsync("search-v2", Cancellation);
        await hanging.AskedAsync(1);

        _time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(look.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal("flag store: no answer in time", (await Assert.ThrowsAsync<PortUnavailableException>(() => look)).Message);
    }

    [Fact]
    public async Task ALookThatItsCallerGivesUp_StaysACancellation()
    {
        var hanging = new HangingTransport();
        using var givenUp = new CancellationTokenSource();
        var look = Hanging(hanging).LookAsync("search-v2", givenUp.Token);
        await hanging.AskedAsync(1);
        await givenUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => look);
    }

    [Fact]
    public async Task ALockedSetting_SaysThatItIsReadOnly()
    {
        _service.Put(Key, "", FlagJson.CreateOff("search-v2", ""), locked: true);
        var off = await _store.ReadAsync("search-v2", Cancellation);
        var error = await Assert.ThrowsAsync<PortUnavailableException>(() => _store.SetExposureAsync(Search, new Percentage(5), off!.ETag, Cancellation));
        Assert.Contains($"'{Key}' is read-only", error.Message, StringComparison.Ordinal);

        _service.Put("mode", "", "stream", locked: true);
        var keys = new AppConfigurationStore(Client(), _time, AppConfigurationLimits.Standard(_time));
        var value = await keys.ReadAsync("mode", Cancellation);
        await Assert.ThrowsAsync<PortUnavailableException>(() => keys.WriteAsync("mode", null, value.ETag, Cancellation));
    }

    [Fact]
    public async Task SomebodyBetweenReadAndWrite_IsAValue()
    {
        var off = await _store.ReadAsync("search-v2", Cancellation);
        _service.BeforeWrite = () => _service.Put(Key, "", FlagJson.CreateOff("search-v2", "theirs"));
        var write = await _store.SetExposureAsync(Search, new Percentage(5), off!.ETag, Cancellation);
        Assert.False(write.Written);
        Assert.Contains("theirs", write.Current!.Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAnswerThatGotLost_LeavesWhatWasWritten()
    {
        var off = await _store.ReadAsync("search-v2", Cancellation);
        _service.LoseNextAnswer = true;

        // The client repeats the write, and its own first one was in the way: the workflow recognises it by what is there.
        var write = await _store.SetExposureAsync(Search, new Percentage(5), off!.ETag, Cancellation);

        Assert.False(write.Written);
        Assert.Equal(new Percentage(5), write.Current!.Exposure);
    }

    [Fact]
    public async Task ABudgetThatIsUsedUp_StopsListsAndNothingThatARollbackNeeds()
    {
        var store = Store(new RequestBudget(_time, new RateLimit(2, TimeSpan.FromHours(1))));
        var off = await store.ReadAsync("search-v2", Cancellation);
        Assert.True((await store.SetExposureAsync(Search, new Percentage(5), off!.ETag, Cancellation)).Written);

        var error = await Assert.ThrowsAsync<PortUnavailableException>(() => store.ListAsync(Cancellation));
        Assert.Contains("not asked before 2026-12-01T10:00:00Z", error.Message, StringComparison.Ordinal);
        var on = await store.ReadAsync("search-v2", Cancellation);
        Assert.True((await store.RestoreAsync("search-v2", off.Json, on!.ETag, Cancellation)).Written);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.NotEmpty(await store.ListAsync(Cancellation));
    }

    [Fact]
    public async Task AListOfSeveralPages_CostsARequestForEach()
    {
        await using var service = new FakeAppConfiguration { PageSize = 2 };
        foreach (var flag in new[] { "a", "b", "c", "d", "e" }) service.Put($".appconfig.featureflag/{flag}", "", FlagJson.CreateOff(flag, ""));
        var budget = new RequestBudget(_time, new RateLimit(4, TimeSpan.FromHours(1)));
        var store = new AppConfigurationFlagStore(AzureClients.Configuration(Rerouted.Endpoint, _credential, Rerouted.Quick, Rerouted.To(service.Url)), _time, budget);

        Assert.Equal(5, (await store.ListAsync(Cancellation)).Count);

        Assert.Equal(3, service.Log.Count);
        Assert.Null(budget.TryTake());
        Assert.NotNull(budget.TryTake());
    }

    private AppConfigurationFlagStore Hanging(HangingTransport transport) =>
        new(AzureClients.Configuration(Rerouted.Endpoint, _credential, Rerouted.Quick, options => options.Transport = transport), _time, AppConfigurationLimits.Standard(_time));

    private AppConfigurationFlagStore Store(RequestBudget budget) => new(Client(), _time, budget);

    private global::Azure.Data.AppConfiguration.ConfigurationClient Client() =>
        AzureClients.Configuration(Rerouted.Endpoint, _credential, Rerouted.Quick, Rerouted.To(_service.Url));
}
