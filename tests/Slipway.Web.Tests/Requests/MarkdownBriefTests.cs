using System.Text;
using Slipway.Core.Planning.Intake;
using Slipway.Core.Requests;
using Slipway.Web.Requests;

namespace Slipway.Web.Tests.Requests;

public sealed class MarkdownBriefTests
{
    [Fact]
    [Trait("requirement", "S000-08")]
    [Trait("requirement", "S000-53")]
    [Trait("requirement", "S000-55")]
    [Trait("requirement", "S000-57")]
    [Trait("requirement", "S000-58")]
    public void The_example_becomes_a_request()
    {
        var request = Read(BriefExample.Text);

        Assert.Equal("New search indexing pipeline", request.Release.Title);
        Assert.Equal(1000, request.Operations.TrafficRps);
        var environment = Assert.Single(request.Environments);
        Assert.Equal((EnvironmentName.Prod, "kubernetes", "GKE on GCP"), (environment.Name, environment.Infrastructure, environment.Cloud));
        Assert.Equal("", request.Release.Problem);
        Assert.Equal((5m, TimeSpan.FromHours(1), ToleranceBasis.Users), (request.Tolerance!.Canary.Value, request.Tolerance.For, request.Tolerance.Basis));
    }

    [Fact]
    [Trait("requirement", "S000-56")]
    public void The_example_lacks_the_release_date_and_the_flag_framework_and_nothing_else()
    {
        var report = IntakeGaps.Analyse(Read(BriefExample.Text), IntakeProfile.Brief);

        Assert.Equal(
            [("release.start_at", "the release date"), ("system.flag_framework", "the feature flag framework")],
            report.Gaps.Select(gap => (gap.Path, gap.Missing)));
        Assert.All(report.Gaps, gap => Assert.True(gap.Blocking));
    }

    [Theory]
    [Trait("requirement", "S000-12")]
    [Trait("requirement", "S000-13")]
    [InlineData("", "")]
    [InlineData("• Release date: 2026-12-01", "release.start_at")]
    [InlineData("• Feature flags: none", "system.flag_framework")]
    [InlineData("• Infra: GKE on GCP", "environments")]
    [InlineData("• Risk tolerance: max 5% users on canary for 1 hour", "tolerance")]
    public void Each_input_of_a_brief_that_is_left_out_is_the_one_question(string line, string gap)
    {
        var whole = BriefExample.Text.Replace("# FORMAT", "• Release date: 2026-12-01\n• Feature flags: none\n# FORMAT", StringComparison.Ordinal);

        var gaps = IntakeGaps.Analyse(Read(line.Length == 0 ? whole : whole.Replace(line, "", StringComparison.Ordinal)), IntakeProfile.Brief).Gaps;

        Assert.Equal(gap.Length == 0 ? [] : [gap], gaps.Select(found => found.Path));
    }

    [Fact]
    public void A_heading_with_a_long_run_of_blanks_is_read_at_once()
    {
        // As a regular expression, this heading took time with the cube of its length: hours for one that a request may have.
        var text = BriefExample.Text.Replace("# FORMAT", $"# FORMAT{new string(' ', 100_000)}of the answer ##", StringComparison.Ordinal);

        Assert.Equal(Read(BriefExample.Text).Release, Read(text).Release);
    }

    [Theory]
    [InlineData("# CONTEXT ##")]
    [InlineData("###### context")]
    [InlineData("#\tContext #  ")]
    public void A_heading_is_known_in_every_form_that_Markdown_has(string heading) =>
        Assert.Equal(1000, Read(BriefExample.Text.Replace("# CONTEXT", heading, StringComparison.Ordinal)).Operations.TrafficRps);

    [Theory]
    [InlineData("Infra: AWS Lambda, serverless", "serverless")]
    [InlineData("Infrastructure: 3 VMs at home", "vms")]
    [InlineData("Platform: Azure Container Apps", "container_apps")]
    [InlineData("Infra: Cloudflare edge", "edge")]
    [InlineData("Infra: a mainframe", "other")]
    public void Infrastructure_is_recognised_by_its_words_and_kept_as_written(string line, string kind)
    {
        var environment = Assert.Single(Read($"# TASK\nShip it\n# CONTEXT\n- {line}\n").Environments);

        Assert.Equal((kind, line.Split(": ")[1]), (environment.Infrastructure, environment.Cloud));
    }

    [Theory]
    [InlineData("Traffic: 250 requests per second", 250)]
    [InlineData("**Traffic:** 1.5k rps", 1500)]
    [InlineData("Load: 2M QPS", 2_000_000)]
    public void Traffic_is_a_number_of_requests_a_second(string line, int rps) =>
        Assert.Equal(rps, Read($"# TASK\nShip it\n# CONTEXT\n* {line}\n").Operations.TrafficRps);

    [Fact]
    public void What_is_no_field_is_kept_as_the_problem()
    {
        var request = Read("# TASK\nShip it.\n## Context\n- Team: search\nResults are a day old.\n- Traffic: high\n- Release date: soon\n# FORMAT\nMarkdown\n");

        Assert.Equal("Ship it", request.Release.Title);
        Assert.Equal("Team: search\nResults are a day old.\nTraffic: high\nRelease date: soon", request.Release.Problem);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# CONTEXT\n- Traffic: 1k RPS\n")]
    [InlineData("release:\n  title: x\n")]
    public void Without_a_task_it_is_said_what_is_accepted(string text)
    {
        var problem = Assert.Single(ReleaseRequestReader.Read(RequestFile.Parse(text, "request.md")).Problems);

        Assert.Equal("a brief with the headings PERSONA, TASK, CONTEXT and FORMAT, or a request in YAML or JSON", problem.Expected);
    }

    [Fact]
    public void A_tree_written_as_YAML_reads_back_as_the_same_request()
    {
        var root = (RequestMapping)YamlRequestDocument.Parse(Samples.Full).Root!;

        var again = ReleaseRequestReader.Read(YamlRequestDocument.Parse(RequestYaml.Write(root)));

        Assert.Empty(again.Problems);
        Assert.Equal(RequestHash.Of(ReleaseRequestReader.Read(root).Request!), RequestHash.Of(again.Request!));
    }

    [Theory]
    [InlineData("yes")]
    [InlineData("1.0")]
    [InlineData("a: b")]
    [InlineData("#x")]
    [InlineData("two\nlines \"quoted\" \\ 🚧")]
    [InlineData("trailing ")]
    public void Text_that_YAML_would_take_for_something_else_is_quoted(string text)
    {
        var root = new RequestMapping([new RequestEntry("a", 1, 1, new RequestSequence([new RequestScalar(text, true, 1, 1)], 1, 1))], 1, 1);

        var again = (RequestMapping)YamlRequestDocument.Parse(RequestYaml.Write(root)).Root!;

        var scalar = Assert.IsType<RequestScalar>(Assert.Single(((RequestSequence)again.Entries[0].Value).Items));
        Assert.Equal((text, true), (scalar.Text, scalar.Quoted));
    }

    private static ReleaseRequest Read(string text)
    {
        var reading = ReleaseRequestReader.Read(RequestFile.Parse(Encoding.UTF8.GetBytes(text), "text/markdown"));
        Assert.Empty(reading.Problems);
        return reading.Request!;
    }
}
