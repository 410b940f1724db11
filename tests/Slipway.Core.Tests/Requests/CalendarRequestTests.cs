using Slipway.Core.Approvals;
using Slipway.Core.Planning;
using Slipway.Core.Planning.Calendars;
using Slipway.Core.Policy;
using Slipway.Core.Requests;

namespace Slipway.Core.Tests.Requests;

public sealed class CalendarRequestTests
{
    private static readonly ServerPolicy Policy = new() { ApproverGroups = new Dictionary<string, IReadOnlyList<string>> { ["team"] = ["ada@example.com"] } };

    [Fact]
    [Trait("requirement", "S004-144")]
    public void A_request_states_zone_holidays_urgency_and_who_lets_it_pass()
    {
        var request = Read("""{ "critical": true }""", """{ "zone": "Europe/Berlin", "holidays": ["2026-12-25 Christmas Day", "2027-01-01"], "calendar_approval": "team" }""").Request!;

        var calendar = Planner.Draft(request).Calendar!;
        Assert.Equal(("Europe/Berlin", true, "team", false), (calendar.Zone, calendar.Critical, calendar.Approval, calendar.OwnWindows));
        Assert.Equal([new Holiday(new DateOnly(2026, 12, 25), "Christmas Day"), new Holiday(new DateOnly(2027, 1, 1), "")], calendar.Holidays);
    }

    [Fact]
    public void Without_a_word_on_the_calendar_it_counts_in_New_York_and_nothing_passes()
    {
        var calendar = Planner.Draft(Read("{}", "{}").Request!).Calendar!;

        Assert.Equal(("America/New_York", false, null, false), (calendar.Zone, calendar.Critical, calendar.Approval, calendar.OwnWindows));
        Assert.Equal((TimeSpan.FromHours(12), TimeSpan.FromHours(16), "Tue,Wed,Thu 10:00-14:00 America/New_York"), (calendar.FridayBlockFrom, calendar.AvoidAfter, ChangeWindowText.Format(calendar.Preferred)));
        Assert.False(calendar.Lets(CalendarStanding.Avoided) || calendar.Lets(CalendarStanding.Blocked));
    }

    [Theory]
    [InlineData("{}", """{ "zone": "Europe/Berln" }""", "operations.zone", "an IANA time zone such as Europe/Berlin, or UTC", "Europe/Berlin")]
    [InlineData("{}", """{ "zone": "EST5" }""", "operations.zone", "an IANA time zone such as Europe/Berlin, or UTC", null)]
    [InlineData("{}", """{ "zone": "../../etc/passwd" }""", "operations.zone", "an IANA time zone such as Europe/Berlin, or UTC", null)]
    [InlineData("{}", """{ "holidays": ["25.12.2026"] }""", "operations.holidays[0]", "a date such as 2026-12-25, with or without a reason after it", null)]
    [InlineData("{}", """{ "holidays": ["2027-01-01", "2026-02-30 none"] }""", "operations.holidays[1]", "a date such as 2026-12-25, with or without a reason after it", null)]
    [InlineData("{}", """{ "holidays": "2027-01-01" }""", "operations.holidays", "a list", null)]
    [InlineData("""{ "critical": "yes" }""", "{}", "release.critical", "true or false", "true")]
    [InlineData("{}", """{ "calendar_approval": "a\u0007" }""", "operations.calendar_approval", "a name", null)]
    public void What_is_wrong_is_said_with_its_path_and_what_is_expected(string release, string operations, string path, string expected, string? suggestion)
    {
        var problem = Assert.Single(Read(release, operations).Problems);

        Assert.Equal((path, expected), (problem.Path, problem.Expected));
        Assert.True(suggestion is null || problem.Suggestion == suggestion, problem.ToString());
        Assert.NotEqual("", problem.Found);
    }

    [Fact]
    [Trait("requirement", "S001-100")]
    public void A_critical_release_without_a_named_approver_is_refused()
    {
        var problem = Assert.Single(Planner.Plan(Read("""{ "critical": true }""", "{}").Request!).Problems);

        Assert.Equal(("release.critical", "true, and nobody named who approves it"), (problem.Path, problem.Found));
        Assert.Contains("operations.calendar_approval", problem.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void An_approver_group_that_the_server_does_not_know_is_refused()
    {
        var request = Read("{}", """{ "calendar_approval": "teem" }""").Request!;

        var problem = Assert.Single(PolicyCheck.Check(request, Planner.Draft(request), Policy));
        Assert.Equal(("operations.calendar_approval", "team"), (problem.Path, problem.Suggestion));
    }

    [Fact]
    public void The_group_is_asked_with_the_start_and_where_the_server_keeps_no_calendar_it_is_not()
    {
        var request = Read("""{ "critical": true }""", """{ "calendar_approval": "team" }""").Request!;

        Assert.Equal("start:team", Assert.Single(ApprovalGates.Of(request, Planner.Draft(request), Policy, [])).Id);
        Assert.Empty(ApprovalGates.Of(request, Planner.Draft(request, calendarRules: false), Policy, []));
    }

    [Fact]
    public void A_policy_keeps_the_calendar_unless_it_says_otherwise()
    {
        Assert.True(ServerPolicyReader.Read(JsonRequestDocument.Parse("{}")).Policy!.CalendarRules);
        Assert.False(ServerPolicyReader.Read(JsonRequestDocument.Parse("""{ "calendar_rules": false }""")).Policy!.CalendarRules);
    }

    private static RequestReading Read(string release, string operations) => ReleaseRequestReader.Read(JsonRequestDocument.Parse($$"""
        {
          "release": { "id": "search", "title": "Search", "version": "2.4.0", "declared_risk": "low"{{(release == "{}" ? "" : "," + release[1..^1])}} },
          "environments": [{ "name": "prod" }],
          "flags": [{ "name": "search-v2", "kill_switch": true }],
          "telemetry": { "source": "embedded" },
          "operations": {{operations}}
        }
        """));
}
