using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Reporting.Contract;
using Slipway.Embedded.Faults;
using Slipway.Scenarios.World;

namespace Slipway.Scenarios.Stories;

/// <summary>Stages at 0 %: shadows and dark launches.</summary>
public class ShadowStories
{
    private const double Healthy = 0.002;

    [Fact]
    [Trait("requirement", "S002-43")]
    [Trait("requirement", "X27")]
    public async Task A_good_shadow_is_judged_with_nobody_exposed_and_stopped_before_anyone_is()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(StrategyRequests.Shadow());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        Assert.Equal(Percentage.Zero, (await world.StateAsync(release)).Exposure);
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Completed, state.Phase);
        Assert.Equal(
            ["deploy 2.4.0 without users", "start the shadow of 2.4.0", "stop the shadow of 2.4.0"], world.Hook.Took.Select(took => took.Step.Sentence));
        Assert.Contains("shadow requests at 0 %", state.Stages[0].Sentence, StringComparison.Ordinal);
        var raised = (await world.Flags.RevisionsAsync(Requests.Flag, default)).First(revision => revision.State.Exposure > Percentage.Zero);
        Assert.True(world.Hook.Took[^1].At <= raised.At);
        var report = ReleaseReporter.Report(state, state.UpdatedAt);
        Assert.Equal(ReportStrategy.Canary, report.DeploymentPlan.Strategy);
        Assert.Equal(0, report.ProgressiveRollout.Stages[0].Percentage);
        Assert.Contains(report.PreDeployment.Checks, check => check is { Check: QualityGates.Shadow, Status: GateStatus.Pass });
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S002-43")]
    [Trait("requirement", "X27")]
    public async Task A_bad_shadow_never_exposes_anyone()
    {
        await using var world = new ReleaseWorld();
        world.Service.ErrorRate = (canary, _) => canary ? 0.08 : Healthy;
        var release = await world.StartAsync(StrategyRequests.Shadow());
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal(Percentage.Zero, state.PeakExposure);
        Assert.Equal("stop the shadow of 2.4.0", world.Hook.Took[^1].Step.Sentence);
        Assert.Contains(ReleaseReporter.Report(state, state.UpdatedAt).PreDeployment.Checks, check => check is { Check: QualityGates.Shadow, Status: GateStatus.Fail });
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_shadow_that_answers_nothing_is_lost_sight_and_no_pass()
    {
        await using var world = new ReleaseWorld();
        world.Service.Reports = (canary, _) => !canary;
        var release = await world.StartAsync(StrategyRequests.Shadow());
        await world.RunUntilAsync(release, ReleasePhase.Paused);
        await world.RunUntilAsync(TimeSpan.FromHours(10));
        Assert.Contains("the canary has had no traffic", (await world.StateAsync(release)).PhaseReason, StringComparison.Ordinal);
        Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.RollBack));
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal(Percentage.Zero, state.PeakExposure);
        Assert.Equal("stop the shadow of 2.4.0", world.Hook.Took[^1].Step.Sentence);
        await Invariants.CheckAsync(world, release);
    }

    /// <summary>Nobody is the canary between the end of the shadow and the first users.</summary>
    [Fact]
    public async Task A_shadow_that_was_stopped_is_no_lost_sight_although_the_release_is_held_before_the_first_users()
    {
        var away = true;
        await using var world = new ReleaseWorld(FaultRule.Unavailable(FaultOperations.FlagSet, call => away && call.At >= ReleaseWorld.Epoch.AddMinutes(12)));
        var release = await world.StartAsync(StrategyRequests.Shadow());
        await world.RunUntilAsync(release, ReleasePhase.Shifting, 1);
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromMinutes(1));
        Assert.Equal("stop the shadow of 2.4.0", world.Hook.Took[^1].Step.Sentence);
        await world.CommandAsync(release, ReleaseCommandKind.Pause);
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromMinutes(20));
        away = false;
        await world.CommandAsync(release, ReleaseCommandKind.Resume);
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Completed, state.Phase);
        Assert.DoesNotContain(await world.EntriesAsync<IntervalJudged>(release), judged => judged.Assessment.Verdict == Verdict.Blind);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_shadow_alone_ends_by_a_rejection_with_nobody_ever_exposed()
    {
        await using var world = new ReleaseWorld();
        var request = StrategyRequests.Shadow();
        var release = await world.StartAsync(request with
        {
            Approvals = Requests.ApprovedStage().Approvals,
            Stages = [request.Stages[0] with { Approval = "release-managers" }, request.Stages[1]],
        });
        await world.RunUntilAsync(release, ReleasePhase.Approving);
        await world.AnswerToAsync(release, world.LinkOf(Requests.Ada), Core.Approvals.ApprovalChoice.Reject, "it was only a look");
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal(Percentage.Zero, state.PeakExposure);
        Assert.Equal("stop the shadow of 2.4.0", world.Hook.Took[^1].Step.Sentence);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S000-36")]
    [Trait("requirement", "S002-42")]
    public async Task A_dark_launch_deploys_with_the_flag_for_its_segment_alone_and_then_raises_it()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(StrategyRequests.Dark());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        var dark = (await world.Flags.ReadAsync(Requests.Flag, default))!;
        Assert.True(dark.Enabled);
        Assert.Equal((Percentage.Zero, "beta"), (dark.Exposure, Assert.Single(dark.Segments)));
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Completed, state.Phase);
        Assert.Equal(["deploy 2.4.0 without users"], world.Hook.Took.Select(took => took.Step.Sentence));
        Assert.Equal(Verdict.Pass, state.Stages[0].Verdict);
        Assert.Contains("requests of everybody at 0 %", state.Stages[0].Sentence, StringComparison.Ordinal);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S000-36")]
    public async Task A_dark_launch_without_a_segment_leaves_the_flag_off_at_nought_percent()
    {
        await using var world = new ReleaseWorld();
        var dark = StrategyRequests.Dark();
        var release = await world.StartAsync(dark with { Deploy = null, Flags = [dark.Flags[0] with { Segments = [] }] });
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        Assert.False((await world.Flags.ReadAsync(Requests.Flag, default))!.Enabled);
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_dark_launch_that_is_bad_for_its_segment_turns_the_flag_off()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(StrategyRequests.Dark());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);

        // The segment's requests stand out as the canary's although the default rollout is at nought.
        world.Service.Expose(world.Time.GetUtcNow(), new Percentage(2));
        world.Service.ErrorRate = (canary, _) => canary ? 0.3 : Healthy;
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.False((await world.Flags.ReadAsync(Requests.Flag, default))!.Enabled);
        await Invariants.CheckAsync(world, release);
    }
}
