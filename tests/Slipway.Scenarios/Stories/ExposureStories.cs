using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Scenarios.World;

namespace Slipway.Scenarios.Stories;

/// <summary>Exposure read back from telemetry: what applications really show, against what was set.</summary>
public class ExposureStories
{
    [Fact]
    [Trait("requirement", "S002-13")]
    public async Task An_application_that_never_picks_the_flag_up_is_never_promoted_and_goes_back()
    {
        await using var world = new ReleaseWorld();
        world.Service.Shows = (_, _, _) => 0;
        var release = await world.StartAsync(Requests.Canary());
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Contains("sight was lost for longer than 10 min", state.Rollback!.Reason);
        Assert.Contains("0 % of users (0 of 600) are seen on the new version, 5 % is set", state.Rollback.Reason);
        Assert.DoesNotContain(await world.EntriesAsync<StageEnded>(release), ended => ended.Promoted);
        Assert.Contains(await world.EntriesAsync<IntervalJudged>(release), judged => judged.Assessment.Blind == BlindCause.ExposureMismatch);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task An_application_that_shows_it_to_everybody_is_found_at_the_first_stage()
    {
        await using var world = new ReleaseWorld();
        world.Service.Shows = (_, _, share) => share > 0 ? 1 : 0;
        var release = await world.StartAsync(Requests.Canary());
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Contains("100 % of users (600 of 600) are seen on the new version, 5 % is set", state.Rollback!.Reason);
        Assert.Equal(new Percentage(5), state.PeakExposure);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task An_application_that_is_late_with_the_flag_delays_the_promotion_and_nothing_more()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        var late = world.Time.GetUtcNow() + TimeSpan.FromMinutes(6);
        world.Service.Shows = (_, at, share) => at < late ? 0 : share;
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Completed, state.Phase);
        var alert = state.Alerts["telemetry"];
        Assert.Equal((AlertSeverity.Info, 2), (alert.Severity, alert.Count));
        var promoted = (await world.LedgerAsync(release)).First(entry => entry.Read() is StageEnded { Stage: 0, Promoted: true }).At;
        Assert.True(promoted > late + TimeSpan.FromMinutes(2));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_region_that_shows_another_share_is_named()
    {
        await using var world = new ReleaseWorld();
        world.Service.Shows = (region, _, share) => region == "northeurope" ? 0 : share;
        var release = await world.StartAsync(Requests.Canary() with
        {
            Environments = [new EnvironmentSpec { Name = EnvironmentName.Prod, Regions = ["westeurope", "northeurope"] }],
        });
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Contains("0 % of users (0 of 300) are seen on the new version in northeurope, 5 % is set", state.Rollback!.Reason);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_breach_is_found_in_time_although_the_exposure_does_not_fit()
    {
        await using var world = new ReleaseWorld();
        world.Service.Shows = (_, _, share) => share > 0 ? 1 : 0;
        world.Service.ErrorRate = (canary, _) => canary ? 0.3 : 0.002;
        var release = await world.StartAsync(Requests.Canary());
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal("error_rate", state.Rollback!.Finding!.Metric);
        await Invariants.CheckAsync(world, release);
    }
}
