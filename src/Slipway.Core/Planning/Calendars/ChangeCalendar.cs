using System.Globalization;

namespace Slipway.Core.Planning.Calendars;

/// <summary>What the calendar says of a moment, from best to worst.</summary>
public enum CalendarStanding
{
    /// <summary>One of the hours that are proposed.</summary>
    Preferred,

    /// <summary>Nothing stands against it.</summary>
    Allowed,

    /// <summary>An increase takes place only with an approval.</summary>
    Avoided,

    /// <summary>An increase takes place only when the release is critical, and with an approval.</summary>
    Blocked,
}

/// <summary>What the calendar says of one moment.</summary>
/// <param name="Standing">How good it is.</param>
/// <param name="Reason">Why, in a few words with the zone.</param>
/// <param name="Lets">Whether this release may increase exposure then, as far as the calendar is asked.</param>
public sealed record CalendarReading(CalendarStanding Standing, string Reason, bool Lets)
{
    /// <summary>Whether only an approval, and not the rules, lets the release go on.</summary>
    public bool ByApproval => Lets && Standing >= CalendarStanding.Avoided;
}

/// <summary>
/// Classifies moments by <see cref="CalendarRules"/>, on the wall clock of their zone: an hour that daylight saving skips never comes, one
/// that it doubles counts twice. Pure: time is a parameter.
/// </summary>
public sealed class ChangeCalendar
{
    private readonly ZoneClock _clock;
    private readonly ZonedWindow _preferred;
    private readonly Dictionary<DateOnly, Holiday> _holidays;

    /// <summary>Makes a calendar. Throws <see cref="TimeZoneNotFoundException"/> when this machine does not know the zone.</summary>
    public ChangeCalendar(CalendarRules rules)
    {
        Rules = rules;
        _clock = new ZoneClock(rules.Zone);
        _preferred = new ZonedWindow(rules.Preferred);
        _holidays = rules.Holidays.DistinctBy(holiday => holiday.Date).ToDictionary(holiday => holiday.Date);
    }

    /// <summary>The rules.</summary>
    public CalendarRules Rules { get; }

    /// <summary>What the calendar says of a moment. Of several rules the hardest counts.</summary>
    public CalendarReading Read(DateTimeOffset at)
    {
        var (standing, reason) = Classify(at);
        return new CalendarReading(standing, $"{reason} ({Rules.Zone})", Rules.Lets(standing));
    }

    /// <summary>A moment as people of the zone read it: <c>Tue 2026-12-01 10:00 -05:00</c>.</summary>
    public string Local(DateTimeOffset at) => _clock.At(at).ToString("ddd yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture);

    /// <summary>A moment in UTC and in the zone.</summary>
    public string Both(DateTimeOffset at) => $"{at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)} ({Local(at)} {Rules.Zone})";

    /// <summary>What the zone's wall clock shows.</summary>
    internal DateTime Clock(DateTimeOffset at) => _clock.Local(at);

    /// <summary>Where the standing may change, in UTC and at most a day outside the bounds.</summary>
    internal IEnumerable<DateTimeOffset> Edges(DateTimeOffset from, DateTimeOffset to) =>
        new[] { TimeSpan.Zero, Rules.WorkFrom, Rules.FridayBlockFrom, Rules.AvoidAfter }.SelectMany(time => _clock.Edges(time, from, to))
            .Concat(_preferred.Edges(Rules.Preferred.From, from, to))
            .Concat(_preferred.Edges(Rules.Preferred.To, from, to));

    private (CalendarStanding Standing, string Reason) Classify(DateTimeOffset at)
    {
        var local = _clock.Local(at);
        if (local.DayOfWeek == DayOfWeek.Friday && local.TimeOfDay >= Rules.FridayBlockFrom)
            return (CalendarStanding.Blocked, $"Friday from {CalendarRules.Time(Rules.FridayBlockFrom)}");
        if (_holidays.TryGetValue(DateOnly.FromDateTime(local), out var holiday))
            return (CalendarStanding.Avoided, string.Create(CultureInfo.InvariantCulture, $"holiday {holiday.Date:yyyy-MM-dd}{(holiday.Reason.Length == 0 ? "" : $", {holiday.Reason}")}"));
        if (local.DayOfWeek == DayOfWeek.Friday)
            return (CalendarStanding.Avoided, "Friday");
        if (!Rules.OwnWindows && local.DayOfWeek is (DayOfWeek.Saturday or DayOfWeek.Sunday))
            return (CalendarStanding.Avoided, "weekend");
        if (!Rules.OwnWindows && local.TimeOfDay >= Rules.AvoidAfter)
            return (CalendarStanding.Avoided, $"from {CalendarRules.Time(Rules.AvoidAfter)} on");
        var preferred = ChangeWindowText.Format(Rules.Preferred with { Zone = "" }).TrimEnd();
        return _preferred.Contains(at)
            ? (CalendarStanding.Preferred, $"in the preferred hours {preferred}")
            : (CalendarStanding.Allowed, $"outside the preferred hours {preferred}");
    }
}
