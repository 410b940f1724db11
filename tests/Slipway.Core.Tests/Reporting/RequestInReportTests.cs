using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Reporting.Contract;
using Slipway.Core.Requests;
using Slipway.Core.Tests.Contract;
using Slipway.Core.Tests.Ledgers;

namespace Slipway.Core.Tests.Reporting;

/// <summary>What the request and the plan say stands in the report, whatever it is.</summary>
public sealed class RequestInReportTests
{
    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    [Trait("requirement", "S002-58")]
    [Trait("requirement", "S002-62")]
    [Trait("requirement", "S002-63")]
    [Trait("requirement", "S002-118")]
    [Trait("requirement", "S002-119")]
    [Trait("requirement", "S002-120")]
    [Trait("requirement", "S002-121")]
    [Trait("requirement", "S002-126")]
    [Trait("requirement", "S002-139")]
    [Trait("requirement", "S002-142")]
    public void What_the_request_says_is_what_the_report_says(string mark)
    {
        var report = Of(request => request with
        {
            Release = request.Release with { Version = $"2.{mark}", Ticket = $"CHG-{mark}", Regulations = [$"SOX {mark}", "GDPR"] },
            Artifacts = request.Artifacts! with { BuildId = $"build {mark}", Image = $"registry/search:{mark}" },
            Changes = new ChangeSpec
            {
                Features = [$"feature {mark}"],
                Fixes = [$"fix {mark}", "other"],
                BreakingChanges = [$"break {mark}"],
                Deprecations = [$"old {mark}"],
                Commits = [$"feat(index): stream {mark}", $"fix!: drop {mark}", $"docs: nothing {mark}", $"fix: rename\n\nDEPRECATED: name {mark}\nBREAKING CHANGE: gone {mark}"],
            },
            Communications = request.Communications with { IncidentChannel = $"#inc-{mark}" },
        });

        Assert.Equal($"2.{mark}", report.Version);
        Assert.Equal(($"build {mark}", $"registry/search:{mark}"), (report.PreDeployment.Artifacts.BuildId, report.PreDeployment.Artifacts.Image));
        var changes = report.DeploymentArtifacts.Changelog;
        Assert.Equal([$"feature {mark}", $"index: stream {mark}"], changes.Features);
        Assert.Equal([$"fix {mark}", "other", $"drop {mark}", "rename"], changes.Fixes);
        Assert.Equal([$"break {mark}", $"drop {mark}", $"gone {mark}"], changes.BreakingChanges);
        Assert.Equal([$"old {mark}", $"name {mark}"], changes.Deprecations);
        Assert.Equal($"#inc-{mark}", report.DeploymentArtifacts.Communication.IncidentChannel);
        Assert.Equal($"CHG-{mark}", report.Compliance.ChangeTicket);
        Assert.Equal([$"SOX {mark}", "GDPR"], report.Compliance.RegulatoryRequirements);
    }

    [Theory]
    [InlineData(RolloutStrategy.BlueGreen, ReportStrategy.BlueGreen)]
    [InlineData(RolloutStrategy.Canary, ReportStrategy.Canary)]
    [InlineData(RolloutStrategy.Rolling, ReportStrategy.Rolling)]
    [InlineData(RolloutStrategy.FeatureFlag, ReportStrategy.FeatureFlag)]
    [InlineData(RolloutStrategy.Shadow, ReportStrategy.Canary)]
    [Trait("requirement", "S002-68")]
    public void Strategy_is_one_of_the_contracts_four(RolloutStrategy planned, ReportStrategy expected)
    {
        var created = SampleRequests.Created();
        var report = Of(created with { Plan = created.Plan with { Strategy = planned } });

        Assert.Equal(expected, report.DeploymentPlan.Strategy);
        Assert.Empty(ReportContract.Problems(ReportJson.Write(report)));
    }

