using Slipway.Core.Ledgers;
using Slipway.Core.Messages;
using Slipway.Core.Planning;
using Slipway.Core.Requests;

namespace Slipway.Core.Tests.Messages;

public sealed class AdvanceNoticeTests
{
    private static readonly DateTimeOffset Nine = new(2026, 12, 1, 9, 0, 0, TimeSpan.Zero);

    private static ReleaseRequest Request(string windows = "[]") => ReleaseRequestReader.Read(JsonRequestDocument.Parse($$"""
        {
          "release": { "id": "search", "title": "Search", "version": "2.4.0", "problem": "Results are a day old", "declared_risk": "low", "requested_by": "dana@example.com" },
          "changes": { "features": ["streaming"] },
          "environments": [{ "name": "prod", "regions": ["westeurope", "northeurope"] }],
          "flags": [{ "name": "search-v2", "kill_switch": true }],
          "stages": [{ "percentage": 5, "bake": "59m" }, { "percentage": 100, "bake": "2h" }],
          "telemetry": { "source": "embedded", "propagation": "1m" },
          "operations": { "active_users": 1000, "windows": {{windows}} }
        }
        """)).Request!;

    [Fact]
    public void Timeline_StagesFollowEachOtherAndWaitForTheirWindow()
    {
        var request = Request("""["Mon-Sun 09:00-09:30 UTC"]""");

        var plan = Planner.Draft(request);

        var times = StageTimeline.Of(plan, WindowSchedule.Of(request, plan), Nine);

        Assert.Equal([Nine, Nine.AddDays(1)], times.Select(time => time.From));
        Assert.Equal([Nine.AddHours(1), Nine.AddDays(1).AddHours(2).AddMinutes(1)], times.Select(time => time.Until));
    }

    [Fact]
    public void Details_SayWhatWhenWhomAndWhoToAsk()
    {
        var request = Request();

        var details = AdvanceNotice.Details(request, Planner.Draft(request), Nine).Split('\n');

        Assert.Equal(
            [
                "It solves: Results are a day old. New: streaming.",
                "Schedule, at the earliest (a stage goes on only when its evidence is good):",
                "- 2026-12-01 09:00 UTC: 5 % of users, judged until 2026-12-01 10:00 UTC",
                "- 2026-12-01 10:00 UTC: 100 % of users, judged until 2026-12-01 12:01 UTC",
                "Impact: 50 of 1,000 users at first, then all; regions westeurope, northeurope; risk low.",
                "Way back: level 1 within 5m, by itself when a limit is crossed.",
                "Questions and objections: dana@example.com.",
            ],
            details);
    }

    [Theory]
    [InlineData(25.0, GateStatus.Pass, "due at 2026-12-01 10:00 UTC, 24 h before the start")]
    [InlineData(24.0, GateStatus.Pass, "due at 2026-12-01 09:00 UTC, 24 h before the start")]
    [InlineData(6.5, GateStatus.Warning, "sent at once, 6.5 h before the start: 17.5 h less than the 24 h that people should have")]
    [InlineData(0.0, GateStatus.Warning, "start_at 2026-12-01 09:00 UTC is past: nobody is told before the start")]
    public void Gate_AnyStartTime_SaysWhetherPeopleHaveTheirDay(double hours, GateStatus status, string details)
    {
        var gate = AdvanceNotice.Gate(Nine.AddHours(hours), Nine);

        Assert.Equal((status, details, false), (gate.Status, gate.Details, gate.Critical));
    }
}
