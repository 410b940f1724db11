using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Reporting.Contract;
using Slipway.Core.Requests;
using Slipway.Scenarios.World;
using Slipway.Workflow.Releases;

namespace Slipway.Scenarios.Stories;

/// <summary>What people report: complaints, incidents, data loss, an outage.</summary>
public class ReportStories
{
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    [Trait("requirement", "S004-20")]
    [Trait("requirement", "S004-200")]
    [Trait("requirement", "S004-20")]
    [Trait("requirement", "S004-51")]
    [Trait("requirement", "S004-108")]
    [Trait("requirement", "S004-109")]
    [Trait("requirement", "S004-110")]
    [Trait("requirement", "S004-170")]
    [Trait("requirement", "S002-114")]
    public async Task A_security_incident_data_loss_or_an_outage_rolls_back_at_once_from_every_stage(int stage)
    {
        foreach (var kind in new[] { ReleaseSignalKind.Incident, ReleaseSignalKind.DataLoss, ReleaseSignalKind.Outage })
        {
            await using var world = new ReleaseWorld();
            var request = Requests.Canary();
            var release = await world.StartAsync(request with { Contacts = request.Contacts with { Security = "security@example.com" } });
            await world.RunUntilAsync(release, ReleasePhase.Baking, stage);
            var at = world.Time.GetUtcNow();
            var answer = await world.ReportAsync(release, new ReleaseSignal("r1", kind, PeopleReports.OnCall, "dump found") { Severity = kind == ReleaseSignalKind.Incident ? IncidentSeverity.Security : null });
            Assert.Contains("rolling back from", Assert.IsType<CommandApplied>(answer).Effect);
            var state = await world.RunToEndAsync(release);

            Assert.Equal((ReleasePhase.RolledBack, at, true), (state.Phase, state.Rollback!.BegunAt, state.Rollback.Automated));
            Assert.Contains("reported by oncall@example.com: dump found", state.Rollback.Reason);
            Assert.Equal(kind == ReleaseSignalKind.Incident, state.LeftToDo.Any(left => left.StartsWith("run the incident response with security@example.com", StringComparison.Ordinal)));
            Assert.Equal(kind == ReleaseSignalKind.DataLoss, (await ReportAsync(world, release)).RollbackStatus.DataLoss);
            await Invariants.CheckAsync(world, release);
        }
    }

    [Fact]
    public async Task The_same_report_before_anyone_is_exposed_stops_the_release()
    {
        await using var world = new ReleaseWorld();
        var request = Requests.Canary();
        var release = await world.StartAsync(request with { Release = request.Release with { StartAt = ReleaseWorld.Epoch.AddHours(5) } });
        await world.RunUntilAsync(release, ReleasePhase.Waiting);
        Assert.IsType<CommandApplied>(await world.ReportAsync(release, ReleaseSignalKind.Outage));
        var state = await world.RunToEndAsync(release);

        Assert.Equal((ReleasePhase.Failed, Percentage.Zero), (state.Phase, state.PeakExposure));
        Assert.Contains("complete outage reported", state.PhaseReason);
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [Trait("requirement", "S004-172")]
    public async Task A_critical_incident_rolls_back_below_100_percent_and_is_evaluated_at_it(int stage, bool evaluated)
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, stage);
        var at = world.Time.GetUtcNow();
        Assert.IsType<CommandApplied>(await world.IncidentAsync(release, IncidentSeverity.Critical));
        Assert.Equal(evaluated ? ReleasePhase.Paused : ReleasePhase.RollingBack, (await world.StateAsync(release)).Phase);
        var state = await world.RunToEndAsync(release);

