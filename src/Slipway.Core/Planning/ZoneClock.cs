namespace Slipway.Core.Planning;

/// <summary>The wall clock of a zone. Throws <see cref="TimeZoneNotFoundException"/> when this machine does not know the zone.</summary>
internal sealed class ZoneClock(string zone)
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly TimeZoneInfo _zone = zone == "UTC" ? TimeZoneInfo.Utc : TimeZoneInfo.FindSystemTimeZoneById(zone);

    /// <summary>A moment with the zone's offset.</summary>
    public DateTimeOffset At(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, _zone);

    /// <summary>What the wall clock shows.</summary>
    public DateTime Local(DateTimeOffset at) => At(at).DateTime;

    /// <summary>
    /// The moments, in UTC and at most a day outside the bounds, at which the wall clock shows <paramref name="time"/>, and those at which
    /// the clock itself is set.
    /// </summary>
    public IEnumerable<DateTimeOffset> Edges(TimeSpan time, DateTimeOffset from, DateTimeOffset to)
    {
        var last = Local(to).Date;
        for (var date = Local(from).Date; date <= last; date = date.AddDays(1))
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
