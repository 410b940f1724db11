using System.Globalization;
using Slipway.Core.Requests;

namespace Slipway.Core.Planning.Calendars;

/// <summary>
/// The calendar of a release, recorded in its plan. Its rules limit the start and every increase of exposure, never a soak and never a
/// rollback; they hold beside the request's own windows, peak hours and freezes, which nothing lifts.
/// </summary>
/// <remarks>
/// By local time in <see cref="Zone"/>: Friday from <see cref="FridayBlockFrom"/> to midnight is blocked. The rest of Friday, holidays,
/// weekends and the hours from <see cref="AvoidAfter"/> to midnight are avoided. Either waits for the next allowed moment, unless a named
/// group lets the release pass: with <see cref="Approval"/> its approval of the start opens the avoided hours, and with
/// <see cref="Critical"/> the blocked ones as well. A request that lists windows has decided about weekends and evenings itself, so those
/// two rules do not add to its windows; Friday and holidays do, since a weekly window rarely means them.
/// </remarks>
public sealed record CalendarRules
{
    /// <summary>The zone of the rules where a request names none.</summary>
    public const string DefaultZone = "America/New_York";

    /// <summary>IANA time zone, or <c>UTC</c>.</summary>
    public string Zone { get; init; } = DefaultZone;

    /// <summary>Days that are avoided, by local date.</summary>
    public IReadOnlyList<Holiday> Holidays { get; init; } = [];

    /// <summary>Local time from which Friday is blocked, inclusive. Default: 12:00.</summary>
    public TimeSpan FridayBlockFrom { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Local time from which every day is avoided, inclusive. Default: 16:00.</summary>
    public TimeSpan AvoidAfter { get; init; } = TimeSpan.FromHours(16);

    /// <summary>Local time from which a release that waited for the calendar goes on, on the first day that is allowed: nobody is there at midnight, when
    /// the avoided hours end. Says nothing to a release that did not wait, nor where the request lists windows. Default: 09:00.</summary>
    public TimeSpan WorkFrom { get; init; } = TimeSpan.FromHours(9);

    /// <summary>The hours that are proposed. Default: Tuesday to Thursday, 10:00 to before 14:00.</summary>
    public ChangeWindow Preferred
    {
        get => field ?? new ChangeWindow([DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday], TimeSpan.FromHours(10), TimeSpan.FromHours(14), Zone);
        init;
    }

    /// <summary>Whether the request lists windows, and so has decided about weekends and evenings itself.</summary>
    public bool OwnWindows { get; init; }

    /// <summary>Whether the release is so urgent that it may also pass the blocked hours; never without <see cref="Approval"/>.</summary>
    public bool Critical { get; init; }

    /// <summary>The approver group whose approval of the start lets the release pass; null: nothing passes.</summary>
    public string? Approval { get; init; }

    /// <summary>The rules of a request.</summary>
    public static CalendarRules Of(ReleaseRequest request) => new()
    {
        Zone = request.Operations.Zone ?? DefaultZone,
        Holidays = request.Operations.Holidays,
        OwnWindows = request.Operations.Windows.Count > 0,
        Critical = request.Release.Critical,
        Approval = request.Operations.CalendarApproval,
    };

    /// <summary>Whether an increase of this release may take place at a moment of this standing.</summary>
    public bool Lets(CalendarStanding standing) => standing switch
    {
        CalendarStanding.Blocked => Critical && Approval is not null,
        CalendarStanding.Avoided => Approval is not null,
        _ => true,
    };

    /// <summary>What keeps a request from being run by the rules; empty when nothing does.</summary>
    /// <param name="request">The request.</param>
    /// <param name="rules">Its rules; null: the server has turned them off.</param>
    public static IEnumerable<RequestProblem> Problems(ReleaseRequest request, CalendarRules? rules)
    {
        if (request.Release.Critical && request.Operations.CalendarApproval is null)
            yield return RequestProblem.At("release.critical", "true, and nobody named who approves it", "an approver group in operations.calendar_approval: a critical release passes the calendar only with its approval");
        if (rules is not null && rules.Zone != "UTC" && !TimeZoneInfo.TryFindSystemTimeZoneById(rules.Zone, out _))
            yield return RequestProblem.At("operations.zone", $"{rules.Zone}, which this machine does not know", "a zone that it knows, such as UTC, or time zone data (tzdata) on the machine");
    }

    /// <summary>The rules in one sentence, for whoever reads the plan.</summary>
    public string Sentence()
    {
        var avoided = OwnWindows ? "the rest of Friday and holidays" : $"the rest of Friday, weekends, holidays and the hours from {Time(AvoidAfter)} on";
        var pass = (Approval, Critical) switch
        {
            (null, _) => $"{avoided} are avoided too",
            ({ } group, true) => $"{avoided} are avoided; critical, so {group} may let it pass all of them by approving the start",
            ({ } group, false) => $"{avoided} only when {group} approves the start",
        };
        return $"no start and no increase on Friday from {Time(FridayBlockFrom)}; {pass}{(OwnWindows ? "" : $"; what waited goes on from {Time(WorkFrom)}")} ({Zone})";
    }

    internal static string Time(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours:00}:{time.Minutes:00}");
}

/// <summary>A day on which exposure should not grow.</summary>
/// <param name="Date">The local date.</param>
/// <param name="Reason">Its name; may be empty.</param>
public sealed record Holiday(DateOnly Date, string Reason);