        Assert.Equal((ReleasePhase.RolledBack, evaluated ? at.AddMinutes(15) : at), (state.Phase, state.Rollback!.BegunAt));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_critical_incident_before_anyone_is_exposed_holds_the_release_and_stops_it_when_nobody_answers()
    {
        await using var world = new ReleaseWorld();
        var request = Requests.Canary();
        var release = await world.StartAsync(request with { Release = request.Release with { StartAt = ReleaseWorld.Epoch.AddHours(5) } });
        await world.RunUntilAsync(release, ReleasePhase.Waiting);
        Assert.IsType<CommandApplied>(await world.IncidentAsync(release, IncidentSeverity.Critical));
        Assert.Equal(ReleasePhase.Paused, (await world.StateAsync(release)).Phase);
        Assert.IsType<CommandApplied>(await world.AnswerEvaluationAsync(release, EvaluationVerdict.Dismiss));
        Assert.Equal(ReleasePhase.Waiting, (await world.StateAsync(release)).Phase);

        Assert.IsType<CommandApplied>(await world.IncidentAsync(release, IncidentSeverity.Critical));
        var state = await world.RunToEndAsync(release);
        Assert.Equal((ReleasePhase.Failed, Percentage.Zero), (state.Phase, state.PeakExposure));
        Assert.Contains("evaluation e2 got no answer", state.PhaseReason);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S004-173")]
    public async Task Three_warnings_within_30_minutes_roll_a_canary_back_and_three_in_more_do_not()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(LongBakes());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        var first = world.Time.GetUtcNow() - ReleaseWorld.Epoch;
        foreach (var minutes in new[] { 0, 5, 31 })
        {
            await world.RunUntilAsync(first + TimeSpan.FromMinutes(minutes));
            Assert.Contains("goes on", Assert.IsType<CommandApplied>(await world.IncidentAsync(release, IncidentSeverity.Moderate)).Effect);
        }

        Assert.Equal(ReleasePhase.Baking, (await world.StateAsync(release)).Phase);

        // Minutes 5, 31 and 35: within thirty minutes of each other.
        await world.RunUntilAsync(first + TimeSpan.FromMinutes(35));
        await world.IncidentAsync(release, IncidentSeverity.Moderate);
        var state = await world.RunToEndAsync(release);
        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Contains("3 warnings within 30 min", state.Rollback!.Reason);
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Three_warnings_from_half_of_the_users_on_are_evaluated(int stage)
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, stage);
        for (var warning = 0; warning < 3; warning++) await world.IncidentAsync(release, IncidentSeverity.Moderate);
        Assert.Equal("warnings", Assert.Single((await world.StateAsync(release)).OpenEvaluations).Opened.Subject);
        await world.AnswerEvaluationAsync(release, EvaluationVerdict.Dismiss);
        Assert.Equal(ReleasePhase.Baking, (await world.StateAsync(release)).Phase);

        // What was dismissed is not counted again: two more are not three.
        for (var warning = 0; warning < 2; warning++) await world.IncidentAsync(release, IncidentSeverity.Moderate);
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task Alerts_of_three_triggers_are_warnings_too()
    {
        await using var world = new ReleaseWorld();
        var request = Requests.Canary();
        TriggerSpec Alert(string metric, decimal above) => new() { Metric = metric, Above = above, Action = TriggerAction.Alert };
        var release = await world.StartAsync(request with
        {
            Guardrails = request.Guardrails with { Triggers = [Alert("latency_p50", 100), Alert("latency_p95", 100), Alert("latency_p99", 100)] },
        });
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        world.Service.Latency = (canary, _) => canary ? 150 : 40;
        var state = await world.RunToEndAsync(release);

        Assert.Equal((ReleasePhase.RolledBack, new Percentage(5)), (state.Phase, state.PeakExposure));
        Assert.Contains("3 warnings within 30 min", state.Rollback!.Reason);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S004-201")]
    [Trait("requirement", "S002-133")]
    public async Task Ten_complaints_in_a_stage_hold_the_release_and_twelve_that_are_invalid_let_it_go_on()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        Assert.Contains("9 complaints in this stage", Assert.IsType<CommandApplied>(await world.ComplainAsync(release, 9)).Effect);
        Assert.Equal(ReleasePhase.Baking, (await world.StateAsync(release)).Phase);
        Assert.Contains("held; evaluation e1", Assert.IsType<CommandApplied>(await world.ComplainAsync(release, 3, "nothing is found")).Effect);
        Assert.Equal(ReleasePhase.Paused, (await world.StateAsync(release)).Phase);
        Assert.Contains("12 complaints", Assert.Single((await world.StateAsync(release)).OpenEvaluations).Opened.Sentence);
        await world.AnswerEvaluationAsync(release, EvaluationVerdict.Dismiss);
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);

