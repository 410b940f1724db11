using System.Text.RegularExpressions;

namespace Slipway.Core.Releases;

/// <summary>
/// An address as it is shown to people. Addresses of pipelines and probes carry their credential in the query (<c>?sig=…</c>, <c>?code=…</c>), those of
/// chats in the path: Slipway calls them whole, and shows them without it. Pure.
/// </summary>
public static partial class ShownUrl
{
    private const string Hidden = "?…";

    // A shorter piece is a word like "api" or "v2", which stands in many a text and opens nothing.
    private const int ShortestSecret = 8;

    /// <summary>The address with <c>?…</c> for its query, and without its fragment and the name and password before its host.</summary>
    public static string Of(Uri address) => address.IsAbsoluteUri
        ? (address.UserInfo.Length == 0 ? address.GetLeftPart(UriPartial.Path) : $"{address.Scheme}://{address.Authority}{address.AbsolutePath}") + (address.Query.Length > 0 ? Hidden : "")
        : WithoutQuery(address.ToString());

    /// <summary>The same for every address of the web in a text, which may be that address alone; the rest of the text as it is.</summary>
    public static string Of(string text) => Each(text, Of, WithoutQuery, static found => found.Contains('?', StringComparison.Ordinal) || found.Contains('@', StringComparison.Ordinal));

    /// <summary>The address of a webhook, whose path is a credential: its scheme and host with <c>/…</c>.</summary>
    public static string OfWebhook(Uri address) => address.IsAbsoluteUri ? $"{address.Scheme}://{address.Authority}/…" : "…";

    /// <summary>The same for every address of the web in a text, which may be that address alone; the rest of the text as it is.</summary>
    public static string OfWebhook(string text) => Each(text, OfWebhook, static _ => "…", static _ => true);

    /// <summary>An answer of an address without what the address keeps secret: many a server repeats in its answer what it was asked.</summary>
    /// <param name="text">The answer.</param>
    /// <param name="address">The address that gave it.</param>
    /// <param name="webhook">Whether its path is a credential too.</param>
    public static string Without(string text, Uri address, bool webhook = false)
    {
        if (!address.IsAbsoluteUri) return text;
        var query = address.Query.TrimStart('?').Split('&').Select(pair => pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        IEnumerable<string> pieces = webhook ? [address.AbsolutePath.Trim('/'), .. address.AbsolutePath.Split('/'), .. query] : query;

        // The longest first, so that none is left half of which was hidden before.
        foreach (var piece in pieces.SelectMany(piece => (string[])[piece, Uri.UnescapeDataString(piece)]).Where(piece => piece.Length >= ShortestSecret).Distinct().OrderByDescending(piece => piece.Length))
            text = text.Replace(piece, "…", StringComparison.OrdinalIgnoreCase);
        return text;
    }

    private static string Each(string text, Func<Uri, string> show, Func<string, string> otherwise, Func<string, bool> concerns)
    {
        if (!text.Contains("://", StringComparison.Ordinal)) return text;
        if (IsWeb(text, out var whole) && !text.Any(char.IsWhiteSpace)) return concerns(text) ? show(whole) : text;
        return Addresses().Replace(text, match =>
        {
            // What ends a sentence is no part of the address.
            var found = match.Value.TrimEnd('.', ',', ':', ';', ')', ']');
            if (!concerns(found)) return match.Value;
            return (IsWeb(found, out var address) ? show(address) : otherwise(found)) + match.Value[found.Length..];
        });
    }

    private static bool IsWeb(string text, out Uri address) => Uri.TryCreate(text, UriKind.Absolute, out address!) && address.Scheme is "http" or "https";

    private static string WithoutQuery(string text) => text.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at ? text[..at] + Hidden : text;

    [GeneratedRegex("""https?://[^\s"'<>]+""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Addresses();
}
