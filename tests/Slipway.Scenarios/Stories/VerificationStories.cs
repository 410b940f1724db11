using Slipway.Core.Documents;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning.Intake;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Scenarios.World;
using Slipway.Workflow.Ports;

namespace Slipway.Scenarios.Stories;

/// <summary>Verification is never skipped: not by a person in a hurry, and not at the end.</summary>
public sealed class VerificationStories
{
    [Fact]
    [Trait("requirement", "S001-101")]
    public async Task A_person_who_promotes_early_says_why_and_no_more_users_come_before_the_smoke_checks_pass()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        var refused = Assert.IsType<CommandRefused>(await world.CommandAsync(release, ReleaseCommandKind.Promote, reason: " "));
        Assert.StartsWith("promote needs a reason (--reason TEXT): the ledger keeps why", refused.Why, StringComparison.Ordinal);

        world.Probe.Answer = (_, _) => new ProbeResult(503, 20, "", "");
        Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.Promote, reason: "the fix is needed today"));
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromMinutes(8));
        Assert.Equal(new Percentage(5), await world.ExposureAsync());
        Assert.Single(await world.EntriesAsync<StageStarted>(release));
        Assert.Contains("smoke: search does not pass before 25 %: answered 503, expected 200", (await world.StateAsync(release)).PhaseReason, StringComparison.Ordinal);

        world.Probe.Answer = (_, _) => new ProbeResult(200, 20, "", "");
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        Assert.Contains(await world.EntriesAsync<CommandReceived>(release), received => received.Command is { Kind: ReleaseCommandKind.Promote, Reason: "the fix is needed today", Actor: "dana@example.com" });
        var entries = (await world.LedgerAsync(release)).Select(entry => entry.Read()).ToList();
        var second = entries.FindIndex(body => body is StageStarted { Stage: 1 });
        Assert.Contains(entries.Take(second).SkipWhile(body => body is not StageEnded { Stage: 0 }), body => body is GateChecked { Gate: "smoke: search", Status: GateStatus.Pass });
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S001-101")]
    public async Task Smoke_checks_that_stay_bad_after_an_early_promotion_hold_the_release_for_a_person()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        world.Probe.Answer = (_, _) => world.Service.Exposure > Percentage.Zero ? new ProbeResult(503, 20, "", "") : new ProbeResult(200, 20, "", "");
        await world.CommandAsync(release, ReleaseCommandKind.Promote);
        await world.RunUntilAsync(release, ReleasePhase.Paused);
        Assert.Equal(new Percentage(25), await world.ExposureAsync());
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);

        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S004-206")]
    public async Task What_a_person_sees_is_written_into_the_deployment_log_and_changes_nothing_else()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        var seen = new ReleaseSignal("seen-1", ReleaseSignalKind.Observation, PeopleReports.OnCall, "the queue of the indexer grows, and shrinks again");
        Assert.Equal(new CommandApplied("seen-1", "in the deployment log; nothing else changes"), await world.ReportAsync(release, seen));
        Assert.Equal(ReleasePhase.Baking, (await world.StateAsync(release)).Phase);
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Completed, state.Phase);
        var dossier = new ReleaseDossier { Request = state.Request, Plan = state.Plan, Gaps = IntakeGaps.Analyse(state.Request), At = world.Time.GetUtcNow(), State = state };
        Assert.Contains("report observation received", ReleaseDocuments.Render(dossier, DocumentNames.DeploymentLog)!.Text, StringComparison.Ordinal);
        Assert.Contains("the queue of the indexer grows, and shrinks again", ReleaseDocuments.Render(dossier, DocumentNames.DeploymentLog)!.Text, StringComparison.Ordinal);
        Assert.Equal(0, ReleaseReporter.Report(state, world.Time.GetUtcNow()).PostDeployment.UserFeedback.IssuesReported);
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(200, 300, true)]
    [InlineData(200, 301, false)]
    [InlineData(500, 20, false)]
    [Trait("requirement", "S003-65")]
    public async Task At_100_percent_the_synthetic_check_answers_200_within_300_ms_or_users_go_back(int status, double milliseconds, bool good)
    {
        await using var world = new ReleaseWorld();
        var request = Requests.Canary();
        request = request with { Preflight = request.Preflight with { Smoke = [request.Preflight.Smoke[0] with { Within = TimeSpan.FromMilliseconds(300) }] } };
        var release = await world.StartAsync(request);
        await world.RunUntilAsync(release, ReleasePhase.Baking, 3);
        world.Probe.Answer = (_, _) => world.Service.Exposure == Percentage.Full ? new ProbeResult(status, milliseconds, "", "") : new ProbeResult(200, 20, "", "");
        var state = await world.RunToEndAsync(release);

        Assert.Equal(good ? ReleasePhase.Completed : ReleasePhase.RolledBack, state.Phase);
        if (!good) Assert.Contains("checks at 100 % failed: smoke: search: answered ", state.Rollback!.Reason, StringComparison.Ordinal);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S004-139")]
    [Trait("requirement", "S004-23")]
    [Trait("requirement", "S004-29")]
    [Trait("requirement", "S004-40")]
    public async Task The_way_back_is_planned_and_documented_before_anything_is_written()
    {
        await using var world = new ReleaseWorld();
        var request = Requests.Canary();
        var release = await world.StartAsync(request with { Release = request.Release with { StartAt = ReleaseWorld.Epoch.AddHours(2) } });
        await world.RunUntilAsync(release, ReleasePhase.Waiting);
        var state = await world.StateAsync(release);

        Assert.Null(state.Captured);
        var report = ReleaseReporter.Report(state, world.Time.GetUtcNow());
        Assert.EndsWith("/documents/rollback-strategy", report.DeploymentArtifacts.RollbackProcedure, StringComparison.Ordinal);
        var dossier = new ReleaseDossier { Request = state.Request, Plan = state.Plan, Gaps = IntakeGaps.Analyse(state.Request), At = world.Time.GetUtcNow(), State = state };
        var strategy = ReleaseDocuments.Render(dossier, DocumentNames.RollbackStrategy)!;
        Assert.Contains("### Level 1", strategy.Text, StringComparison.Ordinal);

        // The modules that planned it stand in the trail with what they found, the way back before the way forward.
        var trail = state.Audit.Select(line => line.Action).ToList();
        var (back, forward) = (trail.FindIndex(action => action.Contains("deployment-patterns, Stage 1: Rollback", StringComparison.Ordinal)), trail.FindIndex(action => action.Contains("deployment-patterns, Stage 2: Deployment", StringComparison.Ordinal)));
        Assert.True(back > 0 && back < forward && forward < trail.FindIndex(action => action.StartsWith("phase", StringComparison.Ordinal)), string.Join(" | ", trail.Take(12)));

        var none = Requests.Canary("none");
        Assert.IsNotType<Workflow.Releases.StartOutcome.Started>(await world.Desk.StartAsync(none with { Flags = [] }, "dana@example.com", default));
    }
}
