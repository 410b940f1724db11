using Slipway.Core.Ledgers;
using Slipway.Core.Policy;
using Slipway.Core.Releases;
using Slipway.Core.Tests.Ledgers;
using Slipway.Web.Access;
using Slipway.Web.Api;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Pages;

public sealed class CommandPageTests
{
    private readonly ApiWorld _world = new();

    [Fact]
    public async Task A_rollback_says_its_consequence_and_wants_the_release_typed()
    {
        var release = await _world.LoadAsync(SampleLedgers.All["running"]);
        var browser = await new Browser(_world).SignInAsync();
        var page = await browser.GetAsync($"/releases/{release}/commands/rollback");

        Assert.Contains("25 % of users return to", page.Text, StringComparison.Ordinal);
        Assert.Contains($"slipway rollback {release}", page.Text, StringComparison.Ordinal);
        Assert.Contains($"/api/releases/{release}/commands", page.Text, StringComparison.Ordinal);

        var missing = await browser.SubmitAsync(page, ("reason", "errors"), ("confirm", "yes"));
        Assert.Equal(400, missing.Status);
        Assert.Contains("Nothing was done.", missing.Text, StringComparison.Ordinal);
        Assert.Equal("errors", missing.Document.QuerySelector("#reason")!.TextContent);
        Assert.Empty(await CommandsAsync(release));

        var done = await browser.SubmitAsync(missing, ("reason", "errors"), ("confirm", release.Value));
        Assert.Equal(303, done.Status);
        var command = Assert.Single(await CommandsAsync(release));
        Assert.Equal((ReleaseCommandKind.RollBack, "otto", "errors"), (command.Kind, command.Actor, command.Reason));
        Assert.Equal($"/releases/{release}?done={command.Id}", done.Location);
        Assert.Contains("recorded; it is carried out at the next step", (await browser.GetAsync(done.Location!)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_policy_is_unknown_a_release_is_taken_back_by_its_page_and_nothing_else_is_done()
    {
        var unknown = new ServerPolicy { Unknown = "it cannot be read" };
        var world = new ApiWorld(new ApiSettings { Policy = unknown }, unknown);
        var release = await world.LoadAsync(SampleLedgers.All["running"]);
        var browser = await new Browser(world).SignInAsync();

        Assert.Equal(503, (await browser.SubmitAsync(await browser.GetAsync($"/releases/{release}/commands/promote"), ("reason", "hurry"))).Status);
        var page = await browser.GetAsync($"/releases/{release}/commands/rollback");
        Assert.Equal(303, (await browser.SubmitAsync(page, ("reason", "errors"), ("confirm", release.Value))).Status);
        var given = (await world.Ledger.ReadAsync(release, 0, CancellationToken.None)).Select(entry => entry.Read()).OfType<CommandReceived>();
        Assert.Equal(ReleaseCommandKind.RollBack, Assert.Single(given).Command.Kind);
    }

    [Fact]
    public async Task A_form_that_is_sent_twice_counts_once()
    {
        var release = await _world.LoadAsync(SampleLedgers.All["running"]);
        var browser = await new Browser(_world).SignInAsync();
        var page = await browser.GetAsync($"/releases/{release}/commands/pause");

        await browser.SubmitAsync(page, ("reason", "lunch"));
        await browser.SubmitAsync(page, ("reason", "lunch"));

        Assert.Single(await CommandsAsync(release));
    }

    [Fact]
    public async Task A_form_of_another_site_of_another_session_or_of_another_command_does_nothing()
    {
        var release = await _world.LoadAsync(SampleLedgers.All["running"]);
        var browser = await new Browser(_world).SignInAsync();
        var page = await browser.GetAsync($"/releases/{release}/commands/pause");

        browser.Site = "cross-site";
        Assert.Equal(403, (await browser.SubmitAsync(page)).Status);
        browser.Site = "same-origin";

        var other = await new Browser(_world).SignInAsync();
        Assert.Equal(400, (await other.SubmitAsync(page)).Status);

        var token = page.Document.QuerySelector($"main input[name={FormTokens.Field}]")!.GetAttribute("value")!;
        Assert.Equal(400, (await browser.PostAsync($"/releases/{release}/commands/rollback", (FormTokens.Field, token), ("confirm", release.Value), ("id", "x1"))).Status);

        _world.Time.Leap(FormTokens.Lifetime);
        Assert.Equal(400, (await browser.SubmitAsync(page)).Status);
        Assert.Empty(await CommandsAsync(release));
    }

    [Fact]
    public async Task A_viewer_sees_the_commands_and_cannot_give_them()
    {
        var release = await _world.LoadAsync(SampleLedgers.All["running"]);
        var browser = await new Browser(_world).SignInAsync(ApiWorld.ViewerToken);

        var page = await browser.GetAsync($"/releases/{release}");

        Assert.Empty(page.Document.QuerySelectorAll("#commands a.button"));
        Assert.Contains("vera may look and not command", page.Text, StringComparison.Ordinal);
        Assert.Equal(403, (await browser.GetAsync($"/releases/{release}/commands/rollback")).Status);
        Assert.Equal(403, (await browser.PostAsync($"/releases/{release}/commands/rollback")).Status);
    }

    [Theory]
    [InlineData("completed", "rollback")]
    [InlineData("running", "resume")]
    [InlineData("running", "nonsense")]
    public async Task A_command_that_does_nothing_now_says_so(string sample, string command)
    {
        var release = await _world.LoadAsync(SampleLedgers.All[sample]);
        var browser = await new Browser(_world).SignInAsync();

        var page = await browser.GetAsync($"/releases/{release}/commands/{command}");

        Assert.Equal(409, page.Status);
        Assert.Contains("does nothing while the release is", page.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2h", true)]
    [InlineData("0s", false)]
    [InlineData("8d", false)]
    [InlineData("soon", false)]
    public async Task Extending_wants_a_duration(string duration, bool good)
    {
        var release = await _world.LoadAsync(SampleLedgers.All["running"]);
        var browser = await new Browser(_world).SignInAsync();

        var done = await browser.SubmitAsync(await browser.GetAsync($"/releases/{release}/commands/extend"), ("duration", duration));

        Assert.Equal(good ? 303 : 400, done.Status);
        if (good) Assert.Equal(TimeSpan.FromHours(2), Assert.Single(await CommandsAsync(release)).Duration);
        else Assert.Empty(await CommandsAsync(release));
    }

    [Fact]
    public async Task What_is_no_form_is_refused()
    {
        var release = await _world.LoadAsync(SampleLedgers.All["running"]);
        var browser = await new Browser(_world).SignInAsync();

        var json = await _world.SendAsync(
            "POST", $"/releases/{release}/commands/pause", "{}", "application/json", null, headers: [("Cookie", browser.Cookie!), ("Accept", "text/html")]);

        Assert.Equal(415, json.Status);
    }

    private async Task<IReadOnlyList<ReleaseCommand>> CommandsAsync(ReleaseId release) =>
        [.. (await _world.Ledger.ReadAsync(release, 0, CancellationToken.None)).Select(entry => entry.Read()).OfType<CommandReceived>().Select(received => received.Command)];
}
