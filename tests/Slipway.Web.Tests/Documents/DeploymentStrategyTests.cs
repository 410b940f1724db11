using System.Text.RegularExpressions;
using Slipway.Core.Decisions;
using Slipway.Core.Documents;
using Slipway.Core.Requests;
using CanonicalStage = Slipway.Core.Decisions.CanonicalStage;

namespace Slipway.Web.Tests.Documents;

public sealed class DeploymentStrategyTests
{
    private static readonly ReleaseDossier Authentication = SampleDossiers.Of("authentication");

    public static TheoryData<string> Requests => [.. SampleDossiers.Names];

    [Theory]
    [MemberData(nameof(Requests))]
    [Trait("requirement", "S004-31")]
    [Trait("requirement", "S004-66")]
    [Trait("requirement", "S004-72")]
    [Trait("requirement", "S004-99")]
    [Trait("requirement", "S004-136")]
    [Trait("requirement", "X08")]
    public void It_has_its_title_and_five_stages(string name)
    {
        var strategy = Of(SampleDossiers.Of(name));
        Assert.Equal($"Deployment Strategy: {SampleDossiers.Of(name).Title}", Assert.Single(strategy.Headings(2)));
        Assert.Equal(
            ["Stage 1: Infrastructure (ZERO-RISK)", "Stage 2: Integration (LOW-RISK)", "Stage 3: Canary (MEDIUM-RISK)", "Stage 4: Partial (MEDIUM-RISK)", "Stage 5: Full (FINAL)"],
            strategy.Headings(4));
        Assert.Equal(
            ["Pre-Deployment Checklist", "Deployment Windows", "Risk Categorization", "Deployment Sequence", "Monitoring Dashboard", "Rollback Decision Matrix", "On-Call Responsibilities"],
            strategy.Headings(3));
    }

    [Theory]
    [MemberData(nameof(Requests))]
    [Trait("requirement", "S004-67")]
    [Trait("requirement", "S004-98")]
    public void Every_file_of_the_manifest_stands_in_exactly_one_of_four_groups(string name)
    {
        var dossier = SampleDossiers.Of(name);
        var text = Of(dossier).SectionText("Risk Categorization");
        Assert.Equal(["ZERO", "LOW", "MEDIUM", "HIGH"], Regex.Matches(text, @"\*\*([A-Z]+)-RISK Changes:\*\*").Select(match => match.Groups[1].Value));
        Assert.All(dossier.Request.Changes.Files, file => Assert.Equal(2, text.Split($"`{file.Path}`").Length));
    }

    [Fact]
    [Trait("requirement", "S004-64")]
    [Trait("requirement", "S004-65")]
    [Trait("requirement", "S004-100")]
    [Trait("requirement", "S004-147")]
    [Trait("requirement", "S004-160")]
    [Trait("requirement", "S004-177")]
    [Trait("requirement", "S004-187")]
    [Trait("requirement", "S004-218")]
    [Trait("requirement", "S004-219")]
    public void Every_stage_has_a_command_a_wait_what_is_watched_criteria_a_way_back_and_one_decision()
    {
        var strategy = Of(Authentication);
        Assert.All(strategy.Headings(4), heading =>
        {
            var text = strategy.SectionText(heading);
            string[] parts = ["**Command:**", "**Wait:**", "**Monitor:**", "**Success Criteria", "**Rollback:**", "**Decision:** go when"];
            Assert.All(parts, part => Assert.Contains(part, text, StringComparison.Ordinal));
            Assert.Matches(@"\*\*Command:\*\* [^\n]*`[^`]+`", text);
            Assert.Matches(@"\*\*Wait:\*\* \d", text);
        });
    }

    [Fact]
    [Trait("requirement", "S004-151")]
    public void Stage_1_deploys_tests_docs_and_all_code_with_the_flag_off()
    {
        var text = Of(Authentication).SectionText("Stage 1: Infrastructure (ZERO-RISK)");
        string[] parts =
        [
            "Tests: `tests/auth/auth.test.js`", "Documentation: `docs/AUTH.md`", "=false`", "0 hours (proceed immediately)", "Deployment success", "No new exceptions in the logs",
            "Deployment completes without errors", "Application starts", "No new errors in logs", "Not needed (code not active)",
        ];
        Assert.All(parts, part => Assert.Contains(part, text, StringComparison.Ordinal));
    }

