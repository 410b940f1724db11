using System.Security.Cryptography;
using System.Text;
using Slipway.Core.Releases;
using Slipway.Core.Tests.Ledgers;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Pages;

public sealed class ExportAndRetryTests
{
    private readonly ApiWorld _world = new();

    [Fact]
    public async Task An_export_is_one_file_that_loads_nothing_and_proves_its_parts()
    {
        var entries = SampleLedgers.All["rolled_back"];
        var release = await _world.LoadAsync(entries);

        var page = await (await new Browser(_world).SignInAsync()).GetAsync($"/releases/{release}/export");

        Assert.Equal(200, page.Status);
        Assert.Contains($"{release}-{entries.Count}.html", page.Answer.Headers.ContentDisposition.ToString(), StringComparison.Ordinal);
        Assert.Empty(page.Document.QuerySelectorAll("link, script, img, iframe, [src]"));
        var style = page.Document.QuerySelector("style")!.TextContent;
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)));
        Assert.Contains($"'sha256-{hash}'", page.Answer.Headers.ContentSecurityPolicy.ToString(), StringComparison.Ordinal);
        Assert.Contains(entries[^1].Hash, page.Text, StringComparison.Ordinal);
        var report = page.Document.QuerySelector("pre.report")!.TextContent;
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(report))), page.Text, StringComparison.Ordinal);
        Assert.Equal((await _world.SendAsync("GET", $"/api/releases/{release}")).Body, report);
    }

    [Fact]
    public async Task A_past_moment_is_exported_as_it_was()
    {
        var release = await _world.LoadAsync(SampleLedgers.All["rolled_back"]);

        var page = await (await new Browser(_world).SignInAsync()).GetAsync($"/releases/{release}/export?at=5");

        Assert.Contains(SampleLedgers.All["rolled_back"][4].Hash, page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("ROLLED BACK", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_that_was_rolled_back_is_tried_again_from_its_page()
    {
        var release = await _world.StartSampleAsync();
        await _world.EndAsync(release, ReleasePhase.RolledBack);
        var browser = await new Browser(_world).SignInAsync();
        Assert.Contains("Try it again", (await browser.GetAsync($"/releases/{release}")).Text, StringComparison.Ordinal);

        var done = await browser.SubmitAsync(await browser.GetAsync($"/releases/{release}/retry"), ("reason", "the shard is back"));

        Assert.Equal(303, done.Status);
        var next = await browser.GetAsync(done.Location!);
        Assert.Contains("attempt 2", next.Text, StringComparison.Ordinal);
        Assert.Contains($"Tried again after {release}.", next.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_running_release_cannot_be_tried_again()
    {
        var release = await _world.LoadAsync(SampleLedgers.All["running"]);

        Assert.Equal(409, (await (await new Browser(_world).SignInAsync()).GetAsync($"/releases/{release}/retry")).Status);
    }
}
