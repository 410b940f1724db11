using System.Buffers;
using System.Globalization;
using System.Text;

namespace Slipway.Core.Documents.Markdown;

/// <summary>
/// Text of people as inline Markdown (CommonMark with GitHub's tables). Whatever it says, it stays on one line, is shown as it was written, and
/// makes no markup: no table cell, link, tag, code or emphasis begins or ends in it. Pure.
/// </summary>
public static class MarkdownText
{
    /// <summary>Text longer than this many characters ends with an ellipsis.</summary>
    public const int LongestInline = 400;

    private static readonly SearchValues<char> Visible = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code)]);

    /// <summary>What is escaped wherever it stands, or may be.</summary>
    private static readonly SearchValues<char> Marks = SearchValues.Create("\\`*[]<|~&_");

    /// <summary>As text.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="most">The most characters that are shown, before escaping.</param>
    public static string Inline(string? text, int most = LongestInline)
    {
        var clean = Clean(text, most);
        if (IsPlain(clean)) return clean;
        var escaped = new StringBuilder(clean.Length + 8);
        for (var at = 0; at < clean.Length; at++)
        {
            if (MustEscape(clean, at)) escaped.Append('\\');
            escaped.Append(clean[at]);
        }

        return escaped.ToString();
    }

    /// <summary>As a code span; text without any visible character gives an empty string.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="most">The most characters that are shown.</param>
    public static string Code(string? text, int most = LongestInline)
    {
        var clean = Clean(text, most);
        if (clean.Length == 0) return "";
        var fence = new string('`', LongestRun(clean) + 1);
        var pad = clean.StartsWith('`') || clean.EndsWith('`') ? " " : "";
        return $"{fence}{pad}{clean}{pad}{fence}";
    }

    /// <summary>A link whose text is escaped. Only absolute http and https addresses make one; others are shown as code.</summary>
    public static string Link(string text, string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? $"[{Inline(text)}](<{uri.AbsoluteUri.Replace("<", "%3C", StringComparison.Ordinal).Replace(">", "%3E", StringComparison.Ordinal).Replace("|", "%7C", StringComparison.Ordinal)}>)"
            : Code(address);

    /// <summary>
    /// One line without control characters and without those that reorder text (a right-to-left override could show a command as another);
    /// white space is single; what is too long is cut between characters, with an ellipsis.
    /// </summary>
    public static string Clean(string? text, int most = LongestInline)
    {
        if (text is null || IsClean(text, most)) return text ?? "";
        var line = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) || rune.Value is '\n' or '\r' or '\t')
            {
                if (line.Length > 0 && line[^1] != ' ') line.Append(' ');
            }
            else if (!Rune.IsControl(rune) && !IsReordering(rune.Value) && rune != Rune.ReplacementChar)
            {
                line.Append(rune);
            }
        }

        var clean = line.ToString().Trim();
        if (clean.Length <= most) return clean;
        var elements = StringInfo.GetTextElementEnumerator(clean);
        var cut = 0;
        while (elements.MoveNext() && elements.ElementIndex < most) cut = elements.ElementIndex;
        return clean[..cut].TrimEnd() + "…";
    }

    /// <summary>The length of the longest run of backticks.</summary>
    internal static int LongestRun(string text)
    {
        var (longest, run) = (0, 0);
        foreach (var character in text)
        {
            run = character == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }

    /// <summary>Whether nothing of a clean text is escaped, told at a glance; false of some of which nothing is either.</summary>
    private static bool IsPlain(string clean) =>
        clean.Length == 0 || (!(clean[0] is '#' or '>' or '+' or '-' or '=' or ':' || char.IsAsciiDigit(clean[0])) && !clean.AsSpan().ContainsAny(Marks));

    /// <summary>Whether a text is clean, told at a glance; false of some that are.</summary>
    private static bool IsClean(string text, int most) => text.Length <= most && (text.Length == 0
        || (text[0] != ' ' && text[^1] != ' ' && !text.AsSpan().ContainsAnyExcept(Visible) && !text.Contains("  ", StringComparison.Ordinal)));

    private static bool IsReordering(int value) => value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0x200E or 0x200F or 0x061C or 0xFEFF;

    private static bool MustEscape(string text, int at) => text[at] switch
    {
        '\\' or '`' or '*' or '[' or ']' or '<' or '|' or '~' => true,
        // A character reference; a lone ampersand is itself.
        '&' => at + 1 < text.Length && (text[at + 1] == '#' || char.IsAsciiLetter(text[at + 1])),
        // Inside a word it is no emphasis.
        '_' => at == 0 || at == text.Length - 1 || !char.IsLetterOrDigit(text[at - 1]) || !char.IsLetterOrDigit(text[at + 1]),
        // What would begin a heading, quote or list.
        '#' or '>' or '+' or '-' or '=' or ':' => at == 0,
        '.' or ')' => at is > 0 and <= 9 && (at + 1 == text.Length || text[at + 1] == ' ') && text[..at].All(char.IsAsciiDigit),
        _ => false,
    };
}
