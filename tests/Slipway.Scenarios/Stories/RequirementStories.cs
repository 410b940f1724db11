using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Reporting.Contract;
using Slipway.Core.Requests;
using Slipway.Core.Strategies;
using Slipway.Scenarios.World;

namespace Slipway.Scenarios.Stories;

/// <summary>What a request asks for is what the release waits for, and what its report tells.</summary>
public sealed class RequirementStories
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("requirement", "S001-16")]
    public async Task Each_approval_that_a_request_asks_for_is_a_gate_of_its_own(bool second)
    {
        await using var world = new ReleaseWorld();
        var request = Requests.ApprovedStage();
        var release = await world.StartAsync(request with { Stages = [.. request.Stages.Select((stage, index) => index is 1 or 3 ? stage with { Approval = "release-managers" } : stage)] });
        await world.RunUntilAsync(release, ReleasePhase.Approving, 0);
        Assert.Equal(new Percentage(5), await world.ExposureAsync());
        Assert.IsType<CommandApplied>(await world.AnswerToAsync(release, world.LinkOf(Requests.Ada)));
        await world.RunUntilAsync(release, ReleasePhase.Approving, 2);
        Assert.Equal(new Percentage(50), await world.ExposureAsync());
        if (second) Assert.IsType<CommandApplied>(await world.AnswerToAsync(release, world.LinkOf(Requests.Lee)));
        var state = await world.RunToEndAsync(release);

        var asked = await world.EntriesAsync<ApprovalRequested>(release);
        Assert.Equal([(1, "release-managers"), (3, "release-managers")], asked.Select(one => (one.Gate.Stage, one.Gate.Group)));
        Assert.Equal(second ? (ReleasePhase.Completed, Percentage.Full) : (ReleasePhase.RolledBack, new Percentage(50)), (state.Phase, state.PeakExposure));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S002-149")]
    public async Task A_completed_report_has_at_least_three_completed_stages_each_with_its_health()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        var state = await world.RunToEndAsync(release);
        var report = ReleaseReporter.Report(state, world.Time.GetUtcNow());

        Assert.Equal(ReportStatus.Completed, report.Status);
        Assert.True(report.ProgressiveRollout.Stages.Count >= 3);
        Assert.All(report.ProgressiveRollout.Stages, stage => Assert.Equal((ReportStageStatus.Completed, HealthStatus.Healthy), (stage.Status, stage.HealthStatus)));
        Assert.All(state.Stages, stage => Assert.True(stage.Evidence.Intervals > 0 && stage.Verdict is not null && stage.Sentence.Length > 0));
    }

    [Fact]
    [Trait("requirement", "S001-90")]
    public async Task A_change_of_configuration_brings_its_keys_back_before_any_code_is_touched()
    {
        await using var world = new ReleaseWorld();
        var request = Requests.ThreeLevels();
        var release = await world.StartAsync(request with { Release = request.Release with { ChangeType = ChangeType.Configuration } });
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        var key = await world.Configuration.ReadAsync("search:index:mode", default);
        await world.Configuration.WriteAsync("search:index:mode", "streaming", key.ETag, default);
        var broken = true;
        world.Service.ErrorRate = (_, _) => broken ? 0.2 : 0.002;
        world.OnConfiguration("search:index:mode", value => broken = value != "batch");
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal([1, 2, 3], state.Plan.Levels.Select(level => level.Level));
        Assert.Equal([(1, false), (2, true)], state.Rollback!.Levels.Select(level => (level.Result.Level, level.Result.Recovered)));
        Assert.DoesNotContain(world.Hook.Took, took => took.Step.Action is DeployAction.Rollback or DeployAction.Deploy);
        await Invariants.CheckAsync(world, release);
    }
}
