using System.Text.Json;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Reporting.Contract;
using Slipway.Core.Requests;
using Slipway.Core.Tests.Contract;
using Slipway.Core.Tests.Ledgers;

namespace Slipway.Core.Tests.Reporting;

public sealed class ReleaseReporterTests
{
    private static ReleaseReport Report(string sample) => ReportAtEveryMomentTests.ReportOf(sample);

    [Fact]
    [Trait("requirement", "S002-56")]
    [Trait("requirement", "S002-77")]
    [Trait("requirement", "X54")]
    public void Rates_are_percent_and_delta_is_canary_minus_baseline()
    {
        var metrics = Report("running").CanaryAnalysis.Metrics;
        Assert.Equal(0.4, metrics.ErrorRate.Baseline, 6);
        Assert.Equal(100.0 * 32 / 4800, metrics.ErrorRate.Canary, 6);
        Assert.Equal(metrics.ErrorRate.Canary - metrics.ErrorRate.Baseline, metrics.ErrorRate.Delta, 9);
        Assert.Equal(100 - metrics.ErrorRate.Canary, metrics.SuccessRate.Canary, 9);
        Assert.InRange(metrics.LatencyP95.Canary, 120, 126);
        Assert.Equal(MetricVerdict.Pass, metrics.ErrorRate.Verdict);
    }

    [Fact]
    [Trait("requirement", "S002-107")]
    [Trait("requirement", "S002-109")]
    [Trait("requirement", "S002-112")]
    [Trait("requirement", "S002-116")]
    public void A_rolled_back_release_says_why_when_and_how_long()
    {
        var report = Report("rolled_back");
        Assert.Equal((true, RollbackOrigin.Automated, true), (report.RollbackStatus.Required, report.RollbackStatus.TriggeredBy, report.RollbackStatus.Success));
        Assert.Equal("error rate 8.1 % over 1,200 requests, limit 1 %", report.RollbackStatus.Reason);
        Assert.Equal(0.2, report.RollbackStatus.DurationMinutes, 6);
        Assert.Equal(Recommendation.Rollback, report.CanaryAnalysis.Recommendation);
        Assert.Equal(MetricVerdict.Fail, report.CanaryAnalysis.Metrics.ErrorRate.Verdict);
        Assert.Equal(MetricVerdict.Pass, report.CanaryAnalysis.Metrics.LatencyP95.Verdict);
        Assert.All(report.DeploymentPlan.Environments, environment => Assert.Equal(EnvironmentStatus.Failed, environment.Status));
        Assert.Equal(MigrationStatus.Pending, Assert.Single(report.Dependencies.Databases).MigrationStatus);
        Assert.Equal(
            [ReportStageStatus.RolledBack, ReportStageStatus.RolledBack, ReportStageStatus.Pending, ReportStageStatus.Pending],
            report.ProgressiveRollout.Stages.Select(stage => stage.Status));
        Assert.NotEmpty(report.NextActions);
    }

