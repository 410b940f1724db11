using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Slipway.Web.Tests.Fakes;

/// <summary>A browser without JavaScript: it keeps one cookie, follows forms, and parses what comes.</summary>
internal sealed class Browser(ApiWorld world)
{
    private const string Form = "application/x-www-form-urlencoded";

    /// <summary>The cookie header; null: none was set.</summary>
    public string? Cookie { get; set; }

    /// <summary>What the browser says of where a request comes from; null: nothing.</summary>
    public string? Site { get; set; } = "same-origin";

    public async Task<PageAnswer> GetAsync(string path, string method = "GET") => Take(await world.SendAsync(method, path, token: null, headers: Headers()));

    public async Task<PageAnswer> PostAsync(string path, params (string Name, string Value)[] fields)
    {
        var body = string.Join('&', fields.Select(field => $"{Uri.EscapeDataString(field.Name)}={Uri.EscapeDataString(field.Value)}"));
        return Take(await world.SendAsync("POST", path, body, Form, token: null, headers: Headers()));
    }

    /// <summary>Sends the only form of a page that is posted somewhere, with its hidden fields and these.</summary>
    public Task<PageAnswer> SubmitAsync(PageAnswer page, params (string Name, string Value)[] fields)
    {
        var form = page.Document.QuerySelectorAll<IHtmlFormElement>("main form[method=post]").Single();
        var hidden = form.QuerySelectorAll<IHtmlInputElement>("input[type=hidden]").Select(input => (input.Name!, input.Value));
        return PostAsync(form.GetAttribute("action")!, [.. hidden.Where(field => !fields.Any(other => other.Name == field.Item1)), .. fields]);
    }

    /// <summary>Signs in by a link, as whoever owns the token.</summary>
    public async Task<Browser> SignInAsync(string token = ApiWorld.OperatorToken)
    {
        var link = (await world.SendAsync("POST", "/api/sign-in-links", token: token)).Json.GetProperty("path").GetString()!;
        var done = await SubmitAsync(await GetAsync(link));
        Assert.Equal(303, done.Status);
        return this;
    }

    private (string, string)[] Headers() =>
    [
        ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8"),
        .. Cookie is { } cookie ? new[] { ("Cookie", cookie) } : [],
        .. Site is { } site ? new[] { ("Sec-Fetch-Site", site) } : [],
    ];

    private PageAnswer Take(ApiAnswer answer)
    {
        if (answer.Headers.SetCookie.ToString() is { Length: > 0 } set) Cookie = set.Split(';')[0];
        return new PageAnswer(answer);
    }
}

/// <summary>A page as a browser sees it.</summary>
internal sealed record PageAnswer(ApiAnswer Answer)
{
    public int Status => Answer.Status;

    public string? Location => Answer.Headers.Location.ToString() is { Length: > 0 } location ? location : null;

    public IHtmlDocument Document { get; } = new HtmlParser().ParseDocument(Answer.Body);

    public string Text => string.Join(' ', Document.Body!.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
