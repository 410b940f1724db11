using System.Globalization;

namespace Slipway.Rehearsal.Backtesting.Splitting;

/// <summary>A time in which something is known to have been wrong.</summary>
/// <param name="From">Its begin, inclusive; UTC.</param>
/// <param name="To">Its end, exclusive; UTC, after <paramref name="From"/>.</param>
public sealed record Incident(DateTimeOffset From, DateTimeOffset To)
{
    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK"];

    /// <summary>Reads <c>2026-11-03T14:05Z..2026-11-03T14:40Z</c>; null: it is no time with a zone, two dots and a later one.</summary>
    public static Incident? Parse(string text)
    {
        var parts = text.Split("..", 2);
        if (parts.Length != 2 || Time(parts[0]) is not { } from || Time(parts[1]) is not { } to || to <= from) return null;
        return new Incident(from, to);
    }

    /// <summary>Whether an interval has a part in it.</summary>
    /// <param name="start">Its start.</param>
    /// <param name="length">Its length.</param>
    public bool Overlaps(DateTimeOffset start, TimeSpan length) => start < To && start + length > From;

    /// <summary>As on the command line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{From.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}..{To.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}");

    private static DateTimeOffset? Time(string text)
    {
        var trimmed = text.Trim();
        var zoned = trimmed.Length > 6 && (trimmed[^1] == 'Z' || trimmed[^6] is '+' or '-');
        return zoned && DateTimeOffset.TryParseExact(trimmed, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
    }
}
