using System.Text.RegularExpressions;
using Markdig.Syntax;
using Slipway.Core.Documents;
using Slipway.Core.Reporting;
using Slipway.Core.Requests;

namespace Slipway.Web.Tests.Documents;

public sealed class RolloutPlanTests
{
    private static readonly ReleaseDossier Authentication = SampleDossiers.Of("authentication");

    private static readonly string[] Sections =
    [
        "1. Executive Summary", "2. Prerequisites & Approvals", "3. Preflight Checks", "4. Step-by-Step Rollout Procedure", "5. Verification Signals",
        "6. Rollback Procedure", "7. Communication Plan", "8. Post-Deployment Tasks", "9. Contingency Plans", "10. Contact Information",
    ];

    public static TheoryData<string> Requests => [.. SampleDossiers.Names];

    [Theory]
    [MemberData(nameof(Requests))]
    [Trait("requirement", "S001-02")]
    [Trait("requirement", "S001-22")]
    [Trait("requirement", "S001-92")]
    public void It_has_ten_numbered_sections(string name) => Assert.Equal(Sections, Of(SampleDossiers.Of(name)).Headings(2));

    [Theory]
    [MemberData(nameof(Requests))]
    [Trait("requirement", "S001-05")]
    public void No_placeholder_survives_in_any_document(string name) => Assert.All(
        ReleaseDocuments.Render(SampleDossiers.Of(name)).Where(document => document.Name != DocumentNames.PlanningNotes),
        document => Assert.DoesNotMatch(@"\bTBD\b|\bTODO\b|\{\{|<[a-z]+-[a-z-]+>|\bX minutes\b|lorem ipsum", document.Text));

    [Theory]
    [Trait("requirement", "S001-23")]
    [Trait("requirement", "S001-24")]
    [Trait("requirement", "S001-25")]
    [Trait("requirement", "S001-26")]
    [Trait("requirement", "S001-27")]
    [Trait("requirement", "S001-28")]
    [Trait("requirement", "S001-29")]
    [Trait("requirement", "S001-30")]
    [Trait("requirement", "S001-31")]
    [InlineData("What", "User Authentication \\(JWT\\), version 3.0.0 from 2.9.4")]
    [InlineData("Why", "Sessions are kept on one server")]
    [InlineData("When", "2026-12-01 15:00Z")]
    [InlineData("Duration", "\\d+ hours( \\d+ minutes?)? in all")]
    [InlineData("Risk level", "(high|critical)")]
    [InlineData("Rollback time", "\\d+(\\.\\d+)? minutes by level 1, at worst \\d+(\\.\\d+)? minutes by level 3")]
    [InlineData("Affected systems", "api")]
    [InlineData("User impact", "100 % of users at peak exposure \\(250,000 users\\)")]
    [InlineData("Expected downtime", "0 min")]
    public void The_summary_says_it_in_nine_lines(string label, string pattern)
    {
        var line = Assert.Single(Of(Authentication).SectionText(Sections[0]).Split('\n'), line => line.StartsWith($"- **{label}**: ", StringComparison.Ordinal));
        Assert.Matches(pattern, line);
    }

    [Theory]
    [MemberData(nameof(Requests))]
    [Trait("requirement", "S001-32")]
    [Trait("requirement", "S001-35")]
    public void Four_approvals_and_four_resources_always_stand_there(string name)
    {
        var plan = Of(SampleDossiers.Of(name));
        var approvals = ParsedDocument.Cells(Assert.Single(plan.Tables("Required Approvals")));
        Assert.Equal(["Technical lead", "Security", "Compliance", "Business"], approvals.Skip(1).Take(4).Select(row => row[0]));
        Assert.All(approvals.Skip(1), row => Assert.True(row[2].Length > 0 && row[3].Length > 0));
        var resources = ParsedDocument.Cells(Assert.Single(plan.Tables("Required Resources")));
        Assert.Equal(["Capacity", "Backups", "Monitoring", "Rollback automation"], resources.Skip(1).Select(row => row[0]));
    }

