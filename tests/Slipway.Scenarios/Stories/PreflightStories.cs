using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Embedded.Faults;
using Slipway.Scenarios.World;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;

namespace Slipway.Scenarios.Stories;

/// <summary>Releases that never start: nothing is written, and the reason is told.</summary>
public class PreflightStories
{
    [Fact]
    [Trait("requirement", "S002-17")]
    [Trait("requirement", "S002-27")]
    public async Task A_failing_critical_smoke_check_stops_the_release_before_any_write()
    {
        await using var world = new ReleaseWorld();
        world.Probe.Answer = (_, _) => new ProbeResult(503, 20, "", "");
        await FailsBeforeExposure(world, Requests.Canary(), "smoke: search: answered 503, expected 200");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    public async Task What_a_release_had_begun_to_prove_when_it_was_stopped_has_an_entry_of_its_end(int seconds)
    {
        await using var world = new ReleaseWorld([FaultRule.Slow(FaultOperations.FlagRestore, TimeSpan.FromSeconds(20))]);
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Preflight);
        await world.RunUntilAsync(TimeSpan.FromSeconds(seconds / 2));
        await world.CommandAsync(release, ReleaseCommandKind.Abort);
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Failed, state.Phase);
        Assert.DoesNotContain(state.OpenEffects, effect => effect.Key.StartsWith("kill-switch:", StringComparison.Ordinal));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S002-26")]
    public async Task An_unsigned_artifact_stops_the_release()
    {
        await using var world = new ReleaseWorld();
        var request = Requests.Canary();
        await FailsBeforeExposure(world, request with { Artifacts = request.Artifacts! with { Signed = false } }, "not signed");
    }

    [Fact]
    [Trait("requirement", "S002-19")]
    public async Task High_findings_above_the_bar_stop_the_release()
    {
        await using var world = new ReleaseWorld();
        var request = Requests.Canary();
        await FailsBeforeExposure(world, request with { Preflight = request.Preflight with { SecurityScan = new SecurityScanSpec { MaxHigh = 0, High = 2, Critical = 0 } } }, "0 critical and 2 high findings");
    }

