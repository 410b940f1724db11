namespace Slipway.Core.Requests;

/// <summary>
/// Text that stands where an answer is still to come: blank, <c>TBD</c>, <c>TBA</c>, <c>n/a</c> (in any case), <c>TODO</c>, <c>FIXME</c>,
/// <c>XXX</c> (in capitals: a service may well be called todo), question marks, dots, dashes, and words in angle brackets that are no markup. The word
/// <c>none</c> is an answer and no placeholder.
/// </summary>
public static class PlaceholderText
{
    /// <summary>Whether a text is a placeholder.</summary>
    public static bool Is(string text)
    {
        var trimmed = text.AsSpan().Trim();
        return trimmed.Length == 0
            || trimmed is "TODO" or "FIXME" or "XXX" or "…" or "–" or "—"
            || trimmed.Equals("TBD", StringComparison.OrdinalIgnoreCase)
            || trimmed.Equals("TBA", StringComparison.OrdinalIgnoreCase)
            || trimmed.Equals("N/A", StringComparison.OrdinalIgnoreCase)
            || !trimmed.ContainsAnyExcept('?')
            || !trimmed.ContainsAnyExcept('.')
            || !trimmed.ContainsAnyExcept('-')
            || (trimmed[0] == '<' && trimmed[^1] == '>' && trimmed[1..^1].IndexOfAny("<>/=") < 0);
    }
}
