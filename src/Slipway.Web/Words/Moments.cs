using System.Globalization;

namespace Slipway.Web.Words;

/// <summary>Moments and spans in words. Pure.</summary>
public static class Moments
{
    /// <summary>RFC 3339 in UTC to the second, for machines.</summary>
    public static string Machine(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>For people, with the zone.</summary>
    public static string People(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss' UTC'", CultureInfo.InvariantCulture);

    /// <summary>For example <c>in 12 min</c> or <c>3 h ago</c>; the largest unit that gives at least 2.</summary>
    public static string Relative(DateTimeOffset at, DateTimeOffset now)
    {
        var span = at - now;
        var size = span.Duration();
        var words = size.TotalSeconds < 1 ? "now"
            : size.TotalSeconds < 120 ? $"{(int)size.TotalSeconds} s"
            : size.TotalMinutes < 120 ? $"{(int)size.TotalMinutes} min"
            : size.TotalHours < 48 ? $"{(int)size.TotalHours} h"
            : $"{(int)size.TotalDays} d";
        return words == "now" ? words : span > TimeSpan.Zero ? $"in {words}" : $"{words} ago";
    }
}
