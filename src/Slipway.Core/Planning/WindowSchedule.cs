using System.Globalization;

namespace Slipway.Core.Planning;

/// <summary>
/// When exposure may grow. A moment is open when it lies in a window (or there are none), in no peak hour and in no freeze. A weekly span
/// holds whenever the wall clock of its zone shows a time inside it, start inclusive, end exclusive: an hour that daylight saving skips
/// never comes, and one that it doubles comes twice. Never applies to a rollback. Pure: time is a parameter.
/// </summary>
public sealed class WindowSchedule
{
    private const int SearchDays = 366;

    private readonly IReadOnlyList<ZonedWindow> _windows;
    private readonly IReadOnlyList<ZonedWindow> _peakHours;
    private readonly IReadOnlyList<FreezeSpan> _freezes;

    /// <summary>Makes a schedule. Throws <see cref="TimeZoneNotFoundException"/> when this machine does not know a span's zone.</summary>
    /// <param name="windows">Hours in which exposure may grow; empty: any time.</param>
    /// <param name="peakHours">Hours in which it may not.</param>
    /// <param name="freezes">Spans of dates in which it may not.</param>
    public WindowSchedule(IReadOnlyList<ChangeWindow> windows, IReadOnlyList<ChangeWindow> peakHours, IReadOnlyList<FreezeSpan> freezes)
    {
        _windows = [.. windows.Select(window => new ZonedWindow(window))];
        _peakHours = [.. peakHours.Select(window => new ZonedWindow(window))];
        _freezes = freezes;
    }

    /// <summary>The schedule of a request's operations section.</summary>
    public static WindowSchedule Of(Requests.OperationsSpec operations) =>
        new(operations.Windows, operations.PeakHours, operations.Freezes);

    /// <summary>Whether exposure may grow at a moment.</summary>
    public bool IsOpen(DateTimeOffset at) => Obstacle(at) is null;

    /// <summary>Why exposure may or may not grow at a moment, as one sentence.</summary>
    public string Why(DateTimeOffset at)
    {
        if (Obstacle(at) is { } obstacle)
            return $"closed: {obstacle}";
        return _windows.FirstOrDefault(window => window.Contains(at)) is { } open
            ? $"open: inside {ChangeWindowText.Format(open.Window)}"
            : "open: no change windows are set";
    }

    /// <summary>
    /// The first moment at or after <paramref name="at"/> that is open, in UTC; <paramref name="at"/> itself when it is open. Null when
    /// there is none within 366 days.
    /// </summary>
    public DateTimeOffset? NextOpening(DateTimeOffset at)
    {
        if (IsOpen(at))
            return at.ToUniversalTime();
        var end = at.AddDays(SearchDays);
        // The state changes only at edges of spans and freezes, and where a zone's clock is set: it is enough to look there, day by day.
        for (var from = at; from < end; from = from.AddDays(1))
        {
            var to = from.AddDays(1) < end ? from.AddDays(1) : end;
            var opening = Edges(from, to).Where(edge => edge > from && edge <= to).Order().Cast<DateTimeOffset?>().FirstOrDefault(edge => IsOpen(edge!.Value));
            if (opening is not null)
                return opening;
        }

        return null;
    }

    private IEnumerable<DateTimeOffset> Edges(DateTimeOffset from, DateTimeOffset to) =>
        _windows.SelectMany(window => window.Edges(window.Window.From, from, to))
            .Concat(_peakHours.SelectMany(peak => peak.Edges(peak.Window.To, from, to)))
            .Concat(_freezes.Select(freeze => freeze.To.ToUniversalTime()))
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
        return _windows.Count == 0 || _windows.Any(window => window.Contains(at))
            ? null
            : $"outside {string.Join(" and ", _windows.Select(window => ChangeWindowText.Format(window.Window)))}";
    }
}
