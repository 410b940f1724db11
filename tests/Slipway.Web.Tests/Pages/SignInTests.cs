using Slipway.Web.Access;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Pages;

public sealed class SignInTests
{
    private readonly ApiWorld _world = new();

    [Theory]
    [InlineData("/")]
    [InlineData("/releases/x")]
    [InlineData("/start")]
    public async Task A_page_leads_who_is_not_signed_in_to_signing_in_and_back(string path)
    {
        var browser = new Browser(_world);

        var led = await browser.GetAsync(path);
        var form = await browser.GetAsync(led.Location!);
        var done = await browser.SubmitAsync(form, ("key", ApiWorld.OperatorToken));

        Assert.Equal((303, 200, 303), (led.Status, form.Status, done.Status));
        Assert.Equal(path, done.Location);
        Assert.NotEqual(303, (await browser.GetAsync(path)).Status);
    }

    [Fact]
    public async Task A_sign_in_link_changes_nothing_when_it_is_opened_and_works_once()
    {
        var link = (await _world.SendAsync("POST", "/api/sign-in-links?return=/start")).Json.GetProperty("path").GetString()!;
        var scanner = new Browser(_world);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(200, (await scanner.GetAsync(link)).Status);
            Assert.Equal(200, (await scanner.GetAsync(link, "HEAD")).Status);
        }

        Assert.Null(scanner.Cookie);

        var browser = new Browser(_world);
        var shown = await browser.GetAsync(link);
        var first = await browser.SubmitAsync(shown);
        var again = new Browser(_world);
        var second = await again.SubmitAsync(shown);

        Assert.Equal((303, "/start"), (first.Status, first.Location));
        Assert.Equal(403, second.Status);
        Assert.Contains("was used", second.Text, StringComparison.Ordinal);
        Assert.Null(again.Cookie);
        Assert.Equal(410, (await again.GetAsync(link)).Status);
    }

    [Fact]
    public async Task A_sign_in_link_is_good_for_ten_minutes()
    {
        var link = (await _world.SendAsync("POST", "/api/sign-in-links")).Json.GetProperty("path").GetString()!;
        var shown = await new Browser(_world).GetAsync(link);
        _world.Time.Leap(TimeSpan.FromMinutes(10));

        Assert.Equal(410, (await new Browser(_world).GetAsync(link)).Status);
        Assert.Equal(403, (await new Browser(_world).SubmitAsync(shown)).Status);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("evil")]
    [InlineData("/a\nb")]
    public async Task Signing_in_never_leads_to_another_site(string target)
    {
        var browser = new Browser(_world);
        var form = await browser.GetAsync($"/sign-in?return={Uri.EscapeDataString(target)}");

        var done = await browser.SubmitAsync(form, ("key", ApiWorld.ViewerToken), ("return", target));

        Assert.Equal((303, "/"), (done.Status, done.Location));
    }

    [Fact]
    public async Task A_wrong_key_says_so_and_signs_nobody_in()
    {
        var browser = new Browser(_world);

        var done = await browser.SubmitAsync(await browser.GetAsync("/sign-in"), ("key", "guess"));

        Assert.Equal(403, done.Status);
        Assert.Contains("does not know that key", done.Text, StringComparison.Ordinal);
        Assert.Null(browser.Cookie);
    }

    [Fact]
    public async Task A_session_ends_after_twelve_hours_and_at_signing_out()
    {
        var browser = await new Browser(_world).SignInAsync();
        var home = await browser.GetAsync("/");
        var token = home.Document.QuerySelector($"form[action='/sign-out'] input[name={FormTokens.Field}]")!.GetAttribute("value")!;

        Assert.Equal(400, (await browser.PostAsync("/sign-out", (FormTokens.Field, "guess"))).Status);
        var kept = browser.Cookie;
        var signedOut = await browser.PostAsync("/sign-out", (FormTokens.Field, token));
        Assert.Equal((303, "/sign-in"), (signedOut.Status, signedOut.Location));
        Assert.Equal(303, (await browser.GetAsync("/")).Status);

        browser.Cookie = kept;
        Assert.Equal(200, (await browser.GetAsync("/")).Status);
        _world.Time.Leap(BrowserSessions.Lifetime);
        Assert.Equal(303, (await browser.GetAsync("/")).Status);
    }

    [Fact]
    public async Task A_changed_cookie_is_nobodys()
    {
        var browser = await new Browser(_world).SignInAsync(ApiWorld.ViewerToken);
        var value = browser.Cookie!;

        for (var i = BrowserSessions.Cookie.Length + 1; i < value.Length; i++)
        {
            var changed = value[i] == 'A' ? 'B' : 'A';
            browser.Cookie = string.Concat(value.AsSpan(0, i), changed.ToString(), value.AsSpan(i + 1));
            // The last character of base64 may carry bits that say nothing; whatever is accepted must still be Vera the viewer.
            var answer = await browser.GetAsync("/");
            if (answer.Status == 200) Assert.Contains("vera", answer.Text, StringComparison.Ordinal);
            else Assert.Equal(303, answer.Status);
        }
    }

    [Fact]
    public async Task The_cookie_is_for_no_script_and_no_other_site()
    {
        var link = (await _world.SendAsync("POST", "/api/sign-in-links")).Json.GetProperty("path").GetString()!;
        var browser = new Browser(_world);

        var set = (await browser.SubmitAsync(await browser.GetAsync(link))).Answer.Headers.SetCookie.ToString();

        Assert.Contains("httponly", set, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", set, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_session_changes_nothing_through_the_api()
    {
        var browser = await new Browser(_world).SignInAsync();
        var release = await _world.StartSampleAsync();
        (string, string)[] cookie = [("Cookie", browser.Cookie!)];

        var read = await _world.SendAsync("GET", $"/api/releases/{release}", token: null, headers: cookie);
        var written = await _world.SendAsync("POST", $"/api/releases/{release}/commands", """{"kind":"rollback"}""", "application/json", null, headers: cookie);

        Assert.Equal(200, read.Status);
        written.Problem(403, "session_not_enough");
        (await _world.SendAsync("POST", "/api/sign-in-links", token: null, headers: cookie)).Problem(403, "session_not_enough");
    }

    [Fact]
    public async Task An_unknown_token_is_nobodys_whatever_cookie_comes_with_it()
    {
        var browser = await new Browser(_world).SignInAsync();

        var answer = await _world.SendAsync("GET", "/api/releases", token: "some-other-token-0123456789", headers: [("Cookie", browser.Cookie!)]);

        answer.Problem(401, "not_authenticated");
    }
}
