using Slipway.Core.Releases;

namespace Slipway.Core.Planning.Calendars;

/// <summary>A start that the calendar proposes. Nobody is bound by it: a release starts when its request says and the schedule lets it.</summary>
/// <param name="Start">When, in UTC.</param>
/// <param name="Zone">The zone of the calendar.</param>
/// <param name="Local">The start as people of the zone read it, with its offset.</param>
/// <param name="Standing">What the calendar says of it: preferred, or the best that the request's own windows allow.</param>
/// <param name="Window">The preferred hours, as <c>Tue,Wed,Thu 10:00-14:00 America/New_York</c>.</param>
/// <param name="Reason">Why then, in one sentence.</param>
/// <param name="Stages">When each stage is expected, as far as an hour for it is found within a year.</param>
public sealed record WindowProposal(
    DateTimeOffset Start, string Zone, string Local, CalendarStanding Standing, string Window, string Reason, IReadOnlyList<ScheduledStage> Stages);

/// <summary>When a stage is expected, at the earliest; people who approve and evidence that takes longer move it back.</summary>
/// <param name="Stage">Position in the plan, 0 first.</param>
/// <param name="Percentage">Its share of users.</param>
/// <param name="From">When its exposure is set, in UTC.</param>
/// <param name="Until">When its soak ends, in UTC.</param>
/// <param name="LocalFrom"><paramref name="From"/> in the calendar's zone, with its offset.</param>
/// <param name="LocalUntil"><paramref name="Until"/> in the calendar's zone, with its offset.</param>
/// <param name="Overnight">Whether its soak spans a night, 00:00 to 06:00 local.</param>
public sealed record ScheduledStage(
    int Stage, Percentage Percentage, DateTimeOffset From, DateTimeOffset Until, string LocalFrom, string LocalUntil, bool Overnight);
