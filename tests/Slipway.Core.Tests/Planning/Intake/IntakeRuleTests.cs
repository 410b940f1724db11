using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Planning.Intake;
using Slipway.Core.Reporting;
using Slipway.Core.Requests;
using Slipway.Core.Tests.Requests;

namespace Slipway.Core.Tests.Planning.Intake;

/// <summary>Rules of the intake that look at more than one value.</summary>
public sealed class IntakeRuleTests
{
    private static readonly DateTimeOffset Start = new(2026, 12, 1, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [Trait("requirement", "S000-06")]
    [InlineData(-1, false)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void A_release_date_that_has_passed_is_a_gap(int minutes, bool gap)
    {
        var report = IntakeGaps.Analyse(CompleteRequest.Read(), IntakeProfile.Strict, Start.AddMinutes(minutes));

        Assert.Equal(gap ? ["release.start_at"] : [], report.Gaps.Select(found => found.Path));
    }

    [Theory]
    [Trait("requirement", "S001-81")]
    [InlineData("lee@example.com", false)]
    [InlineData("Dana@Example.com", true)]
    public void The_second_contact_is_somebody_else_than_the_first(string secondary, bool gap)
    {
        var report = IntakeGaps.Analyse(CompleteRequest.With("contacts.secondary", $"\"{secondary}\""), IntakeProfile.Strict);

        Assert.Equal(gap ? ["contacts.secondary"] : [], report.Gaps.Select(found => found.Path));
    }

    [Theory]
    [Trait("requirement", "S000-09")]
    [Trait("requirement", "S001-11")]
    [InlineData("kubernetes", "\"x\"", null)]
    [InlineData("vms", "\"x\"", null)]
    [InlineData("serverless", "\"x\"", null)]
    [InlineData("containers", "\"x\"", null)]
    [InlineData("edge", "\"x\"", null)]
    [InlineData("other", "\"a mainframe\"", null)]
    [InlineData("other", "\"\"", "environments[0].cloud")]
    public void Infrastructure_is_an_open_set_and_another_kind_has_a_name(string kind, string cloud, string? gap)
    {
        var request = CompleteRequest.With("environments", $$"""[{ "name": "prod", "infrastructure": "{{kind}}", "cloud": {{cloud}}, "regions": ["a"], "runtime": "r", "data_stores": "none", "target": { "name": "a" } }]""");

        Assert.Equal(gap is null ? [] : [gap], IntakeGaps.Analyse(request, IntakeProfile.Strict).Gaps.Select(found => found.Path));
    }

    [Theory]
    [Trait("requirement", "S001-83")]
    [InlineData("dev", false)]
    [InlineData("staging", true)]
    [InlineData("prod", true)]
    public void For_dev_neither_approvals_nor_emergency_contacts_block(string environment, bool blocking)
    {
        var complete = CompleteRequest.With("environments[0].name", $"\"{environment}\"");
        var request = complete with
        {
            Approvals = new Dictionary<string, ApprovalSpec>(),
            Stages = [],
            Release = complete.Release with { DeclaredRisk = RiskLevel.Low },
            Changes = complete.Changes with { BreakingChanges = [], Files = [new FileChange("a", FileAction.New, "")] },
            Preflight = complete.Preflight with { Dependencies = complete.Preflight.Dependencies with { Databases = [new DatabaseDependency { Name = "catalog" }] } },
            Contacts = complete.Contacts with { Infrastructure = "", Security = "", Database = "", Network = "" },
        };

        var gaps = IntakeGaps.Analyse(request, IntakeProfile.Strict).Gaps.Where(gap => gap.Path is not "stages").ToList();

        Assert.Equal(["approvals", "contacts.infrastructure", "contacts.security", "contacts.database", "contacts.network"], gaps.Select(gap => gap.Path));
        Assert.All(gaps, gap => Assert.Equal(blocking, gap.Blocking));
    }

    [Theory]
    [Trait("requirement", "S002-139")]
    [InlineData("staging", false)]
    [InlineData("prod", true)]
    public void Only_production_needs_a_change_ticket(string environment, bool blocking)
    {
        var request = CompleteRequest.With("environments[0].name", $"\"{environment}\"");

        Assert.Equal(blocking, Assert.Single(IntakeGaps.Analyse(request with { Release = request.Release with { Ticket = "TBD" } }, IntakeProfile.Strict).Gaps).Blocking);
    }

    [Theory]
    [Trait("requirement", "X31")]
    [Trait("requirement", "S001-14")]
    [InlineData("0s", "0s", false)]
    [InlineData("5m", "0s", true)]
    [InlineData("5m", "4m", true)]
    [InlineData("5m", "5m", false)]
    public void Expected_downtime_blocks_unless_a_window_allows_it(string expected, string allowed, bool blocked)
    {
        var request = CompleteRequest.With("system.expected_downtime", $"\"{expected}\"") is var read
            ? read with { System = read.System! with { AllowedDowntime = DurationText.TryParse(allowed, out var span) ? span : null } }
            : read;

        var insufficient = IntakeGaps.Analyse(request).Insufficient;

        Assert.Equal(blocked, insufficient is not null);
        if (blocked)
        {
            Assert.StartsWith("system.allowed_downtime: ", Assert.Single(insufficient!.Missing), StringComparison.Ordinal);
            Assert.StartsWith("The service is expected to be down for 5m, and ", Assert.Single(insufficient.DeploymentBlockers), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("\"TBD\"")]
    [Trait("requirement", "S004-141")]
    public void Without_an_engineer_on_call_nothing_starts_where_everything_has_to_be_stated(string? primary)
    {
        var report = IntakeGaps.Analyse(CompleteRequest.With("contacts.primary", primary), IntakeProfile.Strict);

        Assert.Equal("contacts.primary", Assert.Single(report.Gaps).Path);
        Assert.NotNull(report.Insufficient);
        Assert.Null(IntakeGaps.Analyse(CompleteRequest.Read(), IntakeProfile.Strict).Insufficient);
    }

    [Theory]
    [InlineData("preflight.tests")]
    [InlineData("preflight.security_review")]
    [InlineData("preflight.backups")]
    [Trait("requirement", "S004-137")]
    [Trait("requirement", "S004-138")]
    [Trait("requirement", "S001-37")]
    public void Evidence_that_is_not_stated_blocks_where_everything_has_to_be_stated(string path) =>
        Assert.NotNull(IntakeGaps.Analyse(CompleteRequest.Without(path), IntakeProfile.Strict).Insufficient);

    [Theory]
    [InlineData("UPDATE orders", null, GateStatus.Fail)]
    [InlineData("20261101_add_stream", "data", GateStatus.Fail)]
    [InlineData("20261101_add_stream", null, GateStatus.Warning)]
    [Trait("requirement", "S001-37")]
    public void A_migration_that_changes_data_needs_a_backup_that_was_tried(string up, string? kind, GateStatus status)
    {
        var request = CompleteRequest.Without("preflight.backups");
        var migration = new MigrationSpec(up, "back", true) { Kind = kind is null ? null : MigrationKind.Data };
        request = request with { Preflight = request.Preflight with { Dependencies = new DependencySpec { Databases = [new DatabaseDependency { Name = "catalog", Migration = migration }] } } };
        var gate = StaticGates.Check(request, Planner.Draft(request)).Single(found => found.Gate == QualityGates.Backups);

        Assert.Equal((status, status == GateStatus.Fail), (gate.Status, gate.Critical));
        Assert.Contains("no verified backup is stated under preflight.backups", gate.Details, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("requirement", "X31")]
    [InlineData("0s", null)]
    [InlineData("5m", GateStatus.Warning)]
    [InlineData("6m", GateStatus.Fail)]
    public void An_allowed_downtime_leaves_the_criterion_unmet_and_says_so(string expected, GateStatus? status)
    {
        var request = CompleteRequest.With("system.expected_downtime", $"\"{expected}\"");
        request = request with { System = request.System! with { AllowedDowntime = TimeSpan.FromMinutes(5) } };

        var check = StaticGates.Check(request, Planner.Draft(request)).SingleOrDefault(gate => gate.Gate == QualityGates.ZeroDowntime);

        Assert.Equal(status, check?.Status);
    }

    [Theory]
    [Trait("requirement", "X13")]
    [InlineData("rolling", "none", true)]
    [InlineData("rolling", "LaunchDarkly", false)]
    [InlineData("blue_green", "none", false)]
    [InlineData("canary", "none", false)]
    public void Without_a_flag_framework_a_strategy_that_cannot_take_traffic_back_is_blocked(string strategy, string framework, bool blocked)
    {
        var request = CompleteRequest.With("strategy", $"\"{strategy}\"");
        request = request with { Flags = [], System = request.System! with { FlagFramework = framework }, Answers = new Dictionary<string, AnswerKind> { ["flags"] = AnswerKind.None } };

        var insufficient = IntakeGaps.Analyse(request).Insufficient;

        Assert.Equal(blocked, insufficient is not null);
        if (blocked) Assert.Contains("takes traffic back within 5 minutes", Assert.Single(insufficient!.DeploymentBlockers), StringComparison.Ordinal);
    }

    [Theory]
    [Trait("requirement", "S001-07")]
    [InlineData("code", ChangeType.Code)]
    [InlineData("infrastructure", ChangeType.Infrastructure)]
    [InlineData("configuration", ChangeType.Configuration)]
    [InlineData("data_migration", ChangeType.DataMigration)]
    [InlineData("cosmetics", null)]
    public void What_changes_is_one_of_the_known_kinds_and_nothing_else(string word, ChangeType? kind)
    {
        var reading = ReleaseRequestReader.Read(JsonRequestDocument.Parse($$"""{ "release": { "change_type": "{{word}}" } }"""));

        Assert.Equal(kind, reading.Request?.Release.ChangeType);
        if (kind is null) Assert.Equal("release.change_type", Assert.Single(reading.Problems).Path);
        else Assert.DoesNotContain(IntakeGaps.Analyse(reading.Request!, IntakeProfile.Strict).Gaps, gap => gap.Path == "release.change_type");
    }

    [Theory]
    [Trait("requirement", "S001-10")]
    [InlineData("dev", 1)]
    [InlineData("staging", 1)]
    [InlineData("production", 1)]
    [InlineData("all", 3)]
    [InlineData("moon", 0)]
    public void Where_it_goes_is_one_of_the_known_environments_or_all_of_them(string word, int count)
    {
        var reading = ReleaseRequestReader.Read(JsonRequestDocument.Parse($$"""{ "environments": [{ "name": "{{word}}" }] }"""));

        Assert.Equal(count, reading.Request?.Environments.Count ?? 0);
        if (count == 0) Assert.Equal("environments[0].name", Assert.Single(reading.Problems).Path);
        else Assert.DoesNotContain(IntakeGaps.Analyse(reading.Request!).Gaps, gap => gap.Path == "environments");
    }

    [Fact]
    [Trait("requirement", "S002-154")]
    [Trait("requirement", "S002-156")]
    public void A_service_without_a_health_check_and_a_way_back_that_was_never_tried_block_when_strict()
    {
        var request = CompleteRequest.With("preflight.dependencies.services", """[{ "name": "catalog" }]""");
        request = request with { Rollback = request.Rollback! with { Rehearsal = null } };

        Assert.Equal(
            ["preflight.dependencies.services[0].health: the health check of catalog", "rollback.rehearsal: evidence that the way back was tried"],
            IntakeGaps.Analyse(request, IntakeProfile.Strict).Insufficient!.Missing);
    }

    [Fact]
    [Trait("requirement", "S002-157")]
    public void Dependencies_cannot_be_skipped_by_a_flag()
    {
        var reading = ReleaseRequestReader.Read(JsonRequestDocument.Parse("""{ "preflight": { "dependencies": { "skip": true } } }"""));

        Assert.Equal("preflight.dependencies.skip", Assert.Single(reading.Problems).Path);
    }

    [Fact]
    [Trait("requirement", "S002-147")]
    public void The_next_best_step_is_that_of_the_first_gap_in_the_fixed_order()
    {
        var complete = CompleteRequest.Read();
        var request = complete with { Release = complete.Release with { Version = "", Ticket = "", FromVersion = "" }, Contacts = new ContactSpec() };

        Assert.Equal("Add release.version with the version that is released.", IntakeGaps.Analyse(request, IntakeProfile.Strict).Insufficient!.NextBestStep);
        Assert.Equal(
            "Answer at release.from_version: the version that it replaces.",
            IntakeGaps.Analyse(request with { Release = request.Release with { Version = "2" } }, IntakeProfile.Strict).Insufficient!.NextBestStep);
    }

    [Fact]
    public void What_is_said_about_an_absence_is_recorded_and_is_no_part_of_the_content()
    {
        var none = CompleteRequest.With("guardrails.kpis", "\"none\"");
        var nothing = CompleteRequest.Without("guardrails.kpis");

        Assert.True(none.SaysNone("guardrails.kpis"));
        Assert.False(nothing.SaysNone("guardrails.kpis"));
        Assert.Equal(RequestHash.Of(nothing), RequestHash.Of(none));
        var again = System.Text.Json.JsonSerializer.Deserialize<ReleaseRequest>(
            System.Text.Json.JsonSerializer.Serialize(none, Core.Serialization.SlipwayJson.Options), Core.Serialization.SlipwayJson.Options)!;
        Assert.Empty(IntakeGaps.Analyse(again, IntakeProfile.Strict).Gaps);
    }
}
