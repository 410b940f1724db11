using System.Text.Json;

namespace Slipway.Core.Serialization;

/// <summary>What is wrong with a text that is not JSON, in the reader's words without its advice to programmers.</summary>
internal static class JsonSyntax
{
    /// <summary>One clause without a full stop, for example <c>The JSON object contains a trailing comma at the end</c>. The position, which
    /// the reader appends 0-based, is left to the caller.</summary>
    public static string Describe(JsonException error)
    {
        var message = error.Message;
        foreach (var tail in (ReadOnlySpan<string>)[" LineNumber:", " Path:", " which is not supported in this mode", " Change the reader options"])
        {
            var cut = message.IndexOf(tail, StringComparison.Ordinal);
            if (cut >= 0) message = message[..cut];
        }

        return message.TrimEnd('.', ' ');
    }
}
