using System.Text.RegularExpressions;
using Markdig.Syntax;
using Slipway.Core.Documents;
using Slipway.Core.Requests;
using YamlDotNet.RepresentationModel;

namespace Slipway.Web.Tests.Documents;

public sealed class ReleaseDeploymentPlanTests
{
    private static readonly ReleaseDossier Authentication = SampleDossiers.Of("authentication");

    // As in the scaffold: U+2011 in sections 2 and 9.
    private static readonly string[] Scaffold =
    [
        "Version", "1. Environments", "2. Infrastructure\u2011as\u2011Code", "3. CI/CD Pipeline (GitHub Actions)", "4. Deployment Strategy", "5. Rollback & DR", "6. Observability",
        "7. Secrets & Config", "8. Release Versioning & Changelog", "9. Post\u2011Release Verification", "10. Compliance & Evidence", "11. Open Questions / Risks",
    ];

    public static TheoryData<string> Requests => [.. SampleDossiers.Names];

    [Theory]
    [MemberData(nameof(Requests))]
    [Trait("requirement", "S003-02")]
    [Trait("requirement", "S003-22")]
    [Trait("requirement", "S003-24")]
    [Trait("requirement", "S003-25")]
    [Trait("requirement", "S003-27")]
    [Trait("requirement", "S003-32")]
    [Trait("requirement", "S003-38")]
    [Trait("requirement", "S003-43")]
    [Trait("requirement", "S003-47")]
    [Trait("requirement", "S003-53")]
    [Trait("requirement", "S003-58")]
    [Trait("requirement", "S003-61")]
    [Trait("requirement", "S003-64")]
    [Trait("requirement", "S003-69")]
    [Trait("requirement", "S003-72")]
    [Trait("requirement", "S003-75")]
    [Trait("requirement", "S003-76")]
    public void Its_headings_are_the_scaffold_byte_for_byte(string name)
    {
        var plan = Of(SampleDossiers.Of(name));
        Assert.StartsWith("# Release & Deployment Plan\n", plan.Text, StringComparison.Ordinal);
        var expected = SampleDossiers.Of(name).Request.Delivery is null ? Scaffold.Select(heading => heading.Replace("(GitHub Actions)", "(tool not stated)", StringComparison.Ordinal)) : Scaffold;
        Assert.Equal(expected, plan.Headings(2));
        Assert.DoesNotContain("<release_planning>", plan.Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("requirement", "S003-26")]
    public void Its_version_is_the_date_with_an_en_dash() =>
        Assert.Matches("^v\\d{4}-\\d{2}-\\d{2} \u2013 initial draft$", Of(Authentication).SectionText("Version"));

    [Fact]
    [Trait("requirement", "S003-28")]
    [Trait("requirement", "S003-29")]
    [Trait("requirement", "S003-30")]
    [Trait("requirement", "S003-31")]
    [Trait("requirement", "X28")]
    public void Its_environments_are_local_staging_and_production()
    {
        var rows = ParsedDocument.Cells(Assert.Single(Of(Authentication).Tables("1. Environments")));
        Assert.Equal(["Stage", "Cloud / Region", "Runtime", "Data Stores", "Purpose"], rows[0]);
        Assert.Equal(["Local", "Staging", "Production"], rows.Skip(1).Select(row => row[0]));
        Assert.Contains("AKS on Azure / eastus, westus", rows[3]);
        Assert.DoesNotContain("local", ReleaseDocuments.Render(Authentication, DocumentNames.DeploymentManifest)!.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [Trait("requirement", "S003-10")]
    [Trait("requirement", "S003-11")]
    [Trait("requirement", "S003-12")]
    [Trait("requirement", "S003-13")]
    [Trait("requirement", "S003-14")]
    [Trait("requirement", "S003-15")]
    [Trait("requirement", "S003-16")]
    [Trait("requirement", "S003-17")]
    [Trait("requirement", "S003-18")]
    [Trait("requirement", "S003-19")]
    [Trait("requirement", "S003-20")]
    [Trait("requirement", "S003-21")]
    [InlineData("Which cloud runs production?")]
    [InlineData("Which tool with its version? State delivery.infrastructure_code")]
    [InlineData("Which tool runs the pipeline?")]
    [InlineData("Is there a staging environment?")]
    [InlineData("Which secret store?")]
    [InlineData("Which tool keeps logs?")]
    [InlineData("In which second region is the standby?")]
    [InlineData("Which flag framework?")]
    [InlineData("Which release ticket?")]
    [InlineData("Which URL? State preflight.smoke")]
    [InlineData("What does the release change in the running cost?")]
    [InlineData("How slow is the first request after a scale to zero")]
    public void Every_consideration_that_the_request_leaves_out_is_asked_for(string question) =>
        Assert.Contains(question, Of(SampleDossiers.Of("tiny")).SectionText(Scaffold[11]), StringComparison.Ordinal);

    [Theory]
    [Trait("requirement", "S003-33")]
    [Trait("requirement", "S003-34")]
    [Trait("requirement", "S003-35")]
    [Trait("requirement", "S003-36")]
    [Trait("requirement", "S003-37")]
    [Trait("requirement", "S003-40")]
    [Trait("requirement", "S003-41")]
    [Trait("requirement", "S003-46")]
    [Trait("requirement", "S003-48")]
    [Trait("requirement", "S003-50")]
    [Trait("requirement", "S003-51")]
    [Trait("requirement", "S003-52")]
    [InlineData(2, "Tooling", "Terraform 1.8")]
    [InlineData(2, "Repo layout", "")]
    [InlineData(2, "State", "Azure Storage container tfstate, locked by blob lease")]
    [InlineData(2, "Secrets", "pulled from Azure Key Vault kv-api")]
    [InlineData(3, "Stages", "build → lint+test → container push → staging deploy → smoke → manual prod approval → prod deploy")]
    [InlineData(3, "Caching", "npm packages and container layers")]
    [InlineData(3, "Security", "Trivy report; fail on High and Critical CVEs")]
    [InlineData(4, "Staging", "rolling update, 50 % at a time")]
    [InlineData(4, "Production", "the old version is kept for 1d after the last shift")]
    [InlineData(4, "Feature Flags", "Azure App Configuration")]
    [InlineData(5, "Rollback", "≤ 5m")]
    [InlineData(5, "Backups", "automated snapshots (7 days) + weekly manual snapshot (28 days)")]
    [InlineData(5, "DR Region", "standby in westeurope")]
    public void Each_bullet_says_what_the_request_states(int section, string label, string text)
    {
        var bullets = Of(Authentication).SectionText(Scaffold[section]).Split('\n');
        Assert.Contains(text, Assert.Single(bullets, line => line.StartsWith($"- **{label}**", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("requirement", "S003-39")]
    [Trait("requirement", "S003-60")]
    public void Its_pipeline_is_YAML_with_identity_and_no_ellipsis()
    {
        var block = Assert.Single(Of(Authentication).Section(Scaffold[3]).OfType<FencedCodeBlock>());
        var yaml = new YamlStream();
        yaml.Load(new StringReader(block.Lines.ToString()));
        var root = (YamlMappingNode)yaml.Documents[0].RootNode;
        Assert.Equal(["name", "on", "permissions", "jobs"], root.Children.Keys.Select(key => key.ToString()));
        Assert.Equal("main", root["on"]["push"]["branches"][0].ToString());
        Assert.Equal("write", root["permissions"]["id-token"].ToString());
        Assert.DoesNotContain("…", block.Lines.ToString(), StringComparison.Ordinal);
        Assert.Equal(["build-test", "staging", "production"], ((YamlMappingNode)root["jobs"]).Children.Keys.Select(key => key.ToString()));
    }

    [Fact]
    [Trait("requirement", "S003-54")]
    [Trait("requirement", "S003-55")]
    [Trait("requirement", "S003-56")]
    [Trait("requirement", "S003-57")]
    public void Its_signals_are_logs_metrics_and_traces()
    {
        var rows = ParsedDocument.Cells(Assert.Single(Of(Authentication).Tables("6. Observability")));
        Assert.Equal(["Signal", "Tool", "Retention", "Alert"], rows[0]);
        Assert.Equal(["Logs", "Log Analytics", "30d", "error rate > 0.5 % over 5m"], rows[1]);
        Assert.Equal(["Metrics", "Azure Monitor", "93d", "p95 latency > 500 ms over 5m"], rows[2]);
        Assert.Equal(["Traces", "Application Insights", "7d", "n/a"], rows[3]);
    }

    [Theory]
    [Trait("requirement", "S003-68")]
    [Trait("requirement", "X23")]
    [InlineData(0.5, "< 0.5 %")]
    [InlineData(2.0, "< 1 %")]
    public void Its_verification_has_three_kinds_and_the_stricter_error_rate(double limit, string text)
    {
        var dossier = SampleDossiers.Of(Authentication.Request with { Guardrails = Authentication.Request.Guardrails with { ErrorRate = new LimitSpec((decimal)limit) } });
        var items = ParsedDocument.Items(Assert.IsType<ListBlock>(Assert.Single(Of(dossier).Section(Scaffold[9]))));
        Assert.Equal(3, items.Count);
        Assert.Contains("synthetic check sign in (200 ≤ 300ms)", items[0], StringComparison.Ordinal);
        Assert.Contains("Manually verify", items[1], StringComparison.Ordinal);
        Assert.Contains(text, items[2], StringComparison.Ordinal);
    }

    [Fact]
    [Trait("requirement", "S003-59")]
    [Trait("requirement", "S003-63")]
    public void Secrets_changelog_and_evidence_are_named()
    {
        var plan = Of(Authentication);
        Assert.Contains("Azure Key Vault kv-api", plan.SectionText(Scaffold[7]), StringComparison.Ordinal);
        Assert.Contains("CHANGELOG.md is updated on `main`", plan.SectionText(Scaffold[8]), StringComparison.Ordinal);
        Assert.Contains("12 months (SOC-2)", plan.SectionText(Scaffold[10]), StringComparison.Ordinal);
        Assert.Contains("release ticket CHG-2201", plan.SectionText(Scaffold[10]), StringComparison.Ordinal);
        Assert.Contains("/documents/deployment-manifest", plan.SectionText(Scaffold[10]), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Requests))]
    [Trait("requirement", "S003-73")]
    public void Every_question_in_the_plan_stands_once_more_in_section_11(string name)
    {
        var plan = Of(SampleDossiers.Of(name));
        var last = plan.SectionText(Scaffold[11]);
        Assert.All(last.Split('\n'), line => Assert.StartsWith("- 🚧 ", line, StringComparison.Ordinal));
        var asked = Regex.Matches(plan.Text[..plan.Text.IndexOf("## 11.", StringComparison.Ordinal)], "🚧 ([^|\n]*?\\?)").Select(match => match.Groups[1].Value);
        Assert.All(asked, question => Assert.Contains(question, last, StringComparison.Ordinal));
    }

    [Theory]
    [Trait("requirement", "S003-49")]
    [InlineData("point_in_time: 30m", "A point-in-time recovery may lose 30m")]
    [InlineData("automatic: 2d", "The automatic snapshots are kept for 2d")]
    [InlineData("weekly: 7d", "The weekly snapshots are kept for 7d")]
    public void A_backup_that_is_too_short_is_asked_about(string member, string question)
    {
        var request = SampleDossiers.Read($"{File.ReadAllText(Path.Combine(SampleDossiers.Folder, "tiny", "request.yaml"))}delivery: {{ backups: {{ {member} }} }}\n");
        Assert.Contains(question, Of(SampleDossiers.Of(request)).SectionText(Scaffold[11]), StringComparison.Ordinal);
    }

    private static ParsedDocument Of(ReleaseDossier dossier) => ParsedDocument.Of(dossier, DocumentNames.ReleaseDeploymentPlan);
}
