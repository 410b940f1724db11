using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Scenarios.World;

namespace Slipway.Scenarios.Stories;

/// <summary>Exposure never grows unseen, however the release came to the point of growing.</summary>
public class BlindStories
{
    [Fact]
    public async Task Sight_lost_while_an_approval_is_open_holds_the_increase_until_it_is_back()
    {
        await using var world = new ReleaseWorld();
        var request = Requests.ApprovedStage();
        var release = await world.StartAsync(request with { Guardrails = request.Guardrails with { BlindHold = TimeSpan.FromMinutes(30) } });
        await world.RunUntilAsync(release, ReleasePhase.Approving);
        var lost = world.Time.GetUtcNow();
        var back = lost + TimeSpan.FromMinutes(20);
        world.Service.Reports = (_, at) => at < lost || at >= back;
        await world.RunUntilAsync(lost - ReleaseWorld.Epoch + TimeSpan.FromMinutes(12));
        Assert.Contains(await world.EntriesAsync<AlertRaised>(release), alert => alert.Name == "telemetry");

        Assert.IsType<CommandApplied>(await world.AnswerToAsync(release, world.LinkOf(Requests.Ada)));
        await world.RunUntilAsync(back - ReleaseWorld.Epoch);
        Assert.Equal(new Percentage(5), await world.ExposureAsync());
        Assert.Equal(ReleasePhase.Waiting, (await world.StateAsync(release)).Phase);

        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task Sight_lost_while_the_window_is_closed_holds_the_increase_and_then_rolls_back()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary() with
        {
            Operations = new OperationsSpec
            {
                TrafficRps = 100,
                ActiveUsers = 120_000,
                Freezes = [new FreezeSpan(ReleaseWorld.Epoch + TimeSpan.FromMinutes(5), ReleaseWorld.Epoch + TimeSpan.FromMinutes(60), "sale")],
            },
        });
        world.Service.Reports = (_, at) => at < ReleaseWorld.Epoch + TimeSpan.FromMinutes(40);

        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal(new Percentage(5), state.PeakExposure);
        await Invariants.CheckAsync(world, release);
    }
}