    [Fact]
    [Trait("requirement", "S001-87")]
    public void High_risk_needs_more_approvals_than_medium_and_medium_more_than_low()
    {
        int Needed(RiskLevel risk) => ParsedDocument.Cells(Assert.Single(Of(Authentication with { Plan = Authentication.Plan with { Risk = risk } }).Tables("Required Approvals"))).Skip(1).Take(4).Count(row => row[2] != "not needed");
        Assert.True(Needed(RiskLevel.High) > Needed(RiskLevel.Medium));
        Assert.True(Needed(RiskLevel.Medium) > Needed(RiskLevel.Low));
    }

    [Fact]
    public void A_database_that_is_migrated_is_backed_up_and_the_backup_verified()
    {
        var text = Of(Authentication).SectionText("Pre-Deployment Backups");
        Assert.Contains("**users**: a snapshot right before the start, in geo-redundant storage, verified by restoring it", text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("requirement", "S001-42")]
    public void Preflight_ends_in_one_decision()
    {
        var plan = Of(Authentication);
        string[] headings = ["Infrastructure Health", "Application Health Baseline", "Dependency Availability", "Monitoring Baseline", "Go/No-Go Decision"];
        Assert.Equal(headings, plan.Section(Sections[2]).OfType<HeadingBlock>().Select(heading => ParsedDocument.Plain(heading.Inline)));
        Assert.Single(Regex.Matches(plan.Text, @"\*\*Decision: "));
    }

    [Theory]
    [MemberData(nameof(Requests))]
    [Trait("requirement", "S001-43")]
    [Trait("requirement", "S001-45")]
    [Trait("requirement", "S001-46")]
    public void Each_step_of_three_phases_has_a_command_or_question_a_validation_and_a_duration(string name)
    {
        var text = Of(SampleDossiers.Of(name)).SectionText(Sections[3]);
        Assert.Equal(["Pre-deployment", "Deployment", "Progressive verification"], Regex.Matches(text, @"(?m)^### Phase \d: (.+)$").Select(match => match.Groups[1].Value));
        var steps = Regex.Split(text, @"(?m)^\*\*Step \d+: ").Skip(1).ToList();
        Assert.NotEmpty(steps);
        Assert.All(steps, step =>
        {
            Assert.Matches(@"\*\* \(\d+(\.\d+)? (minute|minutes|hour|hours)( \d+ minutes?)?\)", step);
            Assert.Contains("- Validation: ", step, StringComparison.Ordinal);
            Assert.True(step.Contains("```bash", StringComparison.Ordinal) || step.Contains("🚧", StringComparison.Ordinal), step);
        });
    }

    [Theory]
    [Trait("requirement", "S001-93")]
    [Trait("requirement", "S001-94")]
    [InlineData("prod", "staging")]
    [InlineData("staging", "dev")]
    public void Production_has_more_steps_than_staging_and_staging_more_than_dev(string more, string fewer)
    {
        static int Steps(string environment)
        {
            var request = Authentication.Request;
            var name = Enum.Parse<EnvironmentName>(environment, ignoreCase: true);
            return Regex.Count(Of(SampleDossiers.Of(request with { Environments = [request.Environments[^1] with { Name = name }] })).Text, @"(?m)^\*\*Step ");
        }

        Assert.True(Steps(more) > Steps(fewer));
    }

    [Theory]
    [MemberData(nameof(Requests))]
    [Trait("requirement", "S001-60")]
    [Trait("requirement", "S001-61")]
    [Trait("requirement", "S001-62")]
    [Trait("requirement", "S001-63")]
    public void Its_decision_criteria_are_the_triggers_of_the_report(string name)
    {
        var dossier = SampleDossiers.Of(name);
        var rows = ParsedDocument.Cells(Assert.Single(Of(dossier).Tables("Decision Criteria"))).Skip(1).ToList();
        Assert.Equal(
            dossier.Plan.Triggers.Select(trigger => (trigger.Metric, PlanSection.Threshold(trigger))),
            rows.Take(dossier.Plan.Triggers.Count).Select(row => (row[0], row[1])));
        string[] modes = ["Decision Criteria", "Automated", "Infrastructure Revert", "Full Restore", "Post-Rollback Verification", "Communication"];
        Assert.Equal(modes, Of(dossier).Section(Sections[5]).OfType<HeadingBlock>().Select(heading => ParsedDocument.Plain(heading.Inline)));
    }

    [Theory]
    [InlineData("kubernetes", "pods started")]
    [InlineData("azure_functions", "instances started")]
    [InlineData("container_apps", "replicas started")]
    public void What_has_started_is_called_as_the_platform_calls_it(string infrastructure, string words)
    {
        var request = Authentication.Request;
        var plan = Of(SampleDossiers.Of(request with { Environments = [request.Environments[^1] with { Infrastructure = infrastructure }] }));
        Assert.Contains(words, plan.SectionText(Sections[4]), StringComparison.Ordinal);
    }

    [Theory]
    [Trait("requirement", "S001-03")]
    [Trait("requirement", "S001-88")]
    [Trait("requirement", "S001-89")]
    [InlineData(ChangeType.Code)]
    [InlineData(ChangeType.Infrastructure)]
    [InlineData(ChangeType.Configuration)]
    [InlineData(ChangeType.DataMigration)]
    public void Every_kind_of_change_has_its_plan(ChangeType type)
    {
        var plan = Of(SampleDossiers.Of(Authentication.Request with { Release = Authentication.Request.Release with { ChangeType = type } }));
        Assert.Equal(Sections, plan.Headings(2));
        Assert.Contains($"({type.ToString().ToLowerInvariant()} change)", plan.SectionText(Sections[0]), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("requirement", "S001-85")]
    public void Low_risk_has_fewer_gates_and_all_ten_headings()
    {
        var low = Of(Authentication with { Plan = Authentication.Plan with { Risk = RiskLevel.Low } });
        Assert.Equal(Sections, low.Headings(2));
        Assert.Contains("the risk is low and the policy approves", low.SectionText("Required Approvals"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("requirement", "S001-71")]
    public void The_stakeholder_matrix_has_a_recipient_for_every_checkpoint()
    {
        var rows = ParsedDocument.Cells(Assert.Single(Of(Authentication).Tables("Stakeholder Matrix")));
        Assert.Equal(["Who", "When", "Method", "Content"], rows[0]);
        string[] when = ["T-24h", "deployment start", "each stage", "rollback begun and ended", "completion"];
        Assert.All(when, moment => Assert.Contains(rows.Skip(1), row => row[1] == moment));
    }

    [Theory]
    [MemberData(nameof(Requests))]
    [Trait("requirement", "S001-75")]
    [Trait("requirement", "S001-76")]
    [Trait("requirement", "S001-77")]
    [Trait("requirement", "S001-78")]
    [Trait("requirement", "S001-79")]
    public void Four_contingencies_have_symptoms_a_response_and_a_timeline(string name)
    {
        var plan = Of(SampleDossiers.Of(name));
        string[] scenarios = ["Partial failure", "Performance degradation", "Data inconsistency", "Dependency failure"];
        Assert.All(scenarios, scenario =>
        {
            var text = plan.SectionText(scenario);
            Assert.Matches(@"\*\*Symptoms\*\*: \S", text);
            Assert.Matches(@"\*\*Response\*\*: \S", text);
            Assert.Matches(@"\*\*Timeline\*\*: .*\d", text);
        });
    }

    [Fact]
    [Trait("requirement", "S001-80")]
    [Trait("requirement", "S001-82")]
    [Trait("requirement", "S001-83")]
    public void Contacts_are_two_on_call_a_path_and_four_areas()
    {
        var plan = Of(Authentication);
        Assert.Contains("**Primary on-call**: sam@example.com", plan.SectionText(Sections[9]), StringComparison.Ordinal);
        Assert.Equal(["on-call@example.com", "cto@example.com"], ParsedDocument.Items(Assert.IsType<ListBlock>(Assert.Single(plan.Section("Escalation Path")))));
        var areas = ParsedDocument.Cells(Assert.Single(plan.Tables("Emergency Contacts")));
        Assert.Equal(["Infrastructure", "Security", "Database", "Networking"], areas.Skip(1).Select(row => row[0]));
        Assert.All(areas.Skip(1), row => Assert.Contains("@example.com", row[1], StringComparison.Ordinal));
    }

    private static ParsedDocument Of(ReleaseDossier dossier) => ParsedDocument.Of(dossier, DocumentNames.RolloutPlan);
}
