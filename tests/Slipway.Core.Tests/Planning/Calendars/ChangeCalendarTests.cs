using System.Globalization;
using Slipway.Core.Planning;
using Slipway.Core.Planning.Calendars;

namespace Slipway.Core.Tests.Planning.Calendars;

[Trait("requirement", "X24")]
public sealed class ChangeCalendarTests
{
    /// <summary>New York, hour by hour from Monday on: p preferred, a allowed, v avoided, b blocked.</summary>
    private static readonly string[] Table =
    [
        "aaaaaaaaaaaaaaaavvvvvvvv",
        "aaaaaaaaaappppaavvvvvvvv",
        "aaaaaaaaaappppaavvvvvvvv",
        "aaaaaaaaaappppaavvvvvvvv",
        "vvvvvvvvvvvvbbbbbbbbbbbb",
        "vvvvvvvvvvvvvvvvvvvvvvvv",
        "vvvvvvvvvvvvvvvvvvvvvvvv",
    ];

    /// <summary>The same for a request that lists windows.</summary>
    private static readonly string[] OwnWindows =
    [
        "aaaaaaaaaaaaaaaaaaaaaaaa",
        "aaaaaaaaaappppaaaaaaaaaa",
        "aaaaaaaaaappppaaaaaaaaaa",
        "aaaaaaaaaappppaaaaaaaaaa",
        "vvvvvvvvvvvvbbbbbbbbbbbb",
        "aaaaaaaaaaaaaaaaaaaaaaaa",
        "aaaaaaaaaaaaaaaaaaaaaaaa",
    ];

    /// <summary>Mondays with the offset before, the moment at which the clock is set (or none) and the offset after.</summary>
    private static readonly (string Monday, int Before, string Set, int After)[] Weeks =
    [
        ("2026-12-07", -5, "9999-01-01T00:00:00Z", -5),
        ("2026-07-06", -4, "9999-01-01T00:00:00Z", -4),
        ("2026-03-02", -5, "2026-03-08T07:00:00Z", -4),
        ("2026-10-26", -4, "2026-11-01T06:00:00Z", -5),
    ];

