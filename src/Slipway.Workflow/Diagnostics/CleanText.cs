using System.Text.RegularExpressions;

namespace Slipway.Workflow.Diagnostics;

/// <summary>
/// Makes a sentence fit for logs and spans, which more people read than a ledger: mail addresses become <c>(address)</c>, URLs lose
/// everything behind the host, signed tokens and credentials become <c>(secret)</c>; one line, at most <see cref="Longest"/> characters.
/// </summary>
public static partial class CleanText
{
    /// <summary>The longest result in characters.</summary>
    public const int Longest = 500;

    /// <summary>The cleaned text.</summary>
    public static string Of(string text)
    {
        // What is cut off is never looked at, so a ledger's long texts cost no more than short ones; a match may end beyond the cut.
        if (text.Length > Longest * 4) text = text[..(Longest * 4)];
        text = Url().Replace(text, "$1");
        text = Credential().Replace(text, "$1 (secret)");
        text = Token().Replace(text, "(secret)");
        text = Address().Replace(text, "(address)");
        text = LineBreak().Replace(text, " ");
        return text.Length <= Longest ? text : string.Concat(text.AsSpan(0, Longest - 1), "…");
    }

    [GeneratedRegex(@"(?<=\bhttps?://)(?:[^\s/?#@]*@)?([^\s/?#""'<>();,]+)[^\s""'<>();,]*", RegexOptions.IgnoreCase)]
    private static partial Regex Url();

    [GeneratedRegex(@"\b(Bearer|Basic|SharedKey|password=|secret=|key=|token=|sig=|code=)\s*[^\s""',;)]+", RegexOptions.IgnoreCase)]
    private static partial Regex Credential();

    // An approval's token is base64url(payload).base64url(signature); keys and server tokens are long runs without a dot.
    [GeneratedRegex(@"\b[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{40,}|\b(?=[A-Za-z0-9_-]*[A-Z])(?=[A-Za-z0-9_-]*[a-z])(?=[A-Za-z0-9_-]*\d)[A-Za-z0-9_-]{32,}")]
    private static partial Regex Token();

    [GeneratedRegex(@"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")]
    private static partial Regex Address();

    [GeneratedRegex(@"[\p{C}\u2028\u2029]+")]
    private static partial Regex LineBreak();
}
