namespace Slipway.Core.Planning;

/// <summary>A weekly span on the wall clock of its zone.</summary>
internal sealed class ZonedWindow
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly TimeZoneInfo _zone;
    private readonly HashSet<DayOfWeek> _days;

    public ZonedWindow(ChangeWindow window)
    {
        Window = window;
        _zone = window.Zone == "UTC" ? TimeZoneInfo.Utc : TimeZoneInfo.FindSystemTimeZoneById(window.Zone);
        _days = [.. window.Days];
    }

    public ChangeWindow Window { get; }

    public bool Contains(DateTimeOffset at)
    {
        var local = TimeZoneInfo.ConvertTime(at, _zone).DateTime;
        var time = local.TimeOfDay;
        if (Window.To > Window.From)
            return _days.Contains(local.DayOfWeek) && Window.From <= time && time < Window.To;
        return (_days.Contains(local.DayOfWeek) && time >= Window.From) || (_days.Contains(local.AddDays(-1).DayOfWeek) && time < Window.To);
    }

    /// <summary>
    /// The moments, in UTC and at most a day outside the bounds, at which the wall clock shows <paramref name="time"/>, and those at which
    /// the clock itself is set.
    /// </summary>
    public IEnumerable<DateTimeOffset> Edges(TimeSpan time, DateTimeOffset from, DateTimeOffset to)
    {
        var last = TimeZoneInfo.ConvertTime(to, _zone).Date;
        for (var date = TimeZoneInfo.ConvertTime(from, _zone).Date; date <= last; date = date.AddDays(1))
        {
            foreach (var moment in Moments(date + (time == Day ? TimeSpan.Zero : time)))
                yield return moment;
        }

        if (_zone.GetUtcOffset(from) != _zone.GetUtcOffset(to))
            yield return ClockSet(from, to);
    }

    /// <summary>When the wall clock shows a time: once, twice in a doubled hour, never in a skipped one.</summary>
    private IEnumerable<DateTimeOffset> Moments(DateTime local)
    {
        if (_zone.IsInvalidTime(local))
            return [];
        return _zone.IsAmbiguousTime(local)
            ? _zone.GetAmbiguousTimeOffsets(local).Select(offset => new DateTimeOffset(local, offset).ToUniversalTime())
            : [new DateTimeOffset(local, _zone.GetUtcOffset(local)).ToUniversalTime()];
    }

    private DateTimeOffset ClockSet(DateTimeOffset from, DateTimeOffset to)
    {
        var (before, after) = (from.UtcTicks, to.UtcTicks);
        var old = _zone.GetUtcOffset(from);
        while (after - before > 1)
        {
            var middle = before + ((after - before) / 2);
            if (_zone.GetUtcOffset(new DateTimeOffset(middle, TimeSpan.Zero)) == old)
                before = middle;
            else
                after = middle;
        }

        return new DateTimeOffset(after, TimeSpan.Zero);
    }
}
