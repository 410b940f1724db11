using System.Globalization;
using System.Text.RegularExpressions;

namespace Slipway.Core.Requests;

/// <summary>Moments as people type them: RFC 3339 with their zone, to the minute or finer.</summary>
public static partial class MomentText
{
    /// <summary>What is expected, for messages.</summary>
    public const string Expected = "a date and time with its zone, such as 2026-12-01T09:00:00Z";

    /// <summary>Reads a moment, in UTC; false when the text is none, or does not say its zone.</summary>
    public static bool TryParse(string? text, out DateTimeOffset moment)
    {
        moment = default;
        if (text is null || !Form().IsMatch(text.Trim())) return false;
        var read = DateTimeOffset.TryParse(text.Trim(), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out moment);
        moment = moment.ToUniversalTime();
        return read;
    }

    [GeneratedRegex(@"\A\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,7})?)?(?:Z|[+-]\d{2}:\d{2})\z")]
    private static partial Regex Form();
}