    [Fact]
    [Trait("requirement", "S002-108")]
    public void A_rollback_that_a_person_asked_for_without_words_names_the_person()
    {
        var status = Report("rolled_back_by_a_person").RollbackStatus;
        Assert.Equal(RollbackOrigin.Manual, status.TriggeredBy);
        Assert.Contains("dana@example.com", status.Reason, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("requirement", "S002-143")]
    [Trait("requirement", "X36")]
    public void A_completed_release_has_aftercare_with_real_times_and_owners()
    {
        var report = Report("completed");
        var end = SampleLedgers.All["completed"][^1].At;
        Assert.Equal(
            [end.AddHours(1), end.AddHours(24), end.AddHours(48), end.AddDays(7)],
            report.NextActions.Where(action => action.Trigger == ActionTrigger.Time).Select(action => action.ScheduledFor).Distinct());
        Assert.Equal(["on-call@example.com", "second@example.com", "dana@example.com"], report.NextActions.Select(action => action.Owner).Distinct());
        Assert.Equal(Recommendation.Promote, report.CanaryAnalysis.Recommendation);
    }

    [Fact]
    [Trait("requirement", "S002-140")]
    public void The_board_is_pending_before_preflight_passed_and_stays_so_when_the_release_stops()
    {
        Assert.Equal(BoardStatus.Pending, Report("failed_preflight").Compliance.ApprovalBoard);
        Assert.Empty(Report("failed_preflight").PreDeployment.Approvals);
        var approval = Assert.Single(Report("running").PreDeployment.Approvals);
        Assert.Equal((ApprovalKind.Automated, "slipway policy"), (approval.Type, approval.Approver));
        Assert.Equal(BoardStatus.Approved, Report("running").Compliance.ApprovalBoard);
    }

    [Fact]
    [Trait("requirement", "S002-183")]
    public void A_gate_that_was_not_checked_is_a_warning_with_a_reason()
    {
        var entries = SampleLedgers.All["failed_preflight"];
        var early = ReportAtEveryMomentTests.ReportOf([.. entries.Take(2)]);
        Assert.All(QualityGates.Seven, gate => Assert.Equal((GateStatus.Warning, "not checked yet"), Check(early, gate)));
        Assert.Equal((GateStatus.Warning, "not checked: the release was stopped before"), Check(Report("failed_preflight"), QualityGates.KillSwitch));
        Assert.Equal((GateStatus.Fail, "2 high findings, expected at most 0"), Check(Report("failed_preflight"), QualityGates.SecurityScan));
    }

    [Fact]
    [Trait("requirement", "S002-100")]
    public void Alerts_are_armed_or_fired_with_time_and_action()
    {
        var alerts = Report("rolled_back").Monitoring.Alerts;
        var fired = Assert.Single(alerts, alert => alert.Triggered);
        Assert.Equal("error_rate limit", fired.Name);
        Assert.StartsWith("automatic rollback", fired.ActionTaken, StringComparison.Ordinal);
        Assert.Equal(
            ["latency_p95 limit", "availability limit", AlertNames.TelemetryLost],
            alerts.Where(alert => !alert.Triggered && alert.Timestamp == ReportJson.Never).Select(alert => alert.Name));
    }

    [Fact]
    [Trait("requirement", "S002-124")]
    public void Stakeholders_are_notified_only_when_what_was_due_is_accepted_or_acknowledged()
    {
        Assert.True(Report("running").DeploymentArtifacts.Communication.StakeholdersNotified);
        var entries = SampleLedgers.All["completed_with_acknowledged_notices"];
        var bounced = entries.ToList().FindIndex(entry => entry.Read() is MessageSent { Accepted: false });
        Assert.False(ReportAtEveryMomentTests.ReportOf([.. entries.Take(bounced + 1)]).DeploymentArtifacts.Communication.StakeholdersNotified);
        Assert.True(ReportAtEveryMomentTests.ReportOf(entries).DeploymentArtifacts.Communication.StakeholdersNotified);
        Assert.Contains("acknowledged", Check(ReportAtEveryMomentTests.ReportOf(entries), "notices").Details, StringComparison.Ordinal);
    }

    [Fact]
    public void While_blind_every_metric_fails_and_nothing_is_promoted()
    {
        var canary = Report("blind").CanaryAnalysis;
        Assert.Equal(MetricVerdict.Fail, canary.Metrics.ErrorRate.Verdict);
        Assert.Equal(MetricVerdict.Fail, canary.Metrics.LatencyP95.Verdict);
        Assert.Equal(Recommendation.ExtendAnalysis, canary.Recommendation);
    }

    [Fact]
    public void What_telemetry_never_carried_is_named_in_a_warning()
    {
        var (status, details) = Check(Report("failed_preflight"), "report coverage");
        Assert.Equal(GateStatus.Warning, status);
        foreach (var field in new[] { "log volume", "bottlenecks", "status page", "canary analysis", "flag search-v2" }) Assert.Contains(field, details, StringComparison.Ordinal);
        Assert.DoesNotContain("canary analysis", Check(Report("running"), "report coverage").Details, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("requirement", "S002-85")]
    [Trait("requirement", "S002-122")]
    [Trait("requirement", "S002-123")]
    public void Users_and_links_come_from_the_request_and_the_ledger()
    {
        var report = Report("running");
        Assert.Equal(30_000, report.ProgressiveRollout.UsersAffected);
        Assert.Equal("http://127.0.0.1:5080/api/releases/search-index-v2/documents/rollout-plan", report.DeploymentArtifacts.Runbook);
        Assert.Equal("http://127.0.0.1:5080/api/releases/search-index-v2/documents/rollback-strategy", report.DeploymentArtifacts.RollbackProcedure);
    }

    [Fact]
    public void A_flag_that_is_gone_when_it_is_taken_back_counts_as_off()
    {
        var script = SampleLedgers.Exposed(new LedgerScript(SampleRequests.Start), 1)
            .Add(new RollbackBegun(false, "dana", "gone", null, null))
            .Add(new EffectFinished("undo", EffectKind.Flag, SampleRequests.Flag, EffectOutcome.AlreadyDone, "the flag no longer exists", null))
            .Add(new ReleaseEnded(ReleasePhase.RolledBack, "flags are off", []));
        var report = ReportAtEveryMomentTests.ReportOf(script.Entries);
        Assert.Equal(ReportStatus.RolledBack, report.Status);
        Assert.Empty(ReportContract.Problems(ReportJson.Write(report)));
    }

    [Fact]
    public void A_terminal_phase_that_the_flags_contradict_is_reported_as_failed()
    {
        var script = SampleLedgers.Exposed(new LedgerScript(SampleRequests.Start), 1)
            .Add(new RollbackBegun(false, "dana", "gone", null, null))
            .Add(new ReleaseEnded(ReleasePhase.RolledBack, "flags are off", []));
        var report = ReportAtEveryMomentTests.ReportOf(script.Entries);
        Assert.Equal((ReportStatus.Failed, 5), (report.Status, report.ProgressiveRollout.CurrentPercentage));
        Assert.Empty(ReportContract.Problems(ReportJson.Write(report)));
    }

    [Fact]
    [Trait("requirement", "S002-52")]
    public void A_hostile_request_still_makes_a_valid_report_of_at_most_200_words()
    {
        const string Bad = "```\n#!/bin/sh\ngit push --force\n$ curl x | bash\n<script>\u0000\uD800";
        var many = Enumerable.Repeat(Bad + string.Join(' ', Enumerable.Repeat("word", 3000)), 50).ToList();
        var created = SampleRequests.Created();
        var request = created.Request with
        {
            Release = created.Request.Release with { Version = " \t ", Title = Bad, Problem = many[0], RequestedBy = "", Ticket = Bad, Regulations = many },
            Artifacts = null,
            Environments = [],
            Changes = new ChangeSpec { Features = many, Fixes = many, BreakingChanges = many, Deprecations = many },
            Contacts = new ContactSpec(),
        };
        var script = new LedgerScript(SampleRequests.Start)
            .Add(created with { Request = request, Plan = created.Plan with { Triggers = [] }, StartedBy = "", BaseUrl = "nowhere", Warnings = many }, "")
            .Add(new GateChecked(Bad, GateStatus.Fail, true, Bad, GateKind.Http, double.MaxValue), Bad);
        var json = ReportJson.Write(ReportAtEveryMomentTests.ReportOf(script.Entries));
        Assert.Empty(ReportContract.Problems(json));
        using var document = JsonDocument.Parse(json);
        Assert.InRange(document.RootElement.GetProperty("summary").GetString()!.Split(' ').Length, 1, 200);
    }

    [Fact]
    public void Numbers_that_are_not_numbers_are_written_as_zero()
    {
        var report = Report("running");
        var broken = report with
        {
            CanaryAnalysis = report.CanaryAnalysis with { StatisticalConfidence = double.NaN, DurationMinutes = double.PositiveInfinity },
        };
        Assert.Empty(ReportContract.Problems(ReportJson.Write(broken)));
    }

    private static (GateStatus Status, string Details) Check(ReleaseReport report, string name)
    {
        var check = Assert.Single(report.PreDeployment.Checks, check => check.Check == name);
        return (check.Status, check.Details);
    }
}
