using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Strategies;
using Slipway.Scenarios.World;

namespace Slipway.Scenarios.Stories;

/// <summary>What stands against an increase while the pipeline works: windows that close, freezes, lost sight, drift.</summary>
public sealed class HookHoldStories
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("requirement", "X25")]
    public async Task A_window_that_closes_while_the_pipeline_deploys_holds_the_share_back(bool flag)
    {
        await using var world = new ReleaseWorld();
        world.Hook.Takes = step => step.Action == DeployAction.Deploy ? TimeSpan.FromMinutes(25) : TimeSpan.Zero;

        // The next window is hours away, not a week: telemetry is looked at every minute meanwhile, which takes real time and shows nothing more.
        var next = ReleaseWorld.Epoch.AddHours(3);
        var canary = StrategyRequests.CanaryByHook();
        var release = await world.StartAsync(canary with
        {
            Flags = flag ? Requests.Canary().Flags : [],
            Deploy = canary.Deploy! with { Within = TimeSpan.FromHours(1) },
            Operations = new() { TrafficRps = 100, Windows = [Window(9, 9.25), Window(12, 12.5)] },
        });
        await world.RunUntilAsync(next - ReleaseWorld.Epoch - TimeSpan.FromMinutes(1));

        var state = await world.StateAsync(release);
        Assert.Equal((ReleasePhase.Waiting, Percentage.Zero), (state.Phase, state.Exposure));
        Assert.Equal(["deploy 2.4.0 without users"], world.Hook.Took.Select(took => took.Step.Sentence));
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0, TimeSpan.FromHours(1));
        Assert.Equal(new Percentage(5), (await world.StateAsync(release)).Exposure);
        Assert.True((await world.StateAsync(release)).Stages[0].StartedAt >= next);
        Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.RollBack));
        await world.RunToEndAsync(release);
        await Invariants.CheckAsync(world, release);
    }

    private static ChangeWindow Window(double from, double to) => new([DayOfWeek.Tuesday], TimeSpan.FromHours(from), TimeSpan.FromHours(to), "UTC");

    [Fact]
    public async Task A_freeze_holds_every_step_of_the_pipeline_and_a_lift_lets_it_go_on()
    {
        await using var world = new ReleaseWorld();
        world.Hook.Takes = step => step is { Action: DeployAction.Shift, Percentage.Value: 100 } ? TimeSpan.FromMinutes(5) : TimeSpan.Zero;
        var release = await world.StartAsync(StrategyRequests.BlueGreen());
        await world.RunUntilAsync(release, ReleasePhase.Shifting, 2);
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromMinutes(1));
        await world.FreezeDesk.RaiseAsync("f", "lee", "payday", null, default);
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromHours(2));

        // The shift had been accepted and took its course; the swap waits.
        Assert.Equal("shift 100 % of users to 2.4.0", world.Hook.Took[^1].Step.Sentence);
        Assert.Equal(ReleasePhase.Waiting, (await world.StateAsync(release)).Phase);
        await world.FreezeDesk.LiftAsync("lee", "paid", default);
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        Assert.Equal("swap to 2.4.0", world.Hook.Took[^1].Step.Sentence);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_rollback_waits_for_no_freeze()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(StrategyRequests.BlueGreen());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 2);
        await world.FreezeDesk.RaiseAsync("f", "lee", "payday", null, default);
        Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.RollBack));
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal(Percentage.Zero, world.Service.Exposure);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S002-16")]
    public async Task Shortened_waits_are_in_the_ledger_and_the_audit_trail()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        var state = await world.RunToEndAsync(release);

        var entry = Assert.Single(await world.EntriesAsync<RolloutAccelerated>(release));
        Assert.Equal([(5m, 10d, 120d), (25m, 10d, 120d), (50m, 10d, 240d), (100m, 10d, 1440d)], entry.Stages.Select(stage => (stage.Percentage.Value, stage.Bake.TotalMinutes, stage.Instead.TotalMinutes)));
        Assert.Contains(state.Audit, line => line.Action == "rollout accelerated" && line.Details.Contains("100 % waits 10m instead of 1d", StringComparison.Ordinal));
        Assert.All(state.Stages, stage => Assert.Equal(Core.Analysis.Verdict.Pass, stage.Verdict));
    }

    [Fact]
    [Trait("requirement", "S002-16")]
    [Trait("requirement", "X10")]
    public async Task Nothing_above_low_risk_is_shortened_and_its_waits_are_the_planned_ones()
    {
        await using var world = new ReleaseWorld();
        var asked = Requests.ApprovedStart();
        var refused = await world.Desk.CheckAsync(asked with { Stages = Requests.Canary().Stages }, default);
        Assert.Contains("stages[0].bake", Assert.Single(Assert.IsType<Slipway.Workflow.Releases.StartCheck.Insufficient>(refused).Context.Missing, line => line.StartsWith("stages[0]", StringComparison.Ordinal)), StringComparison.Ordinal);

        var release = await world.StartAsync(asked);
        await world.RunUntilAsync(release, ReleasePhase.Approving);
        await world.AnswerToAsync(release, world.LinkOf(Requests.Ada));
        var state = await world.RunToEndAsync(release);
        Assert.Equal(ReleasePhase.Completed, state.Phase);
        Assert.Empty(await world.EntriesAsync<RolloutAccelerated>(release));
        Assert.All(state.Stages, stage => Assert.True(stage.EndedAt - stage.StartedAt >= StageDefaults.Floor(state.Plan.Stages[stage.Index].Percentage)));
    }
}
