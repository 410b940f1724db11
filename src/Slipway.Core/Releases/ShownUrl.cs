namespace Slipway.Core.Releases;

/// <summary>
/// An address as it is shown to people. Addresses of pipelines, probes and chats carry their credential in the query (<c>?sig=…</c>, <c>?code=…</c>):
/// Slipway calls them whole, and shows them without it. Pure.
/// </summary>
public static class ShownUrl
{
    private const string Hidden = "?…";

    /// <summary>The address with <c>?…</c> for its query and without its fragment.</summary>
    public static string Of(Uri address) => address.GetLeftPart(UriPartial.Path) + (address.Query.Length > 0 ? Hidden : "");

    /// <summary>The same where a text is such an address; every other text as it is.</summary>
    public static string Of(string text) =>
        text.Contains('?', StringComparison.Ordinal) && Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? Of(address) : text;
}
