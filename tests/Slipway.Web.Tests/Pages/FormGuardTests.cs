using AngleSharp.Dom;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Tests.Ledgers;
using Slipway.Web.Access;
using Slipway.Web.Api;
using Slipway.Web.Tests.Fakes;
using Slipway.Web.Tests.Requests;

namespace Slipway.Web.Tests.Pages;

/// <summary>
/// Every form of every page does what it says with its own token alone. The forms are those of the route table itself: one that is added
/// there has to be added here.
/// </summary>
public sealed class FormGuardTests
{
    private const string SignIn = "/sign-in";
    private const string Approval = "/approvals/{token}";

    private readonly ApiWorld _world = new();

    /// <summary>Where each form stands, by its route: the page that has it, what it is posted to, and what it needs beside its token.</summary>
    private static readonly Dictionary<string, Form> Forms = new(StringComparer.Ordinal)
    {
        ["/start"] = new("/start", "/start", ("request", Samples.Small), ("do", "start")),
        ["/sign-out"] = new("/", "/sign-out"),
        ["/releases/{id}/retry"] = new("/releases/ID/retry", "/releases/ID/retry", ("id", "k1"), ("reason", "again")) { Over = true },
        ["/releases/{id}/commands/{command}"] = new("/releases/ID/commands/rollback", "/releases/ID/commands/rollback", ("id", "k1"), ("reason", "errors"), ("confirm", "ID")),
        ["/releases/{id}/evaluations/{evaluation}/{verdict}"] = new("/releases/ID/evaluations/e1/confirm", "/releases/ID/evaluations/e1/confirm", ("id", "k1"), ("reason", "errors"), ("confirm", "ID")),
    };

    /// <summary>The forms that a session sends: all but signing in, of which <see cref="Signing_in_takes_its_own_form_alone"/> tells.</summary>
    public static TheoryData<string> OfSessions => [.. PostRoutes().Where(route => route.Page && route.Template.Text != SignIn).Select(route => route.Template.Text)];

    /// <summary>What programs post to, of which a session can send nothing.</summary>
    public static TheoryData<string> OfPrograms => [.. PostRoutes().Where(route => !route.Page && route.Template.Text != Approval).Select(route => route.Template.Text)];

    [Fact]
    public void What_can_be_posted_without_being_known_is_signing_in_and_deciding_by_a_link()
    {
        // Who signs in has no session yet, and who decides is known by a signed link; both have forms with tokens all the same.
        Assert.Equal([Approval, SignIn], PostRoutes().Where(route => route.Roles == ApiRoles.None).Select(route => route.Template.Text).Order());
    }

    [Theory]
    [MemberData(nameof(OfSessions))]
    public async Task A_form_with_its_own_token_does_what_it_says(string route)
    {
        var (form, browser) = await OpenAsync(route);
        var before = await SeenAsync();

        var done = await browser.PostAsync(form.Action, [.. form.Fields, (FormTokens.Field, Token(await browser.GetAsync(form.Page), form))]);

        Assert.Equal(303, done.Status);
        Assert.True(before != await SeenAsync() || done.Answer.Headers.SetCookie.Count > 0, "nothing was done");
    }

    [Theory]
    [MemberData(nameof(OfSessions))]
    public async Task A_form_without_its_own_token_does_nothing(string route)
    {
        var (form, browser) = await OpenAsync(route);
        var own = Token(await browser.GetAsync(form.Page), form);
        var another = await new Browser(_world).SignInAsync();
        var foreign = await OtherTokensAsync(browser, form);
        Assert.True(foreign.Count >= 3, $"only {foreign.Count} other forms");
        var before = await SeenAsync();

        foreach (var site in new[] { "same-origin", null })
        {
            browser.Site = site;
            await RefusedAsync(400, form.Fields);
            foreach (var token in foreign.Append(Token(await another.GetAsync(form.Page), form)).Append("").Append(own + "x"))
                await RefusedAsync(400, [.. form.Fields, (FormTokens.Field, token)]);
        }

        foreach (var site in new[] { "cross-site", "same-site" })
        {
            browser.Site = site;
            await RefusedAsync(403, [.. form.Fields, (FormTokens.Field, own)]);
        }

        (browser.Site, browser.Cookie) = ("same-origin", null);
        await RefusedAsync(401, [.. form.Fields, (FormTokens.Field, own)]);

        async Task RefusedAsync(int status, (string, string)[] fields)
        {
            var answer = await browser.PostAsync(form.Action, fields);
            Assert.Equal((status, 0), (answer.Status, answer.Answer.Headers.SetCookie.Count));
            Assert.Equal(before, await SeenAsync());
        }
    }

