using Slipway.Core.Tests.Ledgers;
using Slipway.Web.Pages;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Pages;

public sealed class ListAndStartPageTests
{
    private readonly ApiWorld _world = new();

    [Fact]
    public async Task An_empty_list_names_the_command_that_starts_the_first_release()
    {
        var page = await (await new Browser(_world).SignInAsync()).GetAsync("/");

        Assert.Contains("slipway start release.yaml", page.Text, StringComparison.Ordinal);
        ReleasePageTests.Checked(page);
    }

    [Theory]
    [InlineData("/", 1)]
    [InlineData("/?status=running", 1)]
    [InlineData("/?status=waiting", 0)]
    [InlineData("/?status=ended", 0)]
    [InlineData("/?status=nonsense", 1)]
    [InlineData("/?q=STREAMING", 1)]
    [InlineData("/?q=nothing-like-it", 0)]
    public async Task The_filter_stands_in_the_address(string path, int shown)
    {
        await _world.LoadAsync(SampleLedgers.All["running"]);

        var page = await (await new Browser(_world).SignInAsync()).GetAsync(path);

        Assert.Equal(shown, page.Document.QuerySelectorAll(".releases li").Length);
        if (shown == 0) Assert.Contains("None of the releases", page.Text, StringComparison.Ordinal);
        ReleasePageTests.Checked(page);
    }

    [Fact]
    public async Task A_release_is_checked_and_started_from_the_page()
    {
        var browser = await new Browser(_world).SignInAsync();
        await _world.Flags.CreateOffAsync("search-v2", CancellationToken.None);
        var form = await browser.GetAsync("/start");

        var checkedPage = await browser.SubmitAsync(form, ("request", Requests.Samples.Small), ("do", "check"));
        Assert.Equal(200, checkedPage.Status);
        Assert.Contains("It can start as", checkedPage.Text, StringComparison.Ordinal);
        Assert.Empty(await _world.Ledger.ListAsync(CancellationToken.None));

        var started = await browser.SubmitAsync(form, ("request", Requests.Samples.Small), ("do", "start"));
        var release = Assert.Single(await _world.Ledger.ListAsync(CancellationToken.None));
        Assert.Equal((303, $"/releases/{release}"), (started.Status, started.Location));

        var other = await browser.SubmitAsync(form, ("request", Requests.Samples.Small.Replace("email: support@", "email: help@", StringComparison.Ordinal)), ("do", "start"));
        Assert.Equal(409, other.Status);
        Assert.Contains("already started from a different request", other.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_with_problems_comes_back_with_all_of_them_and_its_text()
    {
        var browser = await new Browser(_world).SignInAsync();
        const string Text = "release:\n  titel: x\n  version: [1]\n";

        var page = await browser.SubmitAsync(await browser.GetAsync("/start"), ("request", Text), ("do", "start"));

        Assert.Equal(400, page.Status);
        Assert.Contains("titel", page.Document.QuerySelector("#result")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(Text.Trim(), page.Document.QuerySelector("#request")!.TextContent.Trim());
        Assert.Empty(await _world.Ledger.ListAsync(CancellationToken.None));
        ReleasePageTests.Checked(page);
    }

    [Fact]
    public async Task Assets_are_kept_for_a_year_under_the_hash_of_their_content()
    {
        foreach (var asset in new[] { PageAssets.Style, PageAssets.Script, PageAssets.Icon })
        {
            var answer = await _world.SendAsync("GET", asset.Path, token: null);
            Assert.Equal(200, answer.Status);
            Assert.Equal(asset.MediaType, answer.Headers.ContentType.ToString());
            Assert.Contains("immutable", answer.Headers.CacheControl.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal(404, (await _world.SendAsync("GET", "/assets/slipway.css", token: null)).Status);
    }

    [Fact]
    public async Task An_unknown_address_is_a_page_for_a_browser_and_a_problem_for_a_program()
    {
        var page = await new Browser(_world).GetAsync("/nothing/here");

        Assert.Equal(404, page.Status);
        ReleasePageTests.Checked(page);
        (await _world.SendAsync("GET", "/nothing/here")).Problem(404, "no_such_address");
    }
}
