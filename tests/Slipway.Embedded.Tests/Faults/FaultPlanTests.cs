using Slipway.Core.Analysis;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Strategies;
using Slipway.Embedded.Configuration;
using Slipway.Embedded.Faults;
using Slipway.Embedded.Flags;
using Slipway.Embedded.Mail;
using Slipway.Embedded.Tests.Contracts;
using Slipway.Embedded.Tests.Storage;
using Slipway.Embedded.Time;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Tests.Faults;

public sealed class FaultPlanTests : IAsyncDisposable
{
    private static readonly FlagSpec Search = new() { Name = "search-v2" };
    private static readonly Uri Url = new("http://localhost/hook");

    private readonly TestDatabase _database = TestDatabase.InMemory();
    private readonly VirtualTimeProvider _time = TestClock.AtNine();
    private readonly SqliteFlagStore _flags;

    public FaultPlanTests() => _flags = new SqliteFlagStore(_database.Database, _time);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Unavailable_AtOneCall_FailsThatCallOnlyAndWritesNothing()
    {
        var off = (await _flags.CreateAsync("search-v2", "", Cancellation)).Current!;
        var plan = new FaultPlan(_time, FaultRule.Unavailable(FaultOperations.FlagSet, FaultRule.Call(1)));
        var faulty = new FaultyFlagStore(_flags, plan);

        await Assert.ThrowsAsync<PortUnavailableException>(() => faulty.SetExposureAsync(Search, new Percentage(5), off.ETag, Cancellation));
        Assert.Equal(Percentage.Zero, (await faulty.ReadAsync("search-v2", Cancellation))!.Exposure);
        Assert.True((await faulty.SetExposureAsync(Search, new Percentage(5), off.ETag, Cancellation)).Written);

        Assert.Equal([(1, FaultEffect.Unavailable)], plan.Injected.Select(fault => (fault.Call.Number, fault.Effect)));
        Assert.Equal((2, 1, 0), (plan.CallsOf(FaultOperations.FlagSet), plan.CallsOf(FaultOperations.FlagRead), plan.CallsOf(FaultOperations.Mail)));
    }

    [Fact]
    public async Task AnswerLost_TakesEffectAndThenFails_SoThatTheRepetitionLosesOnItsETag()
    {
        var off = (await _flags.CreateAsync("search-v2", "", Cancellation)).Current!;
        var faulty = new FaultyFlagStore(_flags, new FaultPlan(_time, FaultRule.AnswerLost(FaultOperations.FlagSet, FaultRule.Call(1))));

        await Assert.ThrowsAsync<PortUnavailableException>(() => faulty.SetExposureAsync(Search, new Percentage(5), off.ETag, Cancellation));
        var again = await faulty.SetExposureAsync(Search, new Percentage(5), off.ETag, Cancellation);

        Assert.False(again.Written);
        Assert.Equal(new Percentage(5), again.Current!.Exposure);
    }

    [Fact]
    public async Task Conflict_ShowsWhatIsThereAndWritesNothing()
    {
        var off = (await _flags.CreateAsync("search-v2", "", Cancellation)).Current!;
        var plan = new FaultPlan(
            _time, FaultRule.Conflict(FaultOperations.FlagSet), FaultRule.Conflict(FaultOperations.FlagRestore), FaultRule.Conflict(FaultOperations.ConfigurationWrite));
        var faulty = new FaultyFlagStore(_flags, plan);

        var set = await faulty.SetExposureAsync(Search, new Percentage(5), off.ETag, Cancellation);
        var restored = await faulty.RestoreAsync("search-v2", off.Json, off.ETag, Cancellation);
        var keys = new FaultyConfigurationStore(new SqliteConfigurationStore(_database.Database), plan);

        Assert.Equal((false, off.ETag), (set.Written, set.Current!.ETag));
        Assert.Equal((false, off.ETag), (restored.Written, restored.Current!.ETag));
        Assert.False(await keys.WriteAsync("mode", "x", null, Cancellation));
        Assert.Null((await keys.ReadAsync("mode", Cancellation)).Value);
    }