    public static TheoryData<int, int, bool, bool, bool> Cases
    {
        get
        {
            var data = new TheoryData<int, int, bool, bool, bool>();
            foreach (var week in Enumerable.Range(0, 4))
                foreach (var holiday in Enumerable.Range(-1, 8))
                    foreach (var mask in Enumerable.Range(0, 8))
                        data.Add(week, holiday, (mask & 1) > 0, (mask & 2) > 0, (mask & 4) > 0);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    [Trait("requirement", "S001-100")]
    [Trait("requirement", "S004-143")]
    [Trait("requirement", "S004-144")]
    public void Read_EveryHourOfAWeek_IsAsTabled(int week, int holiday, bool critical, bool approved, bool own)
    {
        var (text, before, set, after) = Weeks[week];
        var monday = At($"{text}T00:00:00Z");
        var calendar = new ChangeCalendar(new CalendarRules
        {
            Holidays = holiday < 0 ? [] : [new Holiday(DateOnly.FromDateTime(monday.Date).AddDays(holiday), "")],
            Critical = critical,
            Approval = approved ? "release-managers" : null,
            OwnWindows = own,
        });
        for (var at = monday.AddHours(-before); ; at = at.AddMinutes(30))
        {
            var local = at.UtcDateTime.AddHours(at < At(set) ? before : after);
            var day = (local.Date - monday.Date).Days;
            if (day > 6) break;
            var sign = (own ? OwnWindows : Table)[day][local.Hour];
            if (day == holiday && sign != 'b') sign = 'v';
            var expected = sign switch
            {
                'p' => (CalendarStanding.Preferred, true),
                'a' => (CalendarStanding.Allowed, true),
                'v' => (CalendarStanding.Avoided, approved),
                _ => (CalendarStanding.Blocked, approved && critical),
            };

            var reading = calendar.Read(at);
            Assert.True(expected == (reading.Standing, reading.Lets), $"{local:ddd HH:mm} at {at:u} is {reading}");
        }
    }

    [Theory]
    [InlineData("2026-11-06T16:59:59Z", "avoided by the calendar: Friday (America/New_York)")]
    [InlineData("2026-11-06T17:00:00Z", "blocked by the calendar: Friday from 12:00 (America/New_York)")]
    [InlineData("2026-11-07T15:00:00Z", "avoided by the calendar: weekend (America/New_York)")]
    [InlineData("2026-11-05T21:00:00Z", "avoided by the calendar: from 16:00 on (America/New_York)")]
    [InlineData("2026-11-26T15:00:00Z", "avoided by the calendar: holiday 2026-11-26, Thanksgiving (America/New_York)")]
    public void Why_AClosedMoment_NamesTheRule(string at, string why) =>
        Assert.Equal($"closed: {why}", Schedule(new CalendarRules { Holidays = [new Holiday(new DateOnly(2026, 11, 26), "Thanksgiving")] }).Why(At(at)));

    [Theory]
    [InlineData(false, "2026-11-06T16:59:59Z", "2026-11-06T16:59:59Z")] // Friday 11:59:59, approved
    [InlineData(false, "2026-11-06T17:00:00Z", "2026-11-07T14:00:00Z")] // from 12:00 on Saturday at 09:00 is next, which the approval opens too
    [InlineData(true, "2026-11-06T17:00:00Z", "2026-11-06T17:00:00Z")] // critical
    public void NextOpening_WithAnApproval_PassesWhatItMay(bool critical, string at, string expected) =>
        Assert.Equal(At(expected), Schedule(new CalendarRules { Approval = "team", Critical = critical }).NextOpening(At(at)));

    [Theory]
    [InlineData("2026-11-06T15:00:00Z", "2026-11-09T14:00:00Z")] // Friday morning: Monday 09:00
    [InlineData("2026-11-03T21:00:00Z", "2026-11-04T14:00:00Z")] // Tuesday 16:00: Wednesday 09:00
    [InlineData("2026-10-30T20:00:00Z", "2026-11-02T14:00:00Z")] // over the weekend on which summer time ends
    [InlineData("2026-03-06T20:00:00Z", "2026-03-09T13:00:00Z")] // and on which it begins
    [InlineData("2026-11-25T21:00:00Z", "2026-11-30T14:00:00Z")] // Wednesday evening, Thanksgiving, Friday, weekend
    public void NextOpening_WithoutAnApproval_IsTheNextAllowedMorning(string at, string expected)
    {
        var schedule = Schedule(new CalendarRules { Holidays = [new Holiday(new DateOnly(2026, 11, 26), "")] });

        Assert.Equal(At(expected), schedule.NextOpening(At(at)));
        Assert.True(schedule.IsOpen(At(expected)));
    }

    [Theory]
    [InlineData("2026-11-04T08:00:00Z", null, "2026-11-04T08:00:00Z")] // Wednesday 03:00, and nothing was waited for
    [InlineData("2026-11-03T21:00:00Z", "Tue-Thu 03:00-05:00 America/New_York", "2026-11-04T08:00:00Z")] // windows of one's own know their hours
    [InlineData("2026-11-03T21:00:00Z", null, "2026-11-04T12:30:00Z", 7.5)]
    public void NextOpening_AtNight_IsLeftToWhoeverDidNotWaitOrSaidSo(string at, string? window, string expected, double workFrom = 9)
    {
        var rules = new CalendarRules { WorkFrom = TimeSpan.FromHours(workFrom), OwnWindows = window is not null };
        var windows = window is not null && ChangeWindowText.TryParse(window, out var own, out _, out _) ? [own!] : Array.Empty<ChangeWindow>();
        var schedule = new WindowSchedule(windows, [], [], rules);

        Assert.Equal(At(expected), schedule.NextOpening(At(at)));
    }

    [Theory]
    [InlineData("America/New_York", "2026-03-06T00:00:00Z")]
    [InlineData("America/New_York", "2026-10-30T00:00:00Z")]
    [InlineData("Africa/Cairo", "2026-04-22T00:00:00Z")] // the clock goes from Friday 00:00 to 01:00
    public void NextOpening_AnyMoment_IsTheFirstOpenFiveMinutes(string zone, string from)
    {
        var schedule = new WindowSchedule(
            [Window($"Sat-Mon 23:30-02:20 {zone}"), Window($"Thu-Fri 23:10-12:15 {zone}")], [Window($"Sun 01:40-02:10 {zone}")], [],
            new CalendarRules { Zone = zone, OwnWindows = true, Approval = "team" });
        DateTimeOffset? first = null;
        for (var step = 10 * 24 * 12; step >= 0; step--)
        {
            var at = At(from).AddMinutes(5 * step);
            first = schedule.IsOpen(at) ? at : first;
            if (step < 4 * 24 * 12)
                Assert.Equal(first, schedule.NextOpening(at));
        }
    }

    [Fact]
    public void Zone_OfARequest_MovesTheRules()
    {
        var berlin = new ChangeCalendar(new CalendarRules { Zone = "Europe/Berlin" });

        Assert.Equal(CalendarStanding.Blocked, berlin.Read(At("2026-11-06T11:00:00Z")).Standing);
        Assert.Equal(CalendarStanding.Preferred, berlin.Read(At("2026-11-05T09:00:00Z")).Standing);
        Assert.Equal("2026-11-05 09:00 UTC (Thu 2026-11-05 10:00 +01:00 Europe/Berlin)", berlin.Both(At("2026-11-05T09:00:00Z")));
    }

    [Fact]
    public void ByApproval_OnlyWhereTheRequestsOwnHoursAreOpen_NamesTheRule()
    {
        var schedule = new WindowSchedule([Window("Fri 09:00-13:00 America/New_York")], [], [], new CalendarRules { Approval = "team", Critical = true, OwnWindows = true });

        Assert.Equal("Friday from 12:00 (America/New_York)", schedule.ByApproval(At("2026-11-06T17:00:00Z"))?.Reason);
        Assert.Null(schedule.ByApproval(At("2026-11-06T18:00:00Z")));
        Assert.StartsWith("closed: outside Fri", schedule.Why(At("2026-11-06T18:00:00Z")), StringComparison.Ordinal);
        Assert.Equal("open by approval of team: Friday (America/New_York); inside Fri 09:00-13:00 America/New_York", schedule.Why(At("2026-11-06T16:00:00Z")));
    }

    private static WindowSchedule Schedule(CalendarRules rules) => new([], [], [], rules);

    private static ChangeWindow Window(string text)
    {
        Assert.True(ChangeWindowText.TryParse(text, out var window, out _, out _));
        return window!;
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