    [Fact]
    public async Task Signing_in_takes_its_own_form_alone()
    {
        // There is no session that its token could be bound to: it is made for anybody, and another site is kept out by what the browser says of it.
        var signedIn = await new Browser(_world).SignInAsync();
        var browser = new Browser(_world);
        var own = Token(await browser.GetAsync(SignIn), new Form(SignIn, SignIn));
        var foreign = await OtherTokensAsync(signedIn, new Form(SignIn, SignIn));
        Assert.NotEmpty(foreign);

        foreach (var token in foreign.Append("").Append(own + "x"))
            Assert.Equal((400, 0), Outcome(await browser.PostAsync(SignIn, ("key", ApiWorld.OperatorToken), (FormTokens.Field, token))));
        Assert.Equal((400, 0), Outcome(await browser.PostAsync(SignIn, ("key", ApiWorld.OperatorToken))));
        foreach (var site in new[] { "cross-site", "same-site" })
        {
            browser.Site = site;
            Assert.Equal((403, 0), Outcome(await browser.PostAsync(SignIn, ("key", ApiWorld.OperatorToken), (FormTokens.Field, own))));
        }

        browser.Site = "same-origin";
        Assert.Equal((303, 1), Outcome(await browser.PostAsync(SignIn, ("key", ApiWorld.OperatorToken), (FormTokens.Field, own))));

        static (int Status, int Cookies) Outcome(PageAnswer answer) => (answer.Status, answer.Answer.Headers.SetCookie.Count);
    }

    [Fact]
    public async Task Deciding_takes_the_form_of_this_link_and_this_session_alone()
    {
        // The link is the credential and there may be no session; its form is bound to the link, and to the session where there is one.
        var world = await AskedWorld.CreateAsync();
        var (ada, forms) = (world.Token(), world.Api.Pages.Forms);
        var (session, other) = (await world.SignInAsync(ApiWorld.AdaKey), await world.SignInAsync(ApiWorld.AdaKey));
        string[] foreign = ["", forms.Make("sign-in", "anonymous"), forms.Make("approval", world.Token(AskedWorld.Lee)), await FormAsync(other)];

        foreach (var token in foreign)
        {
            Assert.Equal(400, (await world.SendAsync(ada, "approve", cookie: session, formToken: token)).Status);
            Assert.Equal(400, (await world.SendAsync(ada, "approve", formToken: token)).Status);
        }

        Assert.Equal(400, (await world.SendAsync(ada, "approve", cookie: session, formToken: await FormAsync(null))).Status);
        foreach (var site in new[] { "cross-site", "same-site" }) Assert.Equal(403, (await world.SendAsync(ada, "approve", cookie: session, site: site)).Status);
        Assert.Empty(await world.DecisionsAsync());
        Assert.Equal(303, (await world.SendAsync(ada, "approve", cookie: session, formToken: await FormAsync(session))).Status);
        Assert.Single(await world.DecisionsAsync());

        async Task<string> FormAsync(string? cookie) => Token(new PageAnswer(await world.OpenAsync($"/approvals/{ada}", cookie)), new Form("", $"/approvals/{ada}"));
    }