    [Fact]
    [Trait("requirement", "S004-158")]
    public void Stage_2_has_all_code_off_and_level_1_all_the_same()
    {
        var text = Of(Authentication).SectionText("Stage 2: Integration (LOW-RISK)");
        Assert.Contains("Level 1, although nobody is exposed yet", text, StringComparison.Ordinal);
        Assert.Contains("No memory leak after 1 hour", text, StringComparison.Ordinal);
        Assert.Contains("All existing functionality is working", text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("requirement", "S004-101")]
    public void Stage_3_has_the_numbers_of_each_metric_with_its_dashboard()
    {
        var text = Of(Authentication).SectionText("Stage 3: Canary (MEDIUM-RISK)");
        string[] parts = ["**Error rate:**", "**P95 latency:**", "**Availability:**", "**Token refreshes:**"];
        Assert.All(parts, part => Assert.Contains(part, text, StringComparison.Ordinal));
        foreach (var label in new[] { "Current", "Target", "Warning", "Critical", "Dashboard" })
            Assert.Equal(parts.Length, Regex.Count(text, $@"(?m)^- {label}: \S"));
        Assert.Contains("Critical: > 0.5 % over 5m", text, StringComparison.Ordinal);
        Assert.Contains("Critical: > 500 ms over 5m", text, StringComparison.Ordinal);
        Assert.Contains("both versions side by side, every 1m", text, StringComparison.Ordinal);
        Assert.Contains("ANY critical alert, 3+ warnings in 30 minutes, or confirmed complaints", text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("requirement", "S004-189")]
    public void Stage_5_lists_what_is_expected_and_what_follows()
    {
        var text = Of(Authentication).SectionText("Stage 5: Full (FINAL)");
        Assert.Contains("**Expected Changes:**", text, StringComparison.Ordinal);
        string[] after = ["Review all metrics", "Document any issues or surprises", "Update the runbook with learnings", "Remove feature flag code (if stable for 1 week)", "Schedule postmortem meeting", "Mark as complete"];
        Assert.All(after, part => Assert.Contains(part, text, StringComparison.Ordinal));
    }

    [Fact]
    [Trait("requirement", "S004-83")]
    [Trait("requirement", "S004-84")]
    [Trait("requirement", "S004-85")]
    [Trait("requirement", "S004-86")]
    [Trait("requirement", "S004-87")]
    public void Every_metric_has_an_absolute_link_to_its_dashboard()
    {
        var text = Of(Authentication).SectionText("Monitoring Dashboard");
        string[] metrics = ["Error rate", "P95 latency", "Success rate", "Token refreshes"];
        Assert.All(metrics, metric => Assert.Matches($@"(?m)^- {metric}: \[auth\]\(<https://dashboard\.example\.com/auth>\)$", text));
    }

    [Fact]
    [Trait("requirement", "S004-102")]
    [Trait("requirement", "S004-196")]
    [Trait("requirement", "S004-202")]
    public void The_matrix_is_the_table_that_the_workflow_decides_by()
    {
        var rows = ParsedDocument.Cells(Assert.Single(Of(Authentication).Tables("Rollback Decision Matrix")));
        Assert.Equal(["Condition", "Stage 3", "Stage 4", "Stage 5", "Action"], rows[0]);
        Assert.Equal(Enum.GetValues<MatrixRow>().Length, rows.Count - 1);
        foreach (var (row, cells) in Enum.GetValues<MatrixRow>().Zip(rows.Skip(1)))
        {
            Assert.Equal(
                new[] { CanonicalStage.Canary, CanonicalStage.Partial, CanonicalStage.Full }.Select(stage => Words(DecisionMatrix.Of(row, stage))),
                cells.Skip(1).Take(3));
        }

        static string Words(MatrixCell cell) => (cell.Response, cell.Sustained > TimeSpan.Zero) switch
        {
            (MatrixResponse.Immediate, _) => "Immediate",
            (MatrixResponse.Evaluate, true) => "Evaluate (> 10 min)",
            (MatrixResponse.Evaluate, false) => "Evaluate",
            (MatrixResponse.HoldThenRollback, _) => "Hold, then rollback",
            (MatrixResponse.Hold, _) => "Hold",
            (MatrixResponse.Alert, _) => "Alert",
            _ => "n/a",
        };
    }

    [Fact]
    public void The_checklist_has_six_items_and_none_that_is_open_is_ticked()
    {
        string[] items = ["All tests passing (unit, integration, E2E)", "Security review complete (no CRITICAL issues)", "Rollback strategy documented", "Monitoring dashboard configured", "On-call engineer assigned", "Stakeholders notified"];
        var lines = Of(Authentication).SectionText("Pre-Deployment Checklist").Split('\n').Where(line => line.StartsWith("- [", StringComparison.Ordinal)).ToList();
        Assert.All(items.Zip(lines), pair => Assert.Contains(pair.First, pair.Second, StringComparison.Ordinal));
        Assert.Equal([" ", " ", "x", "x", "x", " "], lines.Select(line => line.Substring(3, 1)));
        var nobody = Of(SampleDossiers.Of(Authentication.Request with { Contacts = new ContactSpec() })).SectionText("Pre-Deployment Checklist").Split('\n');
        Assert.StartsWith("- [ ] On-call engineer assigned: 🚧", nobody[4], StringComparison.Ordinal);
    }

    [Fact]
    [Trait("requirement", "S004-30")]
    public void The_risk_of_the_stages_never_falls()
    {
        string[] order = ["ZERO-RISK", "LOW-RISK", "MEDIUM-RISK", "FINAL"];
        var labels = Of(Authentication).Headings(4).Select(heading => Array.IndexOf(order, heading[(heading.IndexOf('(', StringComparison.Ordinal) + 1)..^1])).ToList();
        Assert.DoesNotContain(-1, labels);
        Assert.Equal(labels.Order(), labels);
    }

    [Theory]
    [InlineData("Database connection pool of users stable")]
    [InlineData("Cache hit rate of sessions as in stage 3")]
    [InlineData("No degradation compared with stage 3")]
    public void Stage_4_watches_what_stage_3_does_and_more(string check)
    {
        var (canary, partial) = (Monitor("Stage 3: Canary (MEDIUM-RISK)"), Monitor("Stage 4: Partial (MEDIUM-RISK)"));
        Assert.Contains($"- {check}", partial);
        Assert.All(canary, line => Assert.Contains(line, partial));

        static IReadOnlyList<string> Monitor(string heading)
        {
            var text = Of(Authentication).SectionText(heading);
            text = text[text.IndexOf("**Monitor:**", StringComparison.Ordinal)..text.IndexOf("**Success", StringComparison.Ordinal)];
            return [.. text.Split('\n').Where(line => line.Contains(", both versions side by side", StringComparison.Ordinal) || line.StartsWith("- Database", StringComparison.Ordinal) || line.StartsWith("- Cache", StringComparison.Ordinal) || line.StartsWith("- No deg", StringComparison.Ordinal))];
        }
    }

    [Theory]
    [InlineData("Error rate", "0.05 % (stated)", "< 0.1 %", "> 0.15 % over 5m", "> 0.5 % over 5m")]
    [InlineData("P95 latency", "150 ms (stated)", "< 200 ms", "> 300 ms over 5m", "> 500 ms over 5m")]
    [InlineData("Availability", "99.95 % (stated)", "> 99.9 %", "< 99.8 % over 5m", "< 99.5 % over 5m")]
    [Trait("requirement", "S004-163")]
    [Trait("requirement", "S004-164")]
    [Trait("requirement", "S004-165")]
    public void Stage_3_names_current_target_warning_critical_and_dashboard_of_each_metric(string metric, string current, string target, string warning, string critical)
    {
        var text = Of(Authentication).SectionText("Stage 3: Canary (MEDIUM-RISK)");
        text = text[text.IndexOf($"**{metric}:**", StringComparison.Ordinal)..];
        Assert.Equal(
            [$"- Current: {current}", $"- Target: {target}", $"- Warning: {warning}", $"- Critical: {critical}", "- Dashboard: "],
            text.Split('\n').Where(line => line.StartsWith("- ", StringComparison.Ordinal)).Take(5).Zip((string[])[current, target, warning, critical, ""],
                (line, value) => value.Length == 0 ? "- Dashboard: " + (line.Contains("https://dashboard.example.com/auth", StringComparison.Ordinal) ? "" : line) : line[..Math.Min(line.Length, line.IndexOf(": ", StringComparison.Ordinal) + 2 + value.Length)]));
    }

    [Fact]
    [Trait("requirement", "S004-145")]
    public void The_windows_have_a_reason() => Assert.Contains("**Reason:** the team has to be there", Of(Authentication).SectionText("Deployment Windows"), StringComparison.Ordinal);

    private static ParsedDocument Of(ReleaseDossier dossier) => ParsedDocument.Of(dossier, DocumentNames.DeploymentStrategy);
}
