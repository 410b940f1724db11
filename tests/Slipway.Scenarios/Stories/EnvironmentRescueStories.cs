using Slipway.Core.Analysis.Judging;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Scenarios.World;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;
using Slipway.Workflow.Rescue;

namespace Slipway.Scenarios.Stories;

/// <summary>Several environments when the orchestration dies, without an engine, and when histories are replayed.</summary>
public class EnvironmentRescueStories
{
    private const string Staging = "search-v2@staging";
    private const string Prod = "search-v2@prod";

    [Fact]
    public async Task A_release_whose_orchestration_died_in_prod_is_brought_back_in_both_environments()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(EnvironmentStories.StagingThenProd());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        world.Breaks.Fails = true;
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromMinutes(20));
        world.Breaks.Fails = false;
        await world.RunSweptAsync(TimeSpan.FromMinutes(3));
        var state = await world.RunToEndAsync(release);

        Assert.NotNull(state.TakenOver);
        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal(Percentage.Zero, await world.ExposureAsync(Staging));
        Assert.Equal(Percentage.Zero, await world.ExposureAsync(Prod));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_release_that_waits_before_the_next_environment_is_left_alone_while_the_one_before_is_watched()
    {
        await using var world = new ReleaseWorld();
        var well = false;
        world.Probe.Answer = (url, _) => new ProbeResult(url.AbsolutePath == "/partner" && !well ? 503 : 200, 20, "", "");
        var release = await world.StartAsync(EnvironmentStories.StagingThenProd() with
        {
            Gates = [new HttpGateSpec { Name = "partner", Url = new Uri("http://127.0.0.1/partner"), When = GateTiming.BeforeStage, Stage = new Percentage(5) }],
        });
        await world.RunUntilAsync(release, ReleasePhase.Paused);
        await world.RunSweptAsync(TimeSpan.FromMinutes(30));
        Assert.Equal(ReleasePhase.Paused, (await world.StateAsync(release)).Phase);
        Assert.Empty(await world.EntriesAsync<ReleaseTakenOver>(release));

        well = true;
        Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.Resume));
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_watch_of_the_environment_before_that_falls_silent_while_a_release_waits_is_found()
    {
        await using var world = new ReleaseWorld();
        world.Probe.Answer = (url, _) => new ProbeResult(url.AbsolutePath == "/partner" ? 503 : 200, 20, "", "");
        var release = await world.StartAsync(EnvironmentStories.StagingThenProd() with
        {
            Gates = [new HttpGateSpec { Name = "partner", Url = new Uri("http://127.0.0.1/partner"), When = GateTiming.BeforeStage, Stage = new Percentage(5) }],
        });
        await world.RunUntilAsync(release, ReleasePhase.Paused);
        world.Breaks.WatchSleeps = true;
        await world.RunSweptAsync(TimeSpan.FromMinutes(20));
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Contains("nothing was judged since", Assert.Single(await world.EntriesAsync<ReleaseTakenOver>(release)).Why, StringComparison.Ordinal);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_direct_rollback_takes_both_environments_back_without_an_engine()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(EnvironmentStories.StagingThenProd());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);

        var outcome = await new DirectRollback(world.Journal, world.Ports, world.Time, world).RunAsync(release, "dana@example.com", "the server is gone", default);

        var done = Assert.IsType<DirectOutcome.Done>(outcome);
        Assert.Equal([Prod, Staging], done.Results.Select(result => result.Target));
        Assert.Equal(Percentage.Zero, await world.ExposureAsync(Staging));
        Assert.Equal(Percentage.Zero, await world.ExposureAsync(Prod));
        Assert.Equal(ReleasePhase.RolledBack, (await world.StateAsync(release)).Phase);
    }

    [Fact]
    public async Task The_history_of_a_release_through_two_environments_replays()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(EnvironmentStories.StagingThenProd());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 2);
        world.Fleet.Of("search-staging").ErrorRate = (canary, _) => canary ? 0.08 : 0.002;
        await world.RunToEndAsync(release);

        var registry = ReleaseModule.RegisterWorkflows(new WorkflowRegistry(), new EvidenceJudge());
        var instances = await world.InstancesAsync();
        Assert.True(instances.Count(instance => instance.Workflow == "release.watch.v1") > 2);
        foreach (var instance in instances) Assert.Null(await world.ReplayAsync(instance.Id, registry));
    }
}