    [Fact]
    [Trait("requirement", "S002-70")]
    [Trait("requirement", "S002-71")]
    [Trait("requirement", "S002-72")]
    [Trait("requirement", "S002-73")]
    public void Timeline_is_that_of_the_plan_and_starts_when_it_really_did()
    {
        var planned = SampleRequests.Start.AddHours(30);
        var created = SampleRequests.Created();
        created = created with { Request = created.Request with { Release = created.Request.Release with { StartAt = planned } } };
        var script = new LedgerScript(SampleRequests.Start).Add(created);
        var before = ReportAtEveryMomentTests.ReportOf(script.Entries).DeploymentPlan.Timeline;
        script.Wait(7).Add(new PhaseEntered(ReleasePhase.Preflight, ReleaseTrigger.Begin, -1, "the workflow began", null, ""));
        var after = ReportAtEveryMomentTests.ReportOf(script.Entries).DeploymentPlan.Timeline;

        // 5 % bakes for 30 minutes, 25 and 50 % for 60 each, 100 % for 120.
        Assert.Equal(new TimelineReport(planned, 30, 120, 120), before);
        Assert.Equal(before with { Start = SampleRequests.Start.AddMinutes(7) }, after);
    }

    [Fact]
    [Trait("requirement", "S002-87")]
    public void Every_requested_flag_has_one_entry_with_its_name_and_type()
    {
        IReadOnlyList<FlagSpec> flags =
        [
            new FlagSpec { Name = "search-v2", Type = FlagType.Release },
            new FlagSpec { Name = "search-colour", Type = FlagType.Experiment },
            new FlagSpec { Name = "search-slow-mode", Type = FlagType.Operational },
        ];
        var created = SampleRequests.Created();
        var report = Of(created with { Plan = created.Plan with { Flags = flags } });

        Assert.Equal(flags.Select(flag => (flag.Name, flag.Type)), report.FeatureFlags.Select(flag => (flag.Name, flag.Type)));
        Assert.Empty(ReportContract.Problems(ReportJson.Write(report)));
    }

    [Theory]
    [InlineData(0, FlagExposure.Off)]
    [InlineData(0.1, FlagExposure.Partial)]
    [InlineData(99.9, FlagExposure.Partial)]
    [InlineData(100, FlagExposure.Full)]
    [Trait("requirement", "S002-88")]
    public void A_flag_is_off_at_nought_full_at_a_hundred_and_partial_in_between(double percentage, FlagExposure expected)
    {
        var script = SampleLedgers.Preflighted(new LedgerScript(SampleRequests.Start))
            .Add(new EffectFinished("flag", EffectKind.Flag, SampleRequests.Flag, EffectOutcome.Done, "", SampleRequests.FlagAt((decimal)percentage, 3)));
        var flag = Assert.Single(ReportAtEveryMomentTests.ReportOf(script.Entries).FeatureFlags);

        Assert.Equal((expected, percentage), (flag.Status, flag.Percentage));
    }

    [Theory]
    [InlineData(true, GateStatus.Pass, true)]
    [InlineData(true, GateStatus.Fail, false)]
    [InlineData(true, GateStatus.Warning, false)]
    [InlineData(true, null, false)]
    [InlineData(false, GateStatus.Pass, false)]
    [InlineData(null, GateStatus.Pass, false)]
    [Trait("requirement", "S002-93")]
    public void A_kill_switch_is_one_only_when_it_is_stated_and_was_proven(bool? stated, GateStatus? proven, bool expected)
    {
        var created = SampleRequests.Created();
        var script = new LedgerScript(SampleRequests.Start).Add(created with { Plan = created.Plan with { Flags = [created.Plan.Flags[0] with { KillSwitch = stated }] } });
        if (proven is { } status) script.Add(new GateChecked(QualityGates.KillSwitch, status, true, "written off and read back", GateKind.Quality, null));

        Assert.Equal(expected, Assert.Single(ReportAtEveryMomentTests.ReportOf(script.Entries).FeatureFlags).KillSwitch);
    }

    private static ReleaseReport Of(Func<ReleaseRequest, ReleaseRequest> change)
    {
        var created = SampleRequests.Created();
        return Of(created with { Request = change(created.Request) });
    }

    private static ReleaseReport Of(ReleaseCreated created) => ReportAtEveryMomentTests.ReportOf(new LedgerScript(SampleRequests.Start).Add(created, "dana@example.com").Entries);
}