    [Theory]
    [MemberData(nameof(OfPrograms))]
    public async Task What_programs_post_to_takes_no_session(string route)
    {
        var browser = await new Browser(_world).SignInAsync();
        var before = await SeenAsync();

        foreach (var type in new[] { "application/json", "application/x-www-form-urlencoded", "text/plain" })
        {
            var answer = await _world.SendAsync(
                "POST", route.Replace("{id}", "x", StringComparison.Ordinal).Replace("{name}", "x", StringComparison.Ordinal), "{}", type, token: null, headers: [("Cookie", browser.Cookie!)]);
            answer.Problem(403, "session_not_enough");
        }

        Assert.Equal(before, await SeenAsync());
    }

    private static IEnumerable<ApiRoute> PostRoutes() => ApiRoutes.Create(new ApiWorld().Services).Routes.Where(route => route.Method is not "GET");

    /// <summary>A world in which the form of a route is open, and a browser that is signed in.</summary>
    private async Task<(Form Form, Browser Browser)> OpenAsync(string route)
    {
        Assert.True(Forms.TryGetValue(route, out var form), $"the form of {route} is new: add it to {nameof(Forms)}, so that it is tried");
        var release = form.Over ? await _world.StartSampleAsync() : await _world.LoadAsync(SampleLedgers.All["running"]);
        await _world.Flags.CreateOffAsync("search-v2", CancellationToken.None);
        if (form.Over) await _world.EndAsync(release, ReleasePhase.RolledBack);
        else await _world.AppendAsync(release, new EvaluationOpened("e1", null, "complaints", "12 complaints, 10 are the limit", ApiWorld.Start.AddDays(1), EvaluationSilence.StayHeld));
        return (form.Of(release), await new Browser(_world).SignInAsync());
    }

    /// <summary>The tokens of every other form that the same session can open.</summary>
    private async Task<IReadOnlyList<string>> OtherTokensAsync(Browser browser, Form form)
    {
        var pages = new List<string> { SignIn, "/", "/start" };
        foreach (var release in await _world.Ledger.ListAsync(CancellationToken.None))
        {
            pages.Add($"/releases/{release}/retry");
            pages.AddRange(new[] { "pause", "rollback", "promote" }.Select(command => $"/releases/{release}/commands/{command}"));
            pages.AddRange(new[] { "confirm", "dismiss" }.Select(verdict => $"/releases/{release}/evaluations/e1/{verdict}"));
        }

        var tokens = new List<string>();
        foreach (var page in pages)
        {
            tokens.AddRange((await browser.GetAsync(page)).Document.QuerySelectorAll($"form input[name={FormTokens.Field}]")
                .Where(input => input.Closest("form")!.GetAttribute("action") != form.Action).Select(input => input.GetAttribute("value")!));
        }

        return [.. tokens.Distinct()];
    }

    private static string Token(PageAnswer page, Form form) => page.Document.QuerySelector($"form[action='{form.Action}'] input[name={FormTokens.Field}]")!.GetAttribute("value")!;

    /// <summary>Whatever a form could have changed.</summary>
    private async Task<(int Ledgers, int Entries, int Scheduled, int Woken)> SeenAsync()
    {
        var releases = await _world.Ledger.ListAsync(CancellationToken.None);
        var entries = 0;
        foreach (var release in releases) entries += (await _world.Ledger.ReadAsync(release, 0, CancellationToken.None)).Count;
        return (releases.Count, entries, _world.Engine.Scheduled.Count, _world.Engine.Woken.Count);
    }

    private sealed record Form(string Page, string Action, params (string Name, string Value)[] Fields)
    {
        /// <summary>Whether it is of a release that is over.</summary>
        public bool Over { get; init; }

        public Form Of(ReleaseId release) => new(In(Page, release), In(Action, release), [.. Fields.Select(field => (field.Name, field.Value == "ID" ? release.Value : field.Value))]) { Over = Over };

        private static string In(string path, ReleaseId release) => path.Replace("ID", release.Value, StringComparison.Ordinal);
    }
}
