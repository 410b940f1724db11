using System.Globalization;
using Slipway.Core.Planning;

namespace Slipway.Core.Tests.Planning;

public sealed class WindowScheduleTests
{
    [Theory]
    [InlineData("2026-12-01T08:59:59Z", false)] // a Tuesday; 10:00 in Berlin is 09:00Z in winter
    [InlineData("2026-12-01T09:00:00Z", true)]
    [InlineData("2026-12-01T12:59:59Z", true)]
    [InlineData("2026-12-01T13:00:00Z", false)]
    [InlineData("2026-12-04T10:00:00Z", false)] // Friday
    [InlineData("2026-07-01T08:00:00Z", true)] // summer: 10:00 in Berlin is 08:00Z
    public void A_window_is_open_from_its_start_to_before_its_end(string at, bool open)
    {
        var schedule = Windows("Tue-Thu 10:00-14:00 Europe/Berlin");

        Assert.Equal(open, schedule.IsOpen(At(at)));
        Assert.StartsWith(open ? "open: inside Tue,Wed,Thu 10:00-14:00 Europe/Berlin" : "closed: outside ", schedule.Why(At(at)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-12-04T21:59:00Z", false)]
    [InlineData("2026-12-04T22:00:00Z", true)] // Friday evening
    [InlineData("2026-12-05T03:59:00Z", true)] // belongs to Friday
    [InlineData("2026-12-05T04:00:00Z", false)]
    [InlineData("2026-12-05T23:00:00Z", false)] // Saturday evening is not a start
    public void A_span_over_midnight_belongs_to_the_day_on_which_it_starts(string at, bool open) =>
        Assert.Equal(open, Windows("Fri 22:00-04:00").IsOpen(At(at)));

    [Theory]
    // Skipped: 02:00 to 03:00 on 29 March 2026 in Berlin, on 8 March in New York.
    [InlineData("Sun 02:30-04:00 Europe/Berlin", "2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z")]
    [InlineData("Sun 02:00-03:00 Europe/Berlin", "2026-03-28T12:00:00Z", "2026-04-05T00:00:00Z")]
    [InlineData("Sun 02:30-04:00 America/New_York", "2026-03-08T06:00:00Z", "2026-03-08T07:00:00Z")]
    [InlineData("Sun 10:00-11:00 Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29T08:00:00Z")]
    // Doubled: 02:00 to 03:00 on 25 October 2026 in Berlin, 01:00 to 02:00 on 1 November in New York.
    [InlineData("Sun 02:30-02:45 Europe/Berlin", "2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z")]
    [InlineData("Sun 02:30-02:45 Europe/Berlin", "2026-10-25T00:45:00Z", "2026-10-25T01:30:00Z")]
    [InlineData("Sun 01:30-02:30 Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z")]
    [InlineData("Sun 01:15-01:30 America/New_York", "2026-11-01T05:30:00Z", "2026-11-01T06:15:00Z")]
    // Neither.
    [InlineData("Tue-Thu 10:00-14:00 America/New_York", "2026-11-06T12:00:00Z", "2026-11-10T15:00:00Z")]
    [InlineData("Fri 22:00-04:00", "2026-12-05T02:00:00+01:00", "2026-12-05T01:00:00Z")]
    public void The_next_opening_follows_the_wall_clock(string window, string at, string expected)
    {
        var schedule = Windows(window);

        var next = schedule.NextOpening(At(at));

        Assert.Equal(At(expected), next);
        Assert.True(schedule.IsOpen(next!.Value));
        Assert.True(next == At(at) || !schedule.IsOpen(next.Value.AddTicks(-1)));
    }

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-28T00:00:00Z")]
    [InlineData("Europe/Berlin", "2026-10-24T00:00:00Z")]
    [InlineData("America/New_York", "2026-03-07T00:00:00Z")]
    [InlineData("America/New_York", "2026-10-31T00:00:00Z")]
    public void The_next_opening_is_the_first_open_minute_around_a_clock_change(string zone, string from)
    {
        var schedule = new WindowSchedule(
            [Window($"Sun 00:30-02:20 {zone}"), Window($"Sat 23:10-00:15 {zone}")], [Window($"Sun 01:40-02:10 {zone}")],
            [new FreezeSpan(At(from).AddHours(29), At(from).AddHours(29.25), "")]);
        DateTimeOffset? first = null;
        for (var step = 10 * 24 * 12; step >= 0; step--)
        {
            var at = At(from).AddMinutes(5 * step);
            first = schedule.IsOpen(at) ? at : first;
            if (step < 2 * 24 * 12)
                Assert.Equal(first, schedule.NextOpening(at));
        }
    }

    [Fact]
    public void Peak_hours_close_and_their_end_opens()
    {
        var schedule = new WindowSchedule([], [Window("17:00-21:00")], []);

        Assert.Equal("closed: peak hours 17:00-21:00 UTC", schedule.Why(At("2026-12-01T20:59:59Z")));
        Assert.Equal(At("2026-12-01T21:00:00Z"), schedule.NextOpening(At("2026-12-01T17:00:00Z")));
        Assert.Equal("open: no change windows are set", schedule.Why(At("2026-12-01T21:00:00Z")));
    }

    [Fact]
    public void A_freeze_closes_until_its_end_and_says_why()
    {
        var schedule = new WindowSchedule(
            [Window("Tue-Thu 10:00-14:00 Europe/Berlin")], [], [new FreezeSpan(At("2026-12-20T00:00:00+01:00"), At("2027-01-07T00:00:00+01:00"), "holidays")]);

        Assert.Equal("closed: frozen until 2027-01-06 23:00Z (holidays)", schedule.Why(At("2026-12-22T10:00:00Z")));
        Assert.Equal(At("2027-01-07T09:00:00Z"), schedule.NextOpening(At("2026-12-22T10:00:00Z")));
    }

    [Fact]
    public void Nothing_within_a_year_is_no_opening()
    {
        Assert.Null(new WindowSchedule([], [Window("00:00-24:00")], []).NextOpening(At("2026-12-01T00:00:00Z")));
        Assert.Null(new WindowSchedule([], [], [new FreezeSpan(At("2026-01-01T00:00:00Z"), At("2030-01-01T00:00:00Z"), "")]).NextOpening(At("2026-12-01T00:00:00Z")));
    }

    [Fact]
    public void Without_any_rule_it_is_always_open() =>
        Assert.Equal(At("2026-12-25T03:00:00Z"), new WindowSchedule([], [], []).NextOpening(At("2026-12-25T03:00:00Z")));

    private static WindowSchedule Windows(string text) => new([Window(text)], [], []);

    private static ChangeWindow Window(string text)
    {
        Assert.True(ChangeWindowText.TryParse(text, out var window, out _, out _));
        return window!;
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
