using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Core.Planning.Calendars;

/// <summary>
/// Proposes when a release should start: in the next preferred hours that nothing stands against, and there at a time from which the soak
/// at half of the users spans a night, when one of the next two weeks has it: nightly jobs and other parts of the world are then seen before
/// everybody gets the new version. Pure.
/// </summary>
public static class WindowProposer
{
    /// <summary>The night that a soak should span, local.</summary>
    private static readonly TimeSpan NightEnds = TimeSpan.FromHours(6);

    private static readonly TimeSpan Step = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(14);

    /// <summary>The proposal; null when the plan has no calendar, or no hour is open within a year.</summary>
    /// <param name="plan">What is started.</param>
    /// <param name="schedule">Its schedule.</param>
    /// <param name="notBefore">Nothing earlier is proposed: the request's start time, or now.</param>
    public static WindowProposal? Propose(ReleasePlan plan, WindowSchedule schedule, DateTimeOffset notBefore)
    {
        if (schedule.Calendar is not { } calendar)
            return null;
        if (schedule.NextPreferred(notBefore) is not { } first)
        {
            return schedule.NextOpening(notBefore) is { } opening
                ? Make(plan, schedule, opening, calendar, $"no preferred hour is open for this release within a year; this is its next open hour, {calendar.Read(opening).Reason}")
                : null;
        }

        const string Why = "the next preferred hours: in the middle of the week and of the day, those who watch and repair are at work, and no weekend follows";
        if (HalfStage(plan) is not { } half)
            return Make(plan, schedule, first, calendar, Why);
        var share = plan.Stages[half].Percentage;
        if (half == plan.Stages.Count - 1 || plan.Stages[half].Bake + plan.Watch.Propagation < NightEnds)
            return Make(plan, schedule, first, calendar, $"{Why}; the soak at {share} of {DurationText.Format(plan.Stages[half].Bake)} is too short for a night");
        foreach (var start in Candidates(schedule, first))
        {
            if (Schedule(plan, schedule, start).FirstOrDefault(stage => stage.Stage == half) is { Overnight: true })
                return Make(plan, schedule, start, calendar, $"{(start == first ? Why : Why.Replace("the next", "in", StringComparison.Ordinal))}; the soak at {share} then spans a night");
        }

        return Make(plan, schedule, first, calendar, $"{Why}; no preferred start of the next {Ahead.TotalDays:0} days lets the soak at {share} span a night");
    }

    /// <summary>When the stages are expected from a start on, in UTC and in the calendar's zone; empty without a calendar.</summary>
    public static IReadOnlyList<ScheduledStage> Schedule(ReleasePlan plan, WindowSchedule schedule, DateTimeOffset start) => schedule.Calendar is not { } calendar ? [] :
    [
        .. StageTimeline.Of(plan, schedule, start).Select(time => new ScheduledStage(
            time.Stage.Index, time.Stage.Percentage, time.From, time.Until, calendar.Local(time.From), calendar.Local(time.Until), SpansNight(calendar, time))),
    ];

    private static IEnumerable<DateTimeOffset> Candidates(WindowSchedule schedule, DateTimeOffset first)
    {
        for (DateTimeOffset? at = first; at is { } start && start < first + Ahead; at = schedule.NextPreferred(start + Step))
            yield return start;
    }

    /// <summary>The stage of the last environment that half of the users, or more but not all, are exposed in.</summary>
    private static int? HalfStage(ReleasePlan plan) => plan.Stages
        .FirstOrDefault(stage => stage.Environment == plan.Environments.Count - 1 && stage.Percentage.Value >= 50 && stage.Percentage < Percentage.Full)?.Index;

    /// <summary>By the wall clock, so that a night in which the clock is set counts as one.</summary>
    private static bool SpansNight(ChangeCalendar calendar, StageTimes time)
    {
        var (from, until) = (calendar.Clock(time.From), calendar.Clock(time.Until));
        var midnight = from.TimeOfDay == TimeSpan.Zero ? from : from.Date.AddDays(1);
        return midnight + NightEnds <= until;
    }

    private static WindowProposal Make(ReleasePlan plan, WindowSchedule schedule, DateTimeOffset start, ChangeCalendar calendar, string reason) => new(
        start,
        calendar.Rules.Zone,
        calendar.Local(start),
        calendar.Read(start).Standing,
        ChangeWindowText.Format(calendar.Rules.Preferred),
        reason,
        Schedule(plan, schedule, start));
}
