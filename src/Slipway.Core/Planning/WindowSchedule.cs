using System.Globalization;
using Slipway.Core.Planning.Calendars;

namespace Slipway.Core.Planning;

/// <summary>
/// When exposure may grow. A moment is open when it lies in a window (or there are none), in no peak hour and in no freeze, and when the
/// calendar lets the release through. It limits starts and increases alone: soaks go on and are judged whatever the hour. A weekly span
/// holds whenever the wall clock of its zone shows a time inside it, start inclusive, end exclusive: an hour that daylight saving skips
/// never comes, and one that it doubles comes twice. Never applies to a rollback. Pure: time is a parameter.
/// </summary>
public sealed class WindowSchedule
{
    private const int SearchDays = 366;

    private readonly IReadOnlyList<ZonedWindow> _windows;
    private readonly IReadOnlyList<ZonedWindow> _peakHours;
    private readonly IReadOnlyList<FreezeSpan> _freezes;
    private readonly ChangeCalendar? _calendar;

    /// <summary>Makes a schedule. Throws <see cref="TimeZoneNotFoundException"/> when this machine does not know a span's zone.</summary>
    /// <param name="windows">Hours in which exposure may grow; empty: any time.</param>
    /// <param name="peakHours">Hours in which it may not.</param>
    /// <param name="freezes">Spans of dates in which it may not.</param>
    /// <param name="calendar">The calendar rules; null: none.</param>
    public WindowSchedule(
        IReadOnlyList<ChangeWindow> windows, IReadOnlyList<ChangeWindow> peakHours, IReadOnlyList<FreezeSpan> freezes, CalendarRules? calendar = null)
    {
        _calendar = calendar is null ? null : new ChangeCalendar(calendar);
        _windows = [.. windows.Select(window => new ZonedWindow(window))];
        _peakHours = [.. peakHours.Select(window => new ZonedWindow(window))];
        _freezes = freezes;
    }

    /// <summary>The schedule of a request: its operations section and the calendar that its plan was recorded with.</summary>
    public static WindowSchedule Of(Requests.ReleaseRequest request, ReleasePlan plan) =>
        new(request.Operations.Windows, request.Operations.PeakHours, request.Operations.Freezes, plan.Calendar);

    /// <summary>The calendar; null: none.</summary>
    public ChangeCalendar? Calendar => _calendar;

    /// <summary>Whether exposure may grow at a moment.</summary>
    public bool IsOpen(DateTimeOffset at) => Obstacle(at) is null;

    /// <summary>Whether a moment is open and one of the calendar's preferred hours; never without a calendar.</summary>
    public bool IsPreferred(DateTimeOffset at) => _calendar?.Read(at).Standing == CalendarStanding.Preferred && IsOpen(at);

    /// <summary>The rule of the calendar that an approval lets this release pass at a moment; null: no rule stands against it, or it is closed.</summary>
    public CalendarReading? ByApproval(DateTimeOffset at) =>
        _calendar?.Read(at) is { ByApproval: true } reading && IsOpen(at) ? reading : null;

    /// <summary>Why exposure may or may not grow at a moment, as one sentence.</summary>
    public string Why(DateTimeOffset at)
    {
        if (Obstacle(at) is { } obstacle)
            return $"closed: {obstacle}";
        var open = _windows.FirstOrDefault(window => window.Contains(at)) is { } inside ? $"inside {ChangeWindowText.Format(inside.Window)}" : "no change windows are set";
        return _calendar?.Read(at) switch
        {
            null => $"open: {open}",
            { ByApproval: true } passed => $"open by approval of {_calendar.Rules.Approval}: {passed.Reason}; {open}",
            var reading => $"open: {open}; {reading.Reason}",
        };
    }

    /// <summary>
    /// The first moment at or after <paramref name="at"/> that is open, in UTC; <paramref name="at"/> itself when it is open. What the calendar
    /// kept waiting goes on at <see cref="CalendarRules.WorkFrom"/>, and not at the midnight at which the avoided hours end. Null when there is
    /// none within 366 days.
    /// </summary>
    public DateTimeOffset? NextOpening(DateTimeOffset at)
    {
        if (First(at, IsOpen) is not { } opening) return null;
        return opening > at && _calendar is { Rules.OwnWindows: false } calendar && !AtWork(opening) && !calendar.Read(opening.AddTicks(-1)).Lets
            ? First(opening, moment => AtWork(moment) && IsOpen(moment))
            : opening;
    }

