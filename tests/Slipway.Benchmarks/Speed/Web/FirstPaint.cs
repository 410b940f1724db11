using System.Net;
using System.Text.RegularExpressions;

namespace Slipway.Benchmarks.Speed.Web;

/// <summary>What a browser that has nothing of this server yet has to load until it can paint a page.</summary>
/// <param name="Requests">The page itself and every address that holds the painting up.</param>
/// <param name="Bytes">Their bodies.</param>
internal sealed partial record FirstPaint(int Requests, long Bytes)
{
    /// <summary>Loads a page and what it names. Stylesheets, scripts without async or defer, images and frames count; an icon and a deferred script do not.</summary>
    public static async Task<FirstPaint> OfAsync(HttpClient client, string path)
    {
        var page = await client.GetStringAsync(path);
        List<string> addresses =
        [
            .. Tags().Matches(page).Select(tag => tag.Value).Where(Holds).Select(tag => WebUtility.HtmlDecode(Address().Match(tag).Groups[1].Value)),
            .. InStyle().Matches(page).Select(match => match.Groups[1].Value),
        ];
        var bytes = (long)System.Text.Encoding.UTF8.GetByteCount(page);
        foreach (var address in addresses) bytes += (await client.GetByteArrayAsync(address)).Length;
        return new FirstPaint(1 + addresses.Count, bytes);
    }

    private static bool Holds(string tag) =>
        tag.StartsWith("<link", StringComparison.Ordinal) ? tag.Contains("rel=\"stylesheet\"", StringComparison.Ordinal) || tag.Contains("rel=\"preload\"", StringComparison.Ordinal)
        : !tag.StartsWith("<script", StringComparison.Ordinal) || !(tag.Contains(" defer", StringComparison.Ordinal) || tag.Contains(" async", StringComparison.Ordinal));

    [GeneratedRegex("<(?:link|script|img|iframe|object|embed|image)\\b[^>]*\\b(?:src|href|data)=\"[^\"]*\"[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex("\\b(?:src|href|data)=\"([^\"]*)\"")]
    private static partial Regex Address();

    [GeneratedRegex("(?:@import\\s+|url\\()[\"']?(/[^\"')]+)")]
    private static partial Regex InStyle();
}
