using System.Globalization;
using System.Text.RegularExpressions;
using Slipway.Core.Requests;

namespace Slipway.Core.Planning;

/// <summary>
/// Weekly windows as people write them: <c>[days] HH:MM-HH:MM [zone]</c>. Days are <c>Mon</c> … <c>Sun</c> or full English names, as a
/// list, a range or both (<c>Mon-Wed,Fri</c>); left out: every day. The zone is an IANA name; left out: <c>UTC</c>.
/// </summary>
public static partial class ChangeWindowText
{
    /// <summary>The form in one line, for error messages.</summary>
    public const string Expected = "a window such as 'Tue-Thu 10:00-14:00 Europe/Berlin' (days and zone may be left out; without a zone it is UTC)";

    /// <summary>What a zone is, for error messages.</summary>
    public const string ExpectedZone = "an IANA time zone such as Europe/Berlin, or UTC";

    private static readonly DayOfWeek[] Week =
    [
        DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday, DayOfWeek.Saturday, DayOfWeek.Sunday,
    ];

    /// <summary>
    /// Reads a window. On failure <paramref name="window"/> is null, <paramref name="expected"/> says what is expected and
    /// <paramref name="suggestion"/> is the nearest zone or day when one of them is misspelt.
    /// </summary>
    public static bool TryParse(string text, out ChangeWindow? window, out string expected, out string? suggestion)
    {
        (window, expected, suggestion) = (null, Expected, null);
        if (text.Length > 200 || Form().Match(text) is not { Success: true } match)
            return false;
        if (!TryTime(match.Groups["from"].Value, out var from) || !TryTime(match.Groups["to"].Value, out var to) || from == TimeSpan.FromDays(1))
        {
            expected = "times from 00:00 to 24:00, the start before 24:00";
            return false;
        }

        if (!TryDays(match.Groups["days"].Value, out var days, out suggestion))
        {
            expected = "days Mon, Tue, Wed, Thu, Fri, Sat, Sun, as a list or a range";
            return false;
        }

        var zone = match.Groups["zone"].Success ? match.Groups["zone"].Value : "UTC";
        if (!TryZone(zone, out suggestion))
        {
            expected = ExpectedZone;
            return false;
        }

        window = new ChangeWindow(days, from, to, zone);
        return true;
    }

    /// <summary>Writes a window in the form that <see cref="TryParse"/> reads back.</summary>
    public static string Format(ChangeWindow window)
    {
        var days = window.Days.Count == 7 ? "" : string.Join(',', window.Days.Select(day => day.ToString()[..3])) + " ";
        return $"{days}{Time(window.From)}-{Time(window.To)} {window.Zone}";
    }

    private static string Time(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours:00}:{time.Minutes:00}");

    private static bool TryTime(string text, out TimeSpan time)
    {
        var parts = text.Split(':');
        var (hours, minutes) = (int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture));
        time = new TimeSpan(hours, minutes, 0);
        return minutes < 60 && time <= TimeSpan.FromDays(1);
    }

    private static bool TryDays(string text, out IReadOnlyList<DayOfWeek> days, out string? suggestion)
    {
        suggestion = null;
        days = Week;
        if (text.Length == 0)
            return true;
        var chosen = new HashSet<DayOfWeek>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var ends = part.Split('-', StringSplitOptions.TrimEntries);
            var indexes = ends.Select(DayIndex).ToList();
            if (indexes.FindIndex(index => index < 0) is >= 0 and var unknown)
            {
                suggestion = NearestName.Of(ends[unknown], Week.SelectMany(day => new[] { day.ToString()[..3], day.ToString() }));
                return false;
            }

            if (indexes.Count > 2)
                return false;
            for (var day = indexes[0]; ; day = (day + 1) % 7)
            {
                chosen.Add(Week[day]);
                if (day == indexes[^1])
                    break;
            }
        }

        days = [.. Week.Where(chosen.Contains)];
        return true;
    }

    private static int DayIndex(string text) => Array.FindIndex(
        Week,
        day => text.Equals(day.ToString(), StringComparison.OrdinalIgnoreCase) || text.Equals(day.ToString()[..3], StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a zone is known here; when it is not, <paramref name="suggestion"/> is the nearest one.</summary>
    internal static bool TryZone(string zone, out string? suggestion)
    {
        suggestion = null;
        // Only names of the form that IANA uses may reach the lookup, which opens a file of that name on some systems.
        if (zone == "UTC" || (ZoneForm().IsMatch(zone) && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) && found.HasIanaId))
            return true;
        suggestion = NearestName.Of(zone, TimeZoneInfo.GetSystemTimeZones().Select(known => known.Id).Prepend("UTC"));
        return false;
    }

    [GeneratedRegex(@"\A\s*(?:(?<days>[A-Za-z][A-Za-z,\- ]*?)\s+)?(?<from>\d{1,2}:\d{2})\s*-\s*(?<to>\d{1,2}:\d{2})(?:\s+(?<zone>\S+))?\s*\z")]
    private static partial Regex Form();

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_+\-]*(?:/[A-Za-z0-9_+\-]+){0,2}\z")]
    private static partial Regex ZoneForm();
}
