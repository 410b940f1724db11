using Slipway.Core.Documents;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Api;

public sealed class DocumentTests
{
    private readonly ApiWorld _world = new();

    [Fact]
    [Trait("requirement", "S002-122")]
    [Trait("requirement", "S002-123")]
    [Trait("requirement", "S004-02")]
    [Trait("requirement", "S004-213")]
    [Trait("requirement", "S004-214")]
    public async Task The_links_of_the_report_give_the_runbook_and_the_rollback_strategy_of_the_release()
    {
        var release = await _world.StartSampleAsync();
        var artifacts = (await _world.SendAsync("GET", $"/api/releases/{release}")).Json.GetProperty("deployment_artifacts");

        foreach (var (member, title) in new[] { ("runbook", "# Rollout Plan: Streaming search indexer\n"), ("rollback_procedure", "## Rollback Strategy: Streaming search indexer\n") })
        {
            var answer = await _world.SendAsync("GET", new Uri(artifacts.GetProperty(member).GetString()!).AbsolutePath);
            Assert.Equal((200, "text/markdown; charset=utf-8"), (answer.Status, answer.Headers.ContentType.ToString()));
            Assert.StartsWith(title, answer.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    [Trait("requirement", "X01")]
    public async Task Commands_are_in_the_documents_and_not_in_the_report()
    {
        var release = await _world.StartSampleAsync();

        Assert.Contains($"slipway rollback {release}", (await _world.SendAsync("GET", $"/api/releases/{release}/documents/rollback-strategy")).Body, StringComparison.Ordinal);
        Assert.DoesNotContain("slipway rollback", (await _world.SendAsync("GET", $"/api/releases/{release}")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_names_each_document_with_its_address()
    {
        var release = await _world.StartSampleAsync();
        var list = (await _world.SendAsync("GET", $"/api/releases/{release}/documents", token: ApiWorld.ViewerToken)).Json.GetProperty("documents").EnumerateArray().ToList();

        Assert.Equal(
            ReleaseDocuments.Names.Where(name => name != DocumentNames.IncidentReport),
            list.Select(entry => entry.GetProperty("name").GetString()));
        Assert.All(list, entry => Assert.EndsWith($"/api/releases/{release}/documents/{entry.GetProperty("name").GetString()}", entry.GetProperty("url").GetString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8")]
    [InlineData("text/markdown", "text/markdown; charset=utf-8")]
    [InlineData("*/*", "text/markdown; charset=utf-8")]
    [InlineData("text/html;q=0", "text/markdown; charset=utf-8")]
    [InlineData("nonsense", "text/markdown; charset=utf-8")]
    public async Task A_browser_gets_a_page_and_a_script_the_document(string accept, string type)
    {
        var release = await _world.StartSampleAsync();
        var answer = await _world.SendAsync("GET", $"/api/releases/{release}/documents/rollout-plan", headers: ("Accept", accept));

        Assert.Equal(type, answer.Headers.ContentType.ToString());
        Assert.Equal("Accept", answer.Headers.Vary.ToString());
        if (!type.StartsWith("text/html", StringComparison.Ordinal)) return;
        Assert.StartsWith("<!doctype html>", answer.Body, StringComparison.Ordinal);
        Assert.Contains("<h2 id=\"executive-summary\">1. Executive Summary</h2>", answer.Body, StringComparison.Ordinal);
        Assert.Matches("^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]+';", answer.Headers.ContentSecurityPolicy.ToString());
    }

    [Theory]
    [InlineData("rollout-plan.md", 200)]
    [InlineData("ROLLOUT-PLAN", 200)]
    [InlineData("deployment-manifest.json", 200)]
    [InlineData("..", 404)]
    [InlineData("nothing", 404)]
    public async Task Only_documents_have_an_address(string name, int status)
    {
        var release = await _world.StartSampleAsync();
        var answer = await _world.SendAsync("GET", $"/api/releases/{release}/documents/{name}");

        Assert.Equal(status, answer.Status);
        if (name == "nothing") Assert.Contains("rollout-plan", answer.Problem(404, "no_such_document").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_releases_have_no_documents() => (await _world.SendAsync("GET", "/api/releases/nothing/documents/rollout-plan")).Problem(404, "no_such_release");
}
