using Slipway.Core.Releases;
using Slipway.Core.Tests.Ledgers;
using Slipway.Web.Pages;
using Slipway.Web.Tests.Fakes;
using Slipway.Workflow.Ports;

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
    public async Task Of_many_releases_a_page_shows_some_and_tells_how_many_there_are_and_where_the_others_are()
    {
        for (var n = 0; n < 60; n++) await PutAsync(n, n < 2 ? ReleasePhase.Baking : n < 5 ? ReleasePhase.Waiting : ReleasePhase.Completed);
        var browser = await new Browser(_world).SignInAsync();

        var first = await browser.GetAsync("/");
        Assert.Equal(["All (60)", "Running (5)", "Waiting (3)", "Ended (55)"], Options(first), StringComparer.OrdinalIgnoreCase);
        Assert.Equal((25, "1 to 25 of 60", "Older"), Shown(first));
        Assert.Equal("release-0", Ids(first)[0]);

        var second = await browser.GetAsync(Link(first, "Older"));
        Assert.Equal((25, "26 to 50 of 60", "Newer, Older"), Shown(second));
        var third = await browser.GetAsync(Link(second, "Older"));
        Assert.Equal((10, "51 to 60 of 60", "Newest, Newer"), Shown(third));
        Assert.Equal(60, new[] { first, second, third }.SelectMany(Ids).Distinct().Count());
        Assert.Equal(Ids(second), Ids(await browser.GetAsync(Link(third, "Newer"))));
        Assert.Equal(Ids(first), Ids(await browser.GetAsync(Link(third, "Newest"))));
        ReleasePageTests.Checked(third);
    }

    [Fact]
    public async Task A_filter_finds_the_oldest_release_as_well_and_pages_over_what_it_lets_through()
    {
        for (var n = 0; n < 1_200; n++) await PutAsync(n, ReleasePhase.Completed, n == 1_199 ? "The oldest" : n % 20 == 0 ? "Every twentieth" : "Search");
        var browser = await new Browser(_world).SignInAsync();

        var oldest = await browser.GetAsync("/?q=oldest");
        Assert.Equal("release-1199", Assert.Single(Ids(oldest)));
        Assert.Equal(["All (1)", "Running (0)", "Waiting (0)", "Ended (1)"], Options(oldest), StringComparer.OrdinalIgnoreCase);

        var some = await browser.GetAsync("/?q=twentieth&status=ended");
        Assert.Equal((25, "1 to 25 of 60", "Older"), Shown(some));
        Assert.Equal((25, "26 to 50 of 60", "Newer, Older"), Shown(await browser.GetAsync(Link(some, "Older"))));
    }

    [Fact]
    public async Task Behind_the_end_of_the_list_the_page_leads_back()
    {
        for (var n = 0; n < 30; n++) await PutAsync(n, ReleasePhase.Completed);
        var browser = await new Browser(_world).SignInAsync();

        var page = await browser.GetAsync("/?skip=500");

        Assert.Contains("The list ends before this page: it has 30 releases", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("slipway start", page.Text, StringComparison.Ordinal);
        Assert.Equal("1 to 25 of 30", Shown(await browser.GetAsync(Link(page, "Show the newest"))).Range);
        Assert.Equal("26 to 30 of 30", Shown(await browser.GetAsync(Link(page, "Newer"))).Range);
        ReleasePageTests.Checked(page);
    }

    [Fact]
    public async Task A_script_that_looks_for_changes_gets_the_same_page_without_its_style()
    {
        await _world.LoadAsync(SampleLedgers.All["running"]);
        var whole = await _world.SendAsync("GET", "/", headers: ("Accept", "text/html"));

        var parts = await _world.SendAsync("GET", "/", headers: [("Accept", "text/html"), ("Sec-Fetch-Dest", "empty")]);

        Assert.Contains(PageAssets.StyleElement.Value, whole.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("<style", parts.Body, StringComparison.Ordinal);
        Assert.Equal(Content(whole.Body), Content(parts.Body));

        static string Content(string page) => page[page.IndexOf("<main", StringComparison.Ordinal)..];
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
        foreach (var asset in new[] { PageAssets.Script, PageAssets.Icon })
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

    private Task PutAsync(int n, ReleasePhase phase, string title = "Search")
    {
        var (id, at) = (ReleaseId.Parse($"release-{n}"), ApiWorld.Start.AddMinutes(-n));
        return _world.Snapshots.PutAsync(
            new ReleaseSnapshot(id, 1, new ReleaseSummary { Id = id, Title = title, Version = "1.0.0", Phase = phase, Percentage = 0, Stage = 0, Stages = 2, Why = "for the test", StartedAt = at, UpdatedAt = at }, "{}"),
            CancellationToken.None);
    }

    private static string[] Options(PageAnswer page) => [.. page.Document.QuerySelectorAll("select[name=status] option").Select(option => option.TextContent)];

    private static string[] Ids(PageAnswer page) => [.. page.Document.QuerySelectorAll(".releases a.name").Select(link => link.GetAttribute("href")!["/releases/".Length..])];

    private static (int Count, string Range, string Links) Shown(PageAnswer page) => (
        page.Document.QuerySelectorAll(".releases li").Length,
        page.Document.QuerySelector(".pages span")!.TextContent,
        string.Join(", ", page.Document.QuerySelectorAll(".pages a").Select(link => link.TextContent)));

    private static string Link(PageAnswer page, string words) =>
        page.Document.QuerySelectorAll("main a").Single(link => link.TextContent == words).GetAttribute("href")!;
}
