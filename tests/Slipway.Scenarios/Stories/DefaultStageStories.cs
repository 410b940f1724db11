using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Scenarios.World;

namespace Slipway.Scenarios.Stories;

/// <summary>A release that lists no stages goes through the canonical ones, with the waits that its risk asks for.</summary>
public class DefaultStageStories
{
    [Fact]
    [Trait("requirement", "S004-75")]
    [Trait("requirement", "S004-80")]
    [Trait("requirement", "S004-81")]
    [Trait("requirement", "S004-159")]
    [Trait("requirement", "S004-161")]
    [Trait("requirement", "S004-176")]
    [Trait("requirement", "S004-178")]
    [Trait("requirement", "S004-186")]
    public async Task A_release_without_stages_goes_to_10_50_and_100_percent_and_waits_as_long_as_the_profile_says()
    {
        await using var world = new ReleaseWorld();
        world.Service.Rps = 1000;
        var release = await world.StartAsync(Requests.Canary() with { Stages = [] });

        var state = await world.RunToEndAsync(release, TimeSpan.FromDays(4));

        Assert.Equal(ReleasePhase.Completed, state.Phase);
        var started = await world.EntriesAsync<StageStarted>(release);
        Assert.Equal([10m, 50m, 100m], started.Select(stage => stage.Percentage.Value));
        var waits = state.Stages.Select(stage => (stage.EndedAt!.Value - stage.EvidenceFrom!.Value).TotalHours).ToList();
        Assert.InRange(waits[0], 2, 4);
        Assert.InRange(waits[1], 4, 8);
        Assert.InRange(waits[2], 24, 24.1);
        await Invariants.CheckAsync(world, release);
    }
}