        var feedback = (await ReportAsync(world, release)).PostDeployment.UserFeedback;
        Assert.Equal((12, KpiImpact.Negative), (feedback.IssuesReported, feedback.Sentiment));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S004-201")]
    [Trait("requirement", "S004-50")]
    [Trait("requirement", "S004-174")]
    public async Task Valid_complaints_roll_back_and_unanswered_ones_hold_and_escalate_without_a_rollback()
    {
        await using var world = new ReleaseWorld();
        var request = Requests.Canary();
        var release = await world.StartAsync(request with { Contacts = request.Contacts with { Escalation = ["cto@example.com"] } });
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        await world.ComplainAsync(release, 12);
        var held = world.Time.GetUtcNow();
        await world.RunUntilAsync(held - ReleaseWorld.Epoch + TimeSpan.FromHours(3));

        var waiting = await world.StateAsync(release);
        Assert.Equal((ReleasePhase.Paused, new Percentage(25)), (waiting.Phase, waiting.Exposure));
        Assert.Single(waiting.OpenEvaluations);
        Assert.Contains(world.Mailer.Sent, sent => sent.Mail.To == "cto@example.com" && sent.At == held.AddMinutes(15) && sent.Mail.Text.Contains("slipway answer", StringComparison.Ordinal));

        // Three hours late still counts: nothing else would have happened.
        Assert.IsType<CommandApplied>(await world.AnswerEvaluationAsync(release, EvaluationVerdict.Confirm));
        var state = await world.RunToEndAsync(release);
        Assert.Equal((ReleasePhase.RolledBack, 1), (state.Phase, state.Rollback!.Levels[0].Result.Level));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task On_call_may_roll_back_at_the_first_complaint()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        await world.ComplainAsync(release, 1);
        await world.CommandAsync(release, ReleaseCommandKind.RollBack, reason: "one complaint is enough");
        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S004-115")]
    public async Task After_a_day_at_100_percent_more_than_ten_complaints_in_an_hour_are_needed()
    {
        await using var world = new ReleaseWorld();
        var request = Requests.Canary();
        var release = await world.StartAsync(request with { Stages = [.. request.Stages.Take(3), request.Stages[3] with { Bake = TimeSpan.FromHours(30) }] });
        await world.RunUntilAsync(release, ReleasePhase.Baking, 3);
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromHours(25));
        Assert.Contains("10 complaints in the last hour", Assert.IsType<CommandApplied>(await world.ComplainAsync(release, 10)).Effect);
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromHours(1));
        await world.ComplainAsync(release, 10);
        Assert.Equal(ReleasePhase.Baking, (await world.StateAsync(release)).Phase);
        Assert.Contains("held", Assert.IsType<CommandApplied>(await world.ComplainAsync(release, 1)).Effect);
        await world.AnswerEvaluationAsync(release, EvaluationVerdict.Dismiss);
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_report_is_one_report_however_often_it_is_sent_and_none_is_taken_when_the_release_is_over()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        var report = new ReleaseSignal("r1", ReleaseSignalKind.Complaints, "support@example.com", "") { Count = 6 };
        await world.ReportAsync(release, report);
        await world.ReportAsync(release, report);
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);

        Assert.Equal(6, (await world.StateAsync(release)).Signals.Sum(fact => fact.Received.Signal.Count));
        Assert.IsType<CommandOutcome.Accepted>(await world.Desk.ReportAsync(release, report, default));
        Assert.Equal(new CommandOutcome.Ended(ReleasePhase.Completed), await world.Desk.ReportAsync(release, report with { Id = "r2" }, default));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_report_whose_signal_is_lost_is_found_by_the_sweeper()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        world.LosesSignals = true;
        await world.Desk.ReportAsync(release, new ReleaseSignal("r1", ReleaseSignalKind.Outage, PeopleReports.OnCall, ""), default);
        world.LosesSignals = false;
        await world.RunSweptAsync(TimeSpan.FromMinutes(2));

        Assert.NotNull((await world.StateAsync(release)).Rollback);
        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    private static ReleaseRequest LongBakes()
    {
        var request = Requests.Canary();
        return request with { Stages = [.. request.Stages.Select(stage => stage with { Bake = TimeSpan.FromHours(1) })] };
    }

    private static async Task<Core.Reporting.Contract.ReleaseReport> ReportAsync(ReleaseWorld world, ReleaseId release) =>
        ReleaseReporter.Report(await world.StateAsync(release), world.Time.GetUtcNow());
}
