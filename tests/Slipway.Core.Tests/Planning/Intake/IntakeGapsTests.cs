using System.Text.Json;
using System.Text.RegularExpressions;
using Slipway.Core.Planning.Intake;
using Slipway.Core.Requests;
using Slipway.Core.Serialization;
using Slipway.Core.Tests.Requests;

namespace Slipway.Core.Tests.Planning.Intake;

public sealed class IntakeGapsTests
{
    [Fact]
    public void A_request_that_says_just_enough_has_no_blocking_gap()
    {
        var report = IntakeGaps.Analyse(Given.Request(Given.Small));

        Assert.Null(report.Insufficient);
        Assert.NotEmpty(report.Gaps);
        Assert.All(report.Gaps, gap => Assert.False(gap.Blocking));
    }

    [Fact]
    [Trait("requirement", "S000-15")]
    public void An_empty_file_has_every_gap_at_once()
    {
        var report = IntakeGaps.Analyse(ReleaseRequestReader.Read(JsonRequestDocument.Parse("")).Request!);

        Assert.Equal(
            ["release.title", "release.version", "environments", "flags", "rollback", "telemetry", "communications", "approvals"],
            report.Gaps.Where(gap => gap.Blocking).Select(gap => gap.Path));
        Assert.Equal(8, report.Insufficient!.Missing.Count);
        Assert.Empty(report.Insufficient.DeploymentBlockers);
        Assert.Equal("Add release.title with a few words on what is released.", report.Insufficient.NextBestStep);
    }

