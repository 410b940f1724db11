using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Slipway.Core.Requests;

/// <summary>
/// Durations as people write them: numbers with the units <c>d</c>, <c>h</c>, <c>m</c>, <c>s</c> and <c>ms</c>, the largest first, each
/// unit once: <c>30m</c>, <c>1h30m</c>, <c>1.5h</c>, <c>250ms</c>. Never negative, at most 3650 days, no finer than 100 nanoseconds.
/// </summary>
public static partial class DurationText
{
    private const decimal MaxTicks = 3650m * TimeSpan.TicksPerDay;

    private static readonly (string Unit, long Ticks)[] Units =
    [
        ("d", TimeSpan.TicksPerDay), ("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute), ("s", TimeSpan.TicksPerSecond),
        ("ms", TimeSpan.TicksPerMillisecond),
    ];

    /// <summary>Reads a duration; false when the text does not have the form described on the type.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        if (text is null || text.Length > 60 || Form().Match(text) is not { Success: true } match)
            return false;
        decimal ticks = 0;
        var largestAllowed = 0;
        foreach (var (number, unit) in match.Groups["number"].Captures.Zip(match.Groups["unit"].Captures))
        {
            var rank = Array.FindIndex(Units, known => known.Unit == unit.Value);
            if (rank < largestAllowed)
                return false;
            largestAllowed = rank + 1;
            ticks += decimal.Parse(number.Value, CultureInfo.InvariantCulture) * Units[rank].Ticks;
        }

        if (ticks > MaxTicks)
            return false;
        duration = TimeSpan.FromTicks((long)ticks);
        return true;
    }

    /// <summary>Writes a duration in the shortest form that <see cref="TryParse"/> reads back, for example <c>1h30m</c>; zero is <c>0s</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration <= TimeSpan.Zero)
            return "0s";
        var text = new StringBuilder();
        var left = duration.Ticks;
        foreach (var (unit, size) in Units[..^1])
        {
            if (left / size is > 0 and var whole)
                text.Append(CultureInfo.InvariantCulture, $"{whole}{unit}");
            left %= size;
        }

        if (left > 0)
            text.Append(CultureInfo.InvariantCulture, $"{left / (decimal)TimeSpan.TicksPerMillisecond:0.####}ms");
        return text.ToString();
    }

    [GeneratedRegex(@"\A\s*(?:(?<number>\d{1,9}(?:\.\d{1,6})?)\s*(?<unit>ms|d|h|m|s)\s*)+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