    [Fact]
    [Trait("requirement", "S002-47")]
    [Trait("requirement", "S001-40")]
    public async Task An_unhealthy_critical_service_stops_the_release()
    {
        await using var world = new ReleaseWorld();
        world.Probe.Answer = (url, _) => url.AbsolutePath == "/catalog" ? new ProbeResult(null, 10_000, "", "connection refused") : new ProbeResult(200, 20, "", "");
        var request = Requests.Canary();
        var service = new ServiceDependency { Name = "catalog", Health = new Uri("http://127.0.0.1/catalog") };
        await FailsBeforeExposure(world, request with { Preflight = request.Preflight with { Dependencies = new DependencySpec { Services = [service] } } }, "service: catalog: no answer: connection refused");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("requirement", "S002-117")]
    [Trait("requirement", "S001-40")]
    public async Task An_API_that_does_not_answer_stops_the_release_unless_there_is_a_fallback(bool fallback)
    {
        await using var world = new ReleaseWorld();
        world.Probe.Answer = (url, _) => url.AbsolutePath == "/geo" ? new ProbeResult(503, 20, "", "") : new ProbeResult(200, 20, "", "");
        var request = Requests.Canary();
        var api = new ExternalApiDependency { Name = "geo", Health = new Uri("http://127.0.0.1/geo"), Fallback = fallback };
        request = request with { Preflight = request.Preflight with { Dependencies = new DependencySpec { ExternalApis = [api] } } };
        if (fallback) Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(await world.StartAsync(request))).Phase);
        else await FailsBeforeExposure(world, request, "external API: geo: answered 503, expected 2xx");
    }

    [Fact]
    [Trait("requirement", "S002-18")]
    public async Task Tests_that_do_not_pass_in_staging_stop_the_release()
    {
        await using var world = new ReleaseWorld();
        world.Probe.Answer = (url, _) => url.AbsolutePath == "/staging" ? new ProbeResult(417, 20, "", "") : new ProbeResult(200, 20, "", "");
        var request = Requests.Canary();
        await FailsBeforeExposure(world, request with { Preflight = request.Preflight with { StagingTests = new Uri("http://127.0.0.1/staging") } }, "staging tests: answered 417, expected 2xx");
    }

    [Fact]
    [Trait("requirement", "S002-23")]
    public async Task A_flag_that_is_on_already_stops_the_release()
    {
        await using var world = new ReleaseWorld();
        await world.Flags.CreateAsync(Requests.Flag, "", default);
        await world.MeddleAsync(Requests.Flag, new Percentage(30));
        await FailsBeforeExposure(world, Requests.Canary(), "is at 30 %; expected off");
    }

    [Fact]
    [Trait("requirement", "X61")]
    public async Task A_baseline_that_is_beyond_a_limit_already_stops_the_release()
    {
        await using var world = new ReleaseWorld();
        world.Service.ErrorRate = (_, _) => 0.05;
        await FailsBeforeExposure(world, Requests.Canary(), "already beyond");
    }

    [Fact]
    [Trait("requirement", "S002-22")]
    public async Task Telemetry_that_does_not_answer_stops_the_release()
    {
        await using var world = new ReleaseWorld(FaultRule.Unavailable(FaultOperations.MetricRead));
        await FailsBeforeExposure(world, Requests.Canary(), "baseline");
    }

    [Fact]
    public async Task Telemetry_without_any_traffic_stops_the_release()
    {
        await using var world = new ReleaseWorld(FaultRule.Empty(FaultOperations.MetricRead));
        await FailsBeforeExposure(world, Requests.Canary(), "sent no request");
    }

    [Fact]
    public async Task Two_releases_on_one_flag_the_second_is_refused_with_the_holders_id()
    {
        await using var world = new ReleaseWorld();
        var (one, two) = (Requests.Canary("first"), Requests.Canary("second"));
        var startAt = ReleaseWorld.Epoch.AddHours(1);
        var first = await world.StartAsync(one with { Release = one.Release with { StartAt = startAt } });
        var second = await world.StartAsync(two with { Release = two.Release with { StartAt = startAt } });
        var state = await world.RunToEndAsync(second);

        Assert.Equal(ReleasePhase.Failed, state.Phase);
        Assert.Contains("held by release first", state.PhaseReason);
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(first)).Phase);
        await Invariants.CheckAsync(world, first);
    }

    [Fact]
    public async Task A_start_is_idempotent_by_id_and_content()
    {
        await using var world = new ReleaseWorld();
        await world.StartAsync(Requests.Canary());
        var again = await world.Desk.StartAsync(Requests.Canary(), "dana@example.com", default);
        var other = Requests.Canary();
        var conflict = await world.Desk.StartAsync(other with { Release = other.Release with { Title = "another" } }, "dana@example.com", default);

        Assert.True(Assert.IsType<StartOutcome.Started>(again).AlreadyExisted);
        Assert.IsType<StartOutcome.Conflict>(conflict);
        Assert.Single(await world.InstancesAsync(), instance => !instance.Id.Contains("watch", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("requirement", "S002-50")]
    public async Task Missing_information_starts_nothing_and_leaves_no_trace()
    {
        await using var world = new ReleaseWorld();
        var outcome = await world.Desk.StartAsync(Requests.Canary() with { Telemetry = null, Environments = [] }, "dana@example.com", default);

        var insufficient = Assert.IsType<StartOutcome.Insufficient>(outcome);
        Assert.Equal(2, insufficient.Context.Missing.Count);
        Assert.Empty(await world.InstancesAsync());
    }

    [Fact]
    public async Task A_flag_that_does_not_exist_is_refused_with_the_nearest_name()
    {
        await using var world = new ReleaseWorld();
        await world.Flags.CreateAsync("search-v3", "", default);
        var outcome = await world.Desk.StartAsync(Requests.Canary(), "dana@example.com", default);

        var problem = Assert.Single(Assert.IsType<StartOutcome.Refused>(outcome).Problems);
        Assert.Equal("flags[0].name", problem.Path);
        Assert.Equal("search-v3", problem.Suggestion);
    }

    private static async Task FailsBeforeExposure(ReleaseWorld world, ReleaseRequest request, string why)
    {
        var release = await world.StartAsync(request);
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Failed, state.Phase);
        Assert.Contains(why, state.PhaseReason);
        Assert.Empty(await world.EntriesAsync<StageStarted>(release));
        Assert.All(await world.Flags.RevisionsAsync(Requests.Flag, default), revision => Assert.True(revision.Actor != "slipway" || revision.State.Exposure == Percentage.Zero));
        await Invariants.CheckAsync(world, release);
    }
}
