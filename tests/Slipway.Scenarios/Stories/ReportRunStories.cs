using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Reporting.Contract;
using Slipway.Core.Requests;
using Slipway.Scenarios.World;
using Slipway.Workflow.Ports;

namespace Slipway.Scenarios.Stories;

/// <summary>The report beside what really happened: the outside's own records.</summary>
public class ReportRunStories
{
    [Fact]
    [Trait("requirement", "S002-57")]
    public async Task One_id_names_the_release_in_the_start_the_engine_the_report_its_links_and_every_message()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        Assert.Contains(await world.InstancesAsync(), instance => instance.Id == release.Value);
        await world.RunToEndAsync(release);

        var report = await ReportAsync(world, release);
        Assert.Equal(release.Value, report.ReleaseId);
        Assert.All(new[] { report.DeploymentArtifacts.Runbook, report.DeploymentArtifacts.RollbackProcedure, report.Monitoring.Dashboards[0].Url }, link => Assert.Contains($"/releases/{release}", link, StringComparison.Ordinal));
        Assert.All(world.Mailer.Sent, sent => Assert.Contains($"/releases/{release}", sent.Mail.Text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("healthy", ReportStatus.Completed)]
    [InlineData("bad", ReportStatus.RolledBack)]
    [InlineData("smoke", ReportStatus.Failed)]
    [Trait("requirement", "S002-59")]
    public async Task Status_is_in_progress_until_the_end_also_while_it_waits_for_people_and_then_says_how_it_ended(string run, ReportStatus end)
    {
        await using var world = new ReleaseWorld();
        if (run == "smoke") world.Probe.Answer = (_, _) => new ProbeResult(503, 20, "", "");
        var release = await world.StartAsync(Requests.ApprovedStage());
        Assert.Equal(ReportStatus.InProgress, (await ReportAsync(world, release)).Status);
        if (run != "smoke")
        {
            await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
            await world.CommandAsync(release, ReleaseCommandKind.Pause);
            Assert.Equal((ReleasePhase.Paused, ReportStatus.InProgress), ((await world.StateAsync(release)).Phase, (await ReportAsync(world, release)).Status));
            await world.CommandAsync(release, ReleaseCommandKind.Resume);
            await world.RunUntilAsync(release, ReleasePhase.Approving);
            Assert.Equal(ReportStatus.InProgress, (await ReportAsync(world, release)).Status);
            await world.DecideAsync(world.LinkOf(Requests.Ada));
            if (run == "bad") world.Service.ErrorRate = (canary, _) => canary ? 0.08 : 0.002;
        }

        await world.RunToEndAsync(release);
        Assert.Equal(end, (await ReportAsync(world, release)).Status);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S002-90")]
    [Trait("requirement", "S002-91")]
    [Trait("requirement", "S002-92")]
    public async Task Targeting_is_what_the_store_gives_back_after_the_write()
    {
        await using var world = new ReleaseWorld();
        var request = Requests.Canary();
        var release = await world.StartAsync(request with { Flags = [request.Flags[0] with { Segments = ["beta", "staff"], Overrides = ["dana@example.com"] }] });

        // The request says it from the beginning; the report only from the read-back on.
        var before = Assert.Single((await ReportAsync(world, release)).FeatureFlags).Targeting;
        Assert.Equal((0, 0, 0), (before.Rules.Count, before.Segments.Count, before.Overrides.Count));
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        var flag = Assert.Single((await ReportAsync(world, release)).FeatureFlags);
        var stored = (await world.Flags.ReadAsync(Requests.Flag, default))!;
        Assert.Equal((25, FlagExposure.Partial), (flag.Percentage, flag.Status));
        Assert.Equal(["Microsoft.Targeting"], flag.Targeting.Rules);
        Assert.Equal(["beta", "staff"], flag.Targeting.Segments);
        Assert.Equal(stored.Segments, flag.Targeting.Segments);
        Assert.Equal(["dana@example.com"], flag.Targeting.Overrides);
    }

    [Fact]
    [Trait("requirement", "S002-75")]
    [Trait("requirement", "S002-76")]
    [Trait("requirement", "S002-77")]
    [Trait("requirement", "S002-84")]
    public async Task The_analysis_shows_the_share_and_the_time_that_were_really_seen()
    {
        await using var world = new ReleaseWorld();

        // The application shows the new version to fewer users than the flag says, and its store is asked for a minute at a time.
        world.Service.Shows = (_, _, share) => share * 0.98;
        var release = await world.StartAsync(Requests.Canary());
        Assert.Equal((0, 0), ((await ReportAsync(world, release)).CanaryAnalysis.TrafficPercentage, (await ReportAsync(world, release)).CanaryAnalysis.DurationMinutes));
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromMinutes(8));
        var analysed = (await world.EntriesAsync<IntervalJudged>(release)).Where(judged => judged.Stage == 0).Sum(judged => judged.Observations.Count);
        var report = await ReportAsync(world, release);

        Assert.Equal(4.9, report.CanaryAnalysis.TrafficPercentage, 2);
        Assert.Equal(analysed, report.CanaryAnalysis.DurationMinutes);
        Assert.Equal(5, report.ProgressiveRollout.CurrentPercentage);
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        await world.RunToEndAsync(release);
        Assert.Equal(0, (await ReportAsync(world, release)).ProgressiveRollout.CurrentPercentage);
    }

    [Fact]
    [Trait("requirement", "S002-15")]
    [Trait("requirement", "S002-141")]
    [Trait("requirement", "S002-152")]
    public async Task Whatever_the_outside_saw_has_its_line_in_the_audit_trail()
    {
        await using var world = new ReleaseWorld();
        var request = StrategyRequests.BlueGreenByFlag();
        var release = await world.StartAsync(request with
        {
            Approvals = Requests.ApprovedStage().Approvals,
            Stages = [request.Stages[0] with { Approval = "release-managers" }, request.Stages[1]],
            Rollback = Requests.ThreeLevels().Rollback,
            Communications = request.Communications with { Webhooks = [new WebhookSpec("chat", new Uri("http://127.0.0.1/chat"), WebhookShape.Slack)] },
        });
        await world.RunUntilAsync(release, ReleasePhase.Approving);
        await world.DecideAsync(world.LinkOf(Requests.Ada), comment: "go");
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        await world.CommandAsync(release, ReleaseCommandKind.Pause);
        await world.CommandAsync(release, ReleaseCommandKind.Resume);
        await world.ComplainAsync(release, 12, "no results");
        await world.AnswerEvaluationAsync(release, EvaluationVerdict.Confirm);
        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);

        var trail = (await ReportAsync(world, release)).Compliance.AuditTrail;
        Assert.All(trail, line => Assert.True(line.Action.Length > 0 && line.Actor.Length > 0 && line.Details.Length > 0 && line.Timestamp >= ReleaseWorld.Epoch));
        Assert.Equal(world.Mailer.Sent.Count, trail.Count(line => line.Action == "mail accepted"));
        Assert.Equal(world.Webhook.Posted.Count, trail.Count(line => line.Action == "webhook accepted"));
        Assert.All(world.Hook.Asked, call => Assert.Contains(trail, line => line.Action == "hook effect begun" && line.Timestamp <= call.At && line.Details.Contains(call.Call.Step.Sentence, StringComparison.Ordinal)));
        var writes = (await world.Flags.RevisionsAsync(Requests.Flag, default)).Where(revision => revision.Actor == "slipway" && revision.At > ReleaseWorld.Epoch).ToList();
        Assert.NotEmpty(writes);
        Assert.All(writes, write => Assert.Contains(trail, line => line.Action.StartsWith("flag effect", StringComparison.Ordinal) && line.Timestamp == write.At));
        Assert.Equal((await world.EntriesAsync<PhaseEntered>(release)).Count, trail.Count(line => line.Action.StartsWith("phase ", StringComparison.Ordinal)));
        foreach (var (action, details) in new[]
        {
            ("approval stage-2:release-managers approved", ""), ("decision approve received", "go"), ("command pause received", "because"), ("command resume received", "because"),
            ("report complaints received", "no results"), ("evaluation e1 opened", "12 complaints"), ("answer confirm received", "looked at it"), ("rollback begun", "confirmed"), ("rollback level 1 recovered", ""),
        })
        {
            Assert.Contains(trail, line => line.Action.StartsWith(action, StringComparison.Ordinal) && line.Details.Contains(details, StringComparison.Ordinal));
        }

        await Invariants.CheckAsync(world, release);
    }

    private static async Task<ReleaseReport> ReportAsync(ReleaseWorld world, ReleaseId release) =>
        ReleaseReporter.Report(await world.StateAsync(release), world.Time.GetUtcNow());
}
