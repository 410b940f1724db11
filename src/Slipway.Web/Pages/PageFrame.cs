using Slipway.Web.Access;

namespace Slipway.Web.Pages;

/// <summary>What every page has around its content.</summary>
/// <param name="Title">The page's title.</param>
/// <param name="Caller">Who looks at it; null: nobody is signed in.</param>
/// <param name="SignOutToken">For the form that signs out; empty without a session.</param>
/// <param name="Now">The moment that the page is made for.</param>
public sealed record PageFrame(string Title, Caller? Caller, string SignOutToken, DateTimeOffset Now)
{
    /// <summary>Whether the page keeps itself up to date where there is JavaScript.</summary>
    public bool Live { get; init; }

    /// <summary>Whether a script asks, which takes the parts that changed out of the page and needs no style.</summary>
    public bool PartsOnly { get; init; }

    /// <summary>The release whose events it follows; null: it asks again every few seconds.</summary>
    public string? Follows { get; init; }

    /// <summary>The ledger sequence that it shows.</summary>
    public long Sequence { get; init; }

    /// <summary>What a screen reader is told when it changes; never a clock.</summary>
    public string Announcement { get; init; } = "";
}
