using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Reporting.Contract;
using Slipway.Core.Requests;
using Slipway.Scenarios.World;

namespace Slipway.Scenarios.Stories;

/// <summary>Several environments: one after the other, each judged by its own telemetry, all brought back together.</summary>
public class EnvironmentStories
{
    private const string Staging = "search-v2@staging";
    private const string Prod = "search-v2@prod";
    private const string StagingService = "search-staging";
    private const double Healthy = 0.002;

    /// <summary>Staging with one stage of 100 % for 20 minutes, then prod with the canary's stages.</summary>
    internal static ReleaseRequest StagingThenProd() => Requests.Canary() with
    {
        Environments =
        [
            new EnvironmentSpec
            {
                Name = EnvironmentName.Staging, Order = 1, Service = StagingService,
                Stages = [new StageSpec { Percentage = Percentage.Full, Bake = TimeSpan.FromMinutes(20) }],
            },
            new EnvironmentSpec { Name = EnvironmentName.Prod, Order = 2, Service = "search", Regions = ["westeurope"] },
        ],
    };

    [Fact]
    [Trait("requirement", "S002-06")]
    [Trait("requirement", "S002-69")]
    public async Task Prod_is_written_only_after_staging_is_deployed()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(StagingThenProd());
        var seen = new List<string>();
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        Add(await world.StateAsync(release));
        Assert.Empty(await Raised(world, Prod));
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        Add(await world.StateAsync(release));
        var state = await world.RunToEndAsync(release);
        Add(state);

        Assert.Equal(ReleasePhase.Completed, state.Phase);
        Assert.Equal(
            ["staging global Deploying, prod westeurope Pending", "staging global Deployed, prod westeurope Deploying", "staging global Deployed, prod westeurope Deployed"],
            seen);

        // By the records of the store and of the ledger: the first exposure of prod follows the end of staging's bake.
        var passed = (await world.LedgerAsync(release)).First(entry => entry.Read() is StageEnded { Stage: 0, Promoted: true }).At;
        Assert.Equal([100m], (await Raised(world, Staging)).Select(raised => raised.Exposure));
        Assert.Equal([5m, 25m, 50m, 100m], (await Raised(world, Prod)).Select(raised => raised.Exposure));
        Assert.All(await Raised(world, Prod), raised => Assert.True(raised.At >= passed));
        await Invariants.CheckAsync(world, release);