    [Theory]
    [Trait("requirement", "S002-145")]
    [Trait("requirement", "S002-161")]
    [InlineData("release.title", "release.title")]
    [InlineData("release.version", "release.version")]
    [InlineData("environments", "environments")]
    [InlineData("telemetry", "telemetry")]
    [InlineData("communications", "communications")]
    [InlineData("release.declared_risk", "approvals")]
    public void Each_input_left_out_is_the_one_gap_that_blocks(string removed, string path)
    {
        var report = IntakeGaps.Analyse(Given.SmallWithout(removed));

        Assert.Equal(path, Assert.Single(report.Gaps, gap => gap.Blocking).Path);
        Assert.StartsWith(path + ": ", Assert.Single(report.Insufficient!.Missing), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", "{}", "flags,rollback")]
    [InlineData("[]", "{\"code\": {\"hook\": \"http://localhost/back\", \"previous_version\": \"1\"}}", "flags")]
    [InlineData("[]", "{\"configuration\": [\"a\"]}", "flags")]
    [InlineData("[{\"name\": \"a\"}]", "{}", "rollback")]
    [InlineData("[{\"name\": \"a\", \"kill_switch\": false}]", "null", "rollback")]
    [InlineData("[{\"name\": \"a\", \"kill_switch\": true}, {\"name\": \"b\"}]", "null", "rollback")]
    [InlineData("[{\"name\": \"a\"}]", "{\"configuration\": [\"a\"]}", "")]
    public void A_lever_and_a_way_back_are_needed(string flags, string rollback, string missing)
    {
        var request = Given.SmallWith("flags", flags) with { Rollback = Given.SmallWith("rollback", rollback).Rollback };

        Assert.Equal(missing, string.Join(',', IntakeGaps.Analyse(request).Gaps.Where(gap => gap.Blocking).Select(gap => gap.Path)));
    }

    [Theory]
    [InlineData("{\"communications\": {\"webhooks\": [{\"name\": \"ops\", \"url\": \"http://localhost/hook\"}]}}")]
    [InlineData("{\"communications\": {\"stakeholders\": [{\"email\": \"ops@example.com\"}]}}")]
    public void A_webhook_or_a_stakeholder_is_someone_to_tell(string json) =>
        Assert.DoesNotContain(IntakeGaps.Analyse(Given.Request(json)).Gaps, gap => gap.Path == "communications");

    [Theory]
    [InlineData("medium", true)]
    [InlineData("critical", true)]
    [InlineData("low", false)]
    public void An_approver_group_is_needed_from_medium_risk_on(string risk, bool needed)
    {
        var request = Given.SmallWith("release", $$"""{ "title": "a", "version": "1", "declared_risk": "{{risk}}" }""");

        Assert.Equal(needed, IntakeGaps.Analyse(request).Gaps.Any(gap => gap is { Path: "approvals", Blocking: true }));
        var withGroup = request with { Approvals = new Dictionary<string, ApprovalSpec> { ["team"] = new() } };
        Assert.Null(IntakeGaps.Analyse(withGroup).Insufficient);
    }

    [Theory]
    [Trait("requirement", "S000-14")]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("TBD")]
    [InlineData("n/a")]
    [InlineData("?")]
    public void A_placeholder_counts_as_missing(string placeholder)
    {
        var request = Given.SmallWith("release", $$"""{ "title": "{{placeholder}}", "version": "1", "declared_risk": "low" }""");

        Assert.Equal("release.title", Assert.Single(IntakeGaps.Analyse(request).Gaps, gap => gap.Blocking).Path);
    }

    [Fact]
    public void A_log_analytics_source_needs_its_workspace()
    {
        var report = IntakeGaps.Analyse(Given.SmallWith("telemetry", """{ "source": "log_analytics" }"""));

        Assert.Equal("telemetry.workspace", Assert.Single(report.Gaps, gap => gap.Blocking).Path);
    }

    [Fact]
    [Trait("requirement", "S002-144")]
    [Trait("requirement", "S002-147")]
    public void The_insufficient_context_has_the_contracts_members_and_rules()
    {
        var insufficient = IntakeGaps.Analyse(Given.Request("{}")).Insufficient;

        using var json = JsonDocument.Parse(JsonSerializer.Serialize(insufficient, SlipwayJson.Options));
        using var contract = JsonDocument.Parse(Core.Reporting.ContractSchemas.ReleaseReport);
        var shape = contract.RootElement.GetProperty("$defs").GetProperty("insufficientContext");
        Assert.Equal(
            shape.GetProperty("required").EnumerateArray().Select(key => key.GetString()),
            json.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Equal(shape.GetProperty("properties").GetProperty("error").GetProperty("const").GetString(), json.RootElement.GetProperty("error").GetString());
        var singleStep = contract.RootElement.GetProperty("$defs").GetProperty("singleStep").GetProperty("pattern").GetString()!;
        Assert.Matches(new Regex(singleStep), insufficient!.NextBestStep);
        Assert.Equal(insufficient.Missing.Count, insufficient.Missing.Distinct().Count());
    }

    [Fact]
    [Trait("requirement", "S002-146")]
    public void Known_blockers_are_listed_with_the_gaps()
    {
        var request = Given.Request("""
            {
              "release": { "start_at": "2026-12-24T10:00:00Z" },
              "artifacts": { "signed": false },
              "preflight": { "security_scan": { "high": 2, "critical": 1 } },
              "operations": { "freezes": [{ "from": "2026-12-20T00:00:00Z", "to": "2027-01-07T00:00:00Z", "reason": "holidays" }] }
            }
            """);

        Assert.Equal(
            [
                "The start lies in a freeze that ends 2027-01-07 00:00Z (holidays)", "The artifact is not signed",
                "The security scan has 1 critical findings", "The security scan has 2 high findings, 0 are tolerated",
            ],
            IntakeGaps.Analyse(request).Insufficient!.DeploymentBlockers);
    }

    [Fact]
    [Trait("requirement", "S000-12")]
    public void Every_gap_has_a_question_and_a_next_step_on_one_line() =>
        Assert.All(IntakeGaps.Analyse(Given.Request("{}")).Gaps, gap =>
        {
            Assert.Contains('?', gap.Question);
            Assert.DoesNotContain('\n', gap.NextStep);
            Assert.NotEmpty(gap.Missing);
        });

    [Theory]
    [InlineData("canary", "")]
    [InlineData("blue_green", "")]
    [InlineData("rolling", "rollback")]
    public void A_deploy_hook_is_a_lever_and_where_it_moves_traffic_a_way_back(string strategy, string missing)
    {
        var request = Given.SmallWith("flags", "[]") with
        {
            Strategy = Given.SmallWith("strategy", $"\"{strategy}\"").Strategy,
            Deploy = Given.SmallWith("deploy", """{ "hook": "http://localhost/deploy" }""").Deploy,
        };

        Assert.Equal(missing, string.Join(',', IntakeGaps.Analyse(request).Gaps.Where(gap => gap.Blocking).Select(gap => gap.Path)));
    }

    [Fact]
    [Trait("requirement", "X10")]
    public void A_bake_shorter_than_the_default_blocks_the_start_with_a_question_unless_the_risk_is_low()
    {
        const string Stages = """[{ "percentage": 10, "bake": "1h" }, { "percentage": 100, "bake": "24h" }]""";
        var low = Given.SmallWith("stages", Stages);
        var medium = low with { Release = low.Release with { DeclaredRisk = RiskLevel.Medium }, Approvals = new Dictionary<string, ApprovalSpec> { ["ops"] = new() } };

        Assert.DoesNotContain(IntakeGaps.Analyse(low).Gaps, gap => gap.Path == "stages[0].bake");
        var report = IntakeGaps.Analyse(medium);
        var gap = Assert.Single(report.Gaps, gap => gap.Blocking);
        Assert.Equal(
            ("stages[0].bake", "Is 2h at 10 % possible? 1h is shorter than the shortest wait, and only low risk is accelerated."), (gap.Path, gap.Question));
        Assert.StartsWith("stages[0].bake: ", Assert.Single(report.Insufficient!.Missing), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("peak_hours", "Mon-Fri 17:00-21:00")]
    [InlineData("windows", "Tue-Thu 10:00-14:00")]
    [Trait("requirement", "S002-174")]
    [Trait("requirement", "S002-175")]
    public void Hours_that_are_not_stated_are_asked_for_and_an_empty_list_is_an_answer(string field, string hours)
    {
        string[] Asked(string operations) => [.. IntakeGaps.Analyse(Given.SmallWith("operations", operations)).Gaps.Select(gap => gap.Path).Where(path => path == $"operations.{field}")];

        Assert.Equal([$"operations.{field}"], Asked("{}"));
        Assert.Empty(Asked($$"""{ "{{field}}": ["{{hours}}"] }"""));
        Assert.Empty(Asked($$"""{ "{{field}}": [] }"""));
    }
}
