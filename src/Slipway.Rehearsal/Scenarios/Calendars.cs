using Slipway.Core.Planning;
using Slipway.Rehearsal.World;

namespace Slipway.Rehearsal.Scenarios;

/// <summary>Days on which the hours of a plan matter.</summary>
internal static class Calendars
{
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(15);

    /// <summary>A start in an open window that closes while the first stage still bakes; null: the hours never close.</summary>
    public static DateTimeOffset? BeforeClosing(RehearsalSubject subject)
    {
        var schedule = Schedule(subject);
        if (schedule.NextOpening(RehearsalSubject.UsualStart) is not { } at) return null;
        var end = at.AddDays(14);
        while (at < end && schedule.IsOpen(at)) at += Step;
        if (at >= end) return null;
        var first = subject.Plan.Watch.Propagation + subject.Plan.Stages[0].Bake;
        var start = at - (first / 2 < TimeSpan.FromMinutes(30) ? first / 2 : TimeSpan.FromMinutes(30));
        return schedule.IsOpen(start) ? start : null;
    }

    /// <summary>Noon of the day before a clock of the plan's hours is set back; null: none ever is.</summary>
    public static DateTimeOffset? BeforeWinter(RehearsalSubject subject)
    {
        var operations = subject.Request.Operations;
        var zones = operations.Windows.Concat(operations.PeakHours).Select(window => window.Zone).Append(subject.Plan.Calendar?.Zone ?? "").Where(zone => zone.Length > 0).Distinct(StringComparer.Ordinal);
        foreach (var name in zones)
        {
            if (!TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)) continue;
            for (var day = new DateTimeOffset(2026, 8, 1, 12, 0, 0, TimeSpan.Zero); day.Year == 2026; day = day.AddDays(1))
            {
                if (zone.GetUtcOffset(day.AddDays(1)) < zone.GetUtcOffset(day)) return day;
            }
        }

        return null;
    }

    private static WindowSchedule Schedule(RehearsalSubject subject) => WindowSchedule.Of(subject.Request, subject.Plan);
}