    [Fact]
    public async Task Between_FollowsThePlansTime()
    {
        var start = _time.GetUtcNow();
        var faulty = new FaultyFlagStore(_flags, new FaultPlan(
            _time, FaultRule.Unavailable(FaultOperations.FlagRead, FaultRule.Between(start.AddMinutes(1), start.AddMinutes(2)))));

        Assert.Null(await faulty.ReadAsync("x", Cancellation));
        _time.Advance(TimeSpan.FromMinutes(1));
        await Assert.ThrowsAsync<PortUnavailableException>(() => faulty.ReadAsync("x", Cancellation));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await faulty.ReadAsync("x", Cancellation));
        Assert.Empty(await faulty.ListAsync(Cancellation));
    }

    [Fact]
    public async Task Slow_WaitsByThePlansTime()
    {
        var faulty = new FaultyFlagStore(_flags, new FaultPlan(_time, FaultRule.Slow(FaultOperations.FlagRead, TimeSpan.FromSeconds(31))));
        var reading = faulty.ReadAsync("x", Cancellation);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.False(reading.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await reading);
    }

    [Fact]
    public async Task Target_MeansOneFlagOnly()
    {
        var faulty = new FaultyFlagStore(_flags, new FaultPlan(_time, FaultRule.Unavailable(FaultOperations.FlagRead, FaultRule.Target("a"))));
        await Assert.ThrowsAsync<PortUnavailableException>(() => faulty.ReadAsync("a", Cancellation));
        Assert.Null(await faulty.ReadAsync("b", Cancellation));
    }

    [Fact]
    public async Task MailThatIsAnsweredTooLate_IsInTheOutboxOnce()
    {
        using var folder = new TemporaryFolder();
        var mail = new OutgoingMail(Guid.Empty, "dana@example.com", "", "s", "t", "h", "r");
        var faulty = new FaultyMailer(
            new OutboxMailer(folder.Path, _time), new FaultPlan(_time, FaultRule.AnswerLost(FaultOperations.Mail, FaultRule.Calls(1, 2))));
        await Assert.ThrowsAsync<PortUnavailableException>(() => faulty.SendAsync(mail, Cancellation));
        await Assert.ThrowsAsync<PortUnavailableException>(() => faulty.SendAsync(mail, Cancellation));
        Assert.Equal(await faulty.SendAsync(mail, Cancellation), Assert.Single(Directory.GetFiles(folder.Path)));
    }

    [Fact]
    public async Task ProbeAndHook_NeverThrow()
    {
        var world = new World();
        var plan = new FaultPlan(
            _time,
            FaultRule.Unavailable(FaultOperations.Probe, FaultRule.Call(1)),
            FaultRule.Unavailable(FaultOperations.Hook, FaultRule.Call(1)),
            FaultRule.AnswerLost(FaultOperations.Hook, FaultRule.Call(2)));
        var (probe, hook) = (new FaultyProbe(world, plan), new FaultyDeployHook(world, plan));

        Assert.Null((await probe.GetAsync(Url, TimeSpan.Zero, Cancellation)).Status);
        Assert.Equal(200, (await probe.GetAsync(Url, TimeSpan.Zero, Cancellation)).Status);
        var call = new HookCall(ReleaseId.Parse("search"), new HookStep(DeployAction.Swap, "1", HookStep.AllRegions, Percentage.Full), "k", 1);
        Assert.Equal(HookProgress.NoAnswer, (await hook.CallAsync(Url, call, Cancellation)).Progress);
        Assert.Equal(0, world.Deployments);
        Assert.Equal(HookProgress.NoAnswer, (await hook.CallAsync(Url, call, Cancellation)).Progress);
        Assert.Equal(1, world.Deployments);
        Assert.Equal(HookProgress.Done, (await hook.CallAsync(Url, call, Cancellation)).Progress);
    }

    [Fact]
    public async Task Late_AnswersWhatTheFirstReadOfTheSameFlagAnswered()
    {
        var off = (await _flags.CreateAsync("search-v2", "", Cancellation)).Current!;
        var faulty = new FaultyFlagStore(_flags, new FaultPlan(_time, FaultRule.Late(FaultOperations.FlagRead, FaultRule.Calls(2, 3))));

        Assert.Equal(off.ETag, (await faulty.ReadAsync("search-v2", Cancellation))!.ETag);
        var written = (await faulty.SetExposureAsync(Search, new Percentage(5), off.ETag, Cancellation)).Current!;
        Assert.Equal(off.ETag, (await faulty.ReadAsync("search-v2", Cancellation))!.ETag);

        // A flag that was never read has no past.
        var other = (await _flags.CreateAsync("other", "", Cancellation)).Current!;
        Assert.Equal(other.ETag, (await faulty.ReadAsync("other", Cancellation))!.ETag);
        Assert.Equal(written.ETag, (await faulty.ReadAsync("search-v2", Cancellation))!.ETag);
    }

    [Fact]
    public async Task MetricsAndWebhooks_FailByPlan()
    {
        var world = new World();
        var plan = new FaultPlan(
            _time,
            FaultRule.Unavailable(FaultOperations.MetricRead, FaultRule.Call(1)),
            FaultRule.Empty(FaultOperations.MetricRead, FaultRule.Call(2)),
            FaultRule.AnswerLost(FaultOperations.Webhook, FaultRule.Call(1)));
        var metrics = new FaultyMetricSource(world, plan);
        var webhook = new FaultyWebhook(world, plan);
        var (watch, now) = (LedgerSamples.Watch(60), _time.GetUtcNow());

        await Assert.ThrowsAsync<PortUnavailableException>(() => metrics.ReadAsync(watch, now, now, Cancellation));
        Assert.Empty(await metrics.ReadAsync(watch, now, now, Cancellation));
        Assert.Single(await metrics.ReadAsync(watch, now, now, Cancellation));
        await Assert.ThrowsAsync<PortUnavailableException>(() => webhook.PostAsync(Url, "{}", "k", Cancellation));
        await webhook.PostAsync(Url, "{}", "k", Cancellation);
        Assert.Equal(2, world.Posts);
    }

    [Fact]
    public void APlanThatCouldNeverHappen_IsRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => new FaultPlan(_time, FaultRule.Unavailable("flag.write")));
        Assert.Contains("expected one of flag.read, ", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new FaultPlan(_time, FaultRule.Conflict(FaultOperations.Mail)));
        Assert.Throws<ArgumentException>(() => new FaultPlan(_time, FaultRule.AnswerLost(FaultOperations.FlagRead)));
        Assert.Throws<ArgumentException>(() => new FaultPlan(_time, FaultRule.Late(FaultOperations.FlagSet)));
    }

    private sealed class World : IProbe, IDeployHook, IMetricSource, IWebhook
    {
        public int Deployments { get; private set; }

        public int Posts { get; private set; }

        public Task<ProbeResult> GetAsync(Uri url, TimeSpan timeout, CancellationToken cancellation) => Task.FromResult(new ProbeResult(200, 1, "", ""));

        public Task<HookResult> CallAsync(Uri hook, HookCall call, CancellationToken cancellation)
        {
            Deployments++;
            return Task.FromResult(new HookResult(HookProgress.Done, "HTTP 200"));
        }

        public Task<HookResult> StatusAsync(Uri status, CancellationToken cancellation) => Task.FromResult(new HookResult(HookProgress.Done, "HTTP 200"));

        public Task PostAsync(Uri url, string json, string idempotencyKey, CancellationToken cancellation)
        {
            Posts++;
            return Task.CompletedTask;
        }

        public Task<IReadOnlyList<Observation>> ReadAsync(WatchPlan watch, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyList<Observation>>([new Observation(from, watch.Interval, "global", null, null)]);
    }
}
