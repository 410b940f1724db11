using System.Text;
using Slipway.Core.Requests;

namespace Slipway.Web.Requests;

/// <summary>Reads a request or policy file, whichever notation it is in.</summary>
public static class RequestFile
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// Reads text as JSON, YAML or a brief in Markdown. <paramref name="nameOrType"/> is a file name (<c>.json</c>, <c>.yaml</c>, <c>.yml</c>,
    /// <c>.md</c>) or a media type (<c>application/json</c>, <c>application/yaml</c>, <c>text/markdown</c>); when it does not tell, text that
    /// starts with <c>{</c> is JSON and other text YAML.
    /// </summary>
    public static RequestDocument Parse(string text, string? nameOrType = null) =>
        IsMarkdown(nameOrType) ? MarkdownBriefDocument.Parse(text)
        : IsJson(text, nameOrType) ? JsonRequestDocument.Parse(text) : YamlRequestDocument.Parse(text);

    /// <summary>The same over bytes, which must be UTF-8, with or without a byte order mark.</summary>
    public static RequestDocument Parse(ReadOnlySpan<byte> bytes, string? nameOrType = null)
    {
        if (bytes.Length > RequestLimits.MaxBytes + Encoding.UTF8.Preamble.Length)
            return JsonRequestDocument.Parse(bytes);
        try
        {
            return Parse(Strict.GetString(bytes).TrimStart('\uFEFF'), nameOrType);
        }
        catch (DecoderFallbackException error)
        {
            var line = 1 + bytes[..Math.Clamp(error.Index, 0, bytes.Length)].Count((byte)'\n');
            return RequestDocument.Unreadable(new RequestProblem("", line, 1, "bytes that are not UTF-8 text", "a UTF-8 text file"));
        }
    }

    private static string Hint(string? nameOrType) => (nameOrType ?? "").Split(';')[0].Trim();

    private static bool IsMarkdown(string? nameOrType) =>
        Hint(nameOrType).EndsWith("markdown", StringComparison.OrdinalIgnoreCase) || Hint(nameOrType).EndsWith(".md", StringComparison.OrdinalIgnoreCase);

    private static bool IsJson(string text, string? nameOrType)
    {
        var hint = Hint(nameOrType);
        if (hint.EndsWith("json", StringComparison.OrdinalIgnoreCase))
            return true;
        if (hint.EndsWith("yaml", StringComparison.OrdinalIgnoreCase) || hint.EndsWith("yml", StringComparison.OrdinalIgnoreCase))
            return false;
        return text.AsSpan().TrimStart().StartsWith("{");
    }
}