    private bool AtWork(DateTimeOffset at) => _calendar!.Clock(at).TimeOfDay >= _calendar.Rules.WorkFrom;

    /// <summary>The first moment at or after <paramref name="at"/> that is preferred, in UTC. Null when there is none within 366 days.</summary>
    public DateTimeOffset? NextPreferred(DateTimeOffset at) => _calendar is null ? null : First(at, IsPreferred);

    /// <summary>The request's own hours in one sentence, without the calendar; empty when it has none.</summary>
    public string Sentence() => string.Join("; ", new[]
    {
        _windows.Count == 0 ? "" : $"exposure grows in {string.Join(" and ", _windows.Select(window => ChangeWindowText.Format(window.Window)))}",
        _peakHours.Count == 0 ? "" : $"not in the peak hours {string.Join(" and ", _peakHours.Select(peak => ChangeWindowText.Format(peak.Window)))}",
        _freezes.Count == 0 ? "" : $"not {string.Join(" and ", _freezes.Select(Span))}",
    }.Where(part => part.Length > 0));

    private static string Span(FreezeSpan freeze) => string.Create(
        CultureInfo.InvariantCulture, $"from {freeze.From.UtcDateTime:yyyy-MM-dd HH:mm}Z to {freeze.To.UtcDateTime:yyyy-MM-dd HH:mm}Z{(freeze.Reason.Length == 0 ? "" : $" ({freeze.Reason})")}");

    private DateTimeOffset? First(DateTimeOffset at, Func<DateTimeOffset, bool> fits)
    {
        if (fits(at))
            return at.ToUniversalTime();
        var end = at.AddDays(SearchDays);
        // The state changes only at edges of spans and freezes, and where a zone's clock is set: it is enough to look there, day by day.
        for (var from = at; from < end; from = from.AddDays(1))
        {
            var to = from.AddDays(1) < end ? from.AddDays(1) : end;
            var found = Edges(from, to).Where(edge => edge > from && edge <= to).Order().Cast<DateTimeOffset?>().FirstOrDefault(edge => fits(edge!.Value));
            if (found is not null)
                return found;
        }

        return null;
    }

    private IEnumerable<DateTimeOffset> Edges(DateTimeOffset from, DateTimeOffset to) =>
        _windows.SelectMany(window => window.Edges(window.Window.From, from, to))
            .Concat(_peakHours.SelectMany(peak => peak.Edges(peak.Window.To, from, to)))
            .Concat(_freezes.Select(freeze => freeze.To.ToUniversalTime()))
            .Concat(_calendar?.Edges(from, to) ?? [])
            .Distinct();

    private string? Obstacle(DateTimeOffset at)
    {
        if (_freezes.FirstOrDefault(freeze => freeze.From <= at && at < freeze.To) is { } freeze)
        {
            var reason = freeze.Reason.Length == 0 ? "" : $" ({freeze.Reason})";
            return string.Create(CultureInfo.InvariantCulture, $"frozen until {freeze.To.UtcDateTime:yyyy-MM-dd HH:mm}Z{reason}");
        }

        if (_peakHours.FirstOrDefault(peak => peak.Contains(at)) is { } peakHour)
            return $"peak hours {ChangeWindowText.Format(peakHour.Window)}";
        if (_windows.Count > 0 && !_windows.Any(window => window.Contains(at)))
            return $"outside {string.Join(" and ", _windows.Select(window => ChangeWindowText.Format(window.Window)))}";
        return _calendar?.Read(at) is { Lets: false } reading ? Kept(reading) : null;
    }

    private static string Kept(CalendarReading reading) => reading.Standing == CalendarStanding.Blocked
        ? $"blocked by the calendar: {reading.Reason}"
        : $"avoided by the calendar: {reading.Reason}";
}
