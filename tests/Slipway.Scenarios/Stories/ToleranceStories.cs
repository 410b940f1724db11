using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Scenarios.World;

namespace Slipway.Scenarios.Stories;

/// <summary>What a request tolerates at first is what users meet at first.</summary>
public sealed class ToleranceStories
{
    [Fact]
    [Trait("requirement", "S000-37")]
    [Trait("requirement", "S000-59")]
    [Trait("requirement", "S000-60")]
    [Trait("requirement", "X10")]
    public async Task Five_percent_for_an_hour_is_what_the_canary_gets_and_it_is_judged_before_it_grows()
    {
        await using var world = new ReleaseWorld();
        var canary = Requests.Canary();
        var release = await world.StartAsync(canary with
        {
            Release = canary.Release with { Accelerate = true },
            Stages = [],
            Tolerance = new ToleranceSpec { Canary = new(5), For = TimeSpan.FromHours(1) },
        });
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromMinutes(59));
        Assert.Equal((ReleasePhase.Baking, new Percentage(5), new Percentage(5)), await SeenAsync(world, release));

        var state = await world.RunToEndAsync(release);
        Assert.Equal(ReleasePhase.Completed, state.Phase);
        Assert.Equal([5m, 50, 100], (await world.EntriesAsync<StageStarted>(release)).Select(started => started.Percentage.Value));
        Assert.Equal(Verdict.Pass, state.Stages[0].Verdict);
        Assert.InRange((state.Stages[0].EndedAt - state.Stages[0].StartedAt)!.Value, TimeSpan.FromMinutes(60), TimeSpan.FromMinutes(66));
        Assert.Contains((await world.EntriesAsync<RolloutAccelerated>(release)).Single().Stages, stage => (stage.Percentage.Value, stage.Bake, stage.Instead) == (5m, TimeSpan.FromHours(1), TimeSpan.FromHours(2)));
        await Invariants.CheckAsync(world, release);

        static async Task<(ReleasePhase, Percentage, Percentage)> SeenAsync(ReleaseWorld world, ReleaseId release)
        {
            var state = await world.StateAsync(release);
            return (state.Phase, state.PeakExposure, world.Service.Exposure);
        }
    }

    [Fact]
    [Trait("requirement", "S000-36")]
    [Trait("requirement", "S000-39")]
    public async Task A_gradual_flag_is_deployed_once_with_nobody_on_it_and_grows_without_another_deployment()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(StrategyRequests.Dark());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        Assert.Equal(["deploy 2.4.0 without users"], world.Hook.Took.Select(took => took.Step.Sentence));
        Assert.Equal(Percentage.Zero, (await world.StateAsync(release)).PeakExposure);
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Completed, state.Phase);
        Assert.Equal(["deploy 2.4.0 without users"], world.Hook.Took.Select(took => took.Step.Sentence));
        Assert.Equal(Percentage.Full, await world.ExposureAsync());
        await Invariants.CheckAsync(world, release);
    }
}
