using System.Globalization;
using Slipway.Core.Planning;
using Slipway.Core.Planning.Calendars;
using Slipway.Core.Requests;

namespace Slipway.Core.Tests.Planning.Calendars;

public sealed class WindowProposerTests
{
    private const string Two = """[{ "percentage": 5, "bake": "2h" }, { "percentage": 100, "bake": "24h" }]""";

    [Theory]
    [InlineData("2026-11-30", -5)]
    [InlineData("2026-07-06", -4)]
    [InlineData("2026-03-02", -5)] // summer time begins on the Sunday
    [InlineData("2026-10-26", -4)] // and ends
    [Trait("requirement", "S004-143")]
    public void Propose_EveryHourOfAWeek_IsTheNextPreferredMoment(string monday, int offset)
    {
        var (plan, schedule) = Given(Two);
        var start = At($"{monday}T00:00:00Z").AddHours(-offset);
        for (var at = start; at < start.AddDays(7); at = at.AddHours(1))
        {
            var proposal = WindowProposer.Propose(plan, schedule, at)!;

            var expected = at;
            for (; !IsPreferred(expected); expected = expected.AddHours(1)) { }
            Assert.Equal((expected, CalendarStanding.Preferred), (proposal.Start, proposal.Standing));
        }
    }

    [Theory]
    [InlineData("2026-12-04T15:00:00Z", "", "2026-12-08T15:00:00Z", "Tue 2026-12-08 10:00 -05:00")]
    [InlineData("2026-12-04T15:00:00Z", """, "holidays": ["2026-12-08"]""", "2026-12-09T15:00:00Z", "Wed 2026-12-09 10:00 -05:00")]
    [InlineData("2026-12-04T15:00:00Z", """, "peak_hours": ["Tue 09:00-11:30 America/New_York"]""", "2026-12-08T16:30:00Z", "Tue 2026-12-08 11:30 -05:00")]
    [InlineData("2026-12-04T15:00:00Z", """, "freezes": [{ "from": "2026-12-01T00:00:00Z", "to": "2026-12-10T17:00:00Z" }]""", "2026-12-10T17:00:00Z", "Thu 2026-12-10 12:00 -05:00")]
    [InlineData("2026-12-04T15:00:00Z", """, "zone": "Europe/Berlin" """, "2026-12-08T09:00:00Z", "Tue 2026-12-08 10:00 +01:00")]
    public void Propose_WhateverStandsAgainstAnHour_GoesToTheNext(string now, string operations, string expected, string local)
    {
        var (plan, schedule) = Given(Two, operations);

        var proposal = WindowProposer.Propose(plan, schedule, At(now))!;

        Assert.Equal((At(expected), local), (proposal.Start, proposal.Local));
        Assert.StartsWith("the next preferred hours: in the middle of the week", proposal.Reason, StringComparison.Ordinal);
    }

    [Theory]
    // From 10:00 the soak at 50 % runs from 12:01 to 04:02, from 12:00 to 06:02.
    [InlineData("16h", "2026-12-08T17:00:00Z", true)]
    [InlineData("24h", "2026-12-08T15:00:00Z", true)]
    [InlineData("4h", "2026-12-08T15:00:00Z", false)]
    [InlineData("8h", "2026-12-08T15:00:00Z", false)]
    [Trait("requirement", "S004-179")]
    public void Propose_AStageAtHalfOfTheUsers_PrefersAStartWhoseSoakSpansTheNight(string bake, string expected, bool overnight)
    {
        var (plan, schedule) = Given($$"""[{ "percentage": 5, "bake": "2h" }, { "percentage": 50, "bake": "{{bake}}" }, { "percentage": 100, "bake": "24h" }]""");

        var proposal = WindowProposer.Propose(plan, schedule, At("2026-12-05T15:00:00Z"))!;

        Assert.Equal((At(expected), overnight), (proposal.Start, proposal.Stages[1].Overnight));
        Assert.Equal(overnight, proposal.Reason.Contains("the soak at 50 % then spans a night", StringComparison.Ordinal));
        Assert.True(overnight || proposal.Reason.Contains("is too short for a night", StringComparison.Ordinal) || proposal.Reason.Contains("no preferred start of the next 14 days", StringComparison.Ordinal), proposal.Reason);
    }

    [Fact]
    [Trait("requirement", "X25")]
    public void Schedule_WaitsThatDoNotFitTheDay_RaiseTheNextStageInTheNextAllowedSlot()
    {
        var (plan, schedule) = Given("""[{ "percentage": 5, "bake": "2h" }, { "percentage": 50, "bake": "4h" }, { "percentage": 100, "bake": "24h" }]""");

        var stages = WindowProposer.Schedule(plan, schedule, At("2026-12-10T15:00:00Z"));

        // Thursday 10:00, 12:01, and what is due at 16:02 waits past Friday and the weekend.
        Assert.Equal(["Thu 2026-12-10 10:00 -05:00", "Thu 2026-12-10 12:01 -05:00", "Mon 2026-12-14 09:00 -05:00"], stages.Select(stage => stage.LocalFrom));
        Assert.Equal(At("2026-12-10T21:02:00Z"), stages[1].Until);
    }

    [Fact]
    public void Propose_WindowsWithoutAPreferredHour_IsTheirNextOpenHour()
    {
        var (plan, schedule) = Given(Two, """, "windows": ["Mon 20:00-22:00 America/New_York"]""");

        var proposal = WindowProposer.Propose(plan, schedule, At("2026-12-04T15:00:00Z"))!;

        Assert.Equal((At("2026-12-08T01:00:00Z"), CalendarStanding.Allowed), (proposal.Start, proposal.Standing));
        Assert.StartsWith("no preferred hour is open for this release within a year", proposal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Propose_WithoutACalendar_ProposesNothing()
    {
        var request = Request(Two, "");
        var plan = Planner.Draft(request, calendarRules: false);

        Assert.Null(WindowProposer.Propose(plan, WindowSchedule.Of(request, plan), At("2026-12-04T15:00:00Z")));
    }

    private static bool IsPreferred(DateTimeOffset at)
    {
        var summer = at >= At("2026-03-08T07:00:00Z") && at < At("2026-11-01T06:00:00Z");
        var local = at.UtcDateTime.AddHours(summer ? -4 : -5);
        return local.DayOfWeek is DayOfWeek.Tuesday or DayOfWeek.Wednesday or DayOfWeek.Thursday && local.Hour is >= 10 and < 14;
    }

    private static (ReleasePlan Plan, WindowSchedule Schedule) Given(string stages, string operations = "")
    {
        var request = Request(stages, operations);
        var plan = Planner.Draft(request);
        return (plan, WindowSchedule.Of(request, plan));
    }

    private static ReleaseRequest Request(string stages, string operations)
    {
        var reading = ReleaseRequestReader.Read(JsonRequestDocument.Parse($$"""
            {
              "release": { "id": "search", "title": "Search", "version": "2.4.0", "declared_risk": "low" },
              "environments": [{ "name": "prod" }],
              "flags": [{ "name": "search-v2", "kill_switch": true }],
              "stages": {{stages}},
              "telemetry": { "source": "embedded", "propagation": "1m" },
              "operations": { "active_users": 1000{{operations}} }
            }
            """));
        Assert.Empty(reading.Problems);
        return reading.Request!;
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