        void Add(ReleaseState at) => seen.Add(string.Join(", ", Rows(at).Select(row => $"{row.Name} {row.Region} {row.Status}")));
    }

    [Fact]
    [Trait("requirement", "S003-44")]
    public async Task Staging_moves_in_two_batches_of_half_where_the_request_does_not_say_otherwise()
    {
        await using var world = new ReleaseWorld();
        var request = StagingThenProd();
        var release = await world.StartAsync(request with { Environments = [request.Environments[0] with { Stages = [] }, request.Environments[1]] });
        await world.RunUntilAsync(release, ReleasePhase.Baking, 2);

        Assert.Equal([50m, 100m], (await Raised(world, Staging)).Select(raised => raised.Exposure));
        var state = await world.StateAsync(release);
        Assert.All(state.Stages.Take(2), stage => Assert.Equal(Core.Analysis.Verdict.Pass, stage.Verdict));
        Assert.Equal(5m, Assert.Single(await Raised(world, Prod)).Exposure);
        Assert.Contains(state.Plan.Notes, note => note.Contains("of staging: 50 % for ", StringComparison.Ordinal) && note.Contains("by halves", StringComparison.Ordinal));
        await world.EndAsync(release);
    }

    [Fact]
    [Trait("requirement", "S002-04")]
    public async Task A_bad_staging_goes_back_and_prod_is_never_exposed()
    {
        await using var world = new ReleaseWorld();
        world.Fleet.Of(StagingService).ErrorRate = (canary, _) => canary ? 0.08 : Healthy;
        var release = await world.StartAsync(StagingThenProd());
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Contains("in staging", state.Rollback!.Reason);
        Assert.Empty(await Raised(world, Prod));
        Assert.Equal(Percentage.Zero, await world.ExposureAsync(Staging));
        Assert.Equal([("staging", "global", EnvironmentStatus.Failed), ("prod", "westeurope", EnvironmentStatus.Pending)], Rows(state));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S002-08")]
    public async Task A_bad_prod_takes_staging_back_too()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(StagingThenProd());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 2);
        world.Service.ErrorRate = (canary, _) => canary ? 0.08 : Healthy;
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Contains("in prod", state.Rollback!.Reason);
        Assert.Equal(Percentage.Zero, await world.ExposureAsync(Prod));
        Assert.Equal(Percentage.Zero, await world.ExposureAsync(Staging));

        // In reverse order: what was moved last is undone first.
        var undone = (await world.EntriesAsync<EffectIntended>(release)).Where(intent => intent.EffectId.StartsWith("restore:", StringComparison.Ordinal));
        Assert.Equal([Prod, Staging], undone.Select(intent => intent.Target));
        Assert.All(Rows(state), row => Assert.Equal(EnvironmentStatus.Failed, row.Status));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task Staging_stays_watched_while_prod_bakes_and_its_breach_takes_both_back()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(StagingThenProd());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 2);
        world.Fleet.Of(StagingService).ErrorRate = (canary, _) => canary ? 0.08 : Healthy;
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal(0, state.Rollback!.Environment);
        Assert.Contains("in staging", state.Rollback.Reason);
        Assert.Equal(Percentage.Zero, await world.ExposureAsync(Prod));
        Assert.Equal(Percentage.Zero, await world.ExposureAsync(Staging));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task Lost_sight_of_staging_after_it_passed_is_an_alert_and_nothing_more()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(StagingThenProd());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        world.Fleet.Of(StagingService).Reports = (_, _) => false;
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Completed, state.Phase);
        var alert = state.Alerts["telemetry in staging"];
        Assert.Equal((AlertSeverity.Warning, 2), (alert.Severity, alert.Count));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task What_staging_showed_is_no_evidence_for_prod()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(StagingThenProd());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);

        // Staging has thousands of good requests; prod has none of its own.
        world.Service.Rps = 0;
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromMinutes(8));
        var state = await world.StateAsync(release);
        Assert.True(state.Stages[0].Evidence.Canary.Requests > 100_000);
        Assert.Equal(0, state.Stages[1].Evidence.Canary.Requests);
        Assert.Null(state.LastInterval);
        Assert.Equal(Core.Analysis.Verdict.Blind, state.Assessment!.Verdict);

        var end = await world.RunToEndAsync(release);
        Assert.Equal(ReleasePhase.RolledBack, end.Phase);
        Assert.Contains("sight was lost", end.Rollback!.Reason);
        Assert.All(
            await world.EntriesAsync<IntervalJudged>(release),
            judged => Assert.True(judged.Environment == 0 || judged.Observations.Count == 0));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_flag_of_staging_changed_while_prod_bakes_holds_the_release_until_it_is_put_back()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(StagingThenProd());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        await world.MeddleAsync(Staging, new Percentage(10));
        await world.RunUntilAsync(release, ReleasePhase.Paused);
        Assert.Contains($"{Staging} is at 10 %, Slipway left it at 100 %", (await world.StateAsync(release)).PhaseReason);

        // Nobody raised it again meanwhile, and one alert is enough.
        Assert.Equal(new Percentage(10), await world.ExposureAsync(Staging));
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromMinutes(5));
        Assert.Equal(1, (await world.StateAsync(release)).Alerts["drift"].Count);

        await world.MeddleAsync(Staging, Percentage.Full);
        await world.CommandAsync(release, ReleaseCommandKind.Resume);
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    internal static IReadOnlyList<(string Name, string Region, EnvironmentStatus Status)> Rows(ReleaseState state) =>
        [.. ReleaseReporter.Report(state, state.UpdatedAt).DeploymentPlan.Environments.Select(row => (EnvironmentSpec.Word(row.Name), row.Region, row.Status))];

    private static async Task<IReadOnlyList<(DateTimeOffset At, decimal Exposure)>> Raised(ReleaseWorld world, FlagKey flag) =>
        [.. (await world.Flags.RevisionsAsync(flag, default)).Where(revision => revision.State.Exposure > Percentage.Zero).Select(revision => (revision.At, revision.State.Exposure.Value))];
}
