namespace Slipway.Core.Planning;

/// <summary>A weekly span on the wall clock of its zone.</summary>
internal sealed class ZonedWindow(ChangeWindow window)
{
    private readonly ZoneClock _clock = new(window.Zone);
    private readonly HashSet<DayOfWeek> _days = [.. window.Days];

    public ChangeWindow Window { get; } = window;

    public bool Contains(DateTimeOffset at)
    {
        var local = _clock.Local(at);
        var time = local.TimeOfDay;
        if (Window.To > Window.From)
            return _days.Contains(local.DayOfWeek) && Window.From <= time && time < Window.To;
        return (_days.Contains(local.DayOfWeek) && time >= Window.From) || (_days.Contains(local.AddDays(-1).DayOfWeek) && time < Window.To);
    }

    /// <summary>See <see cref="ZoneClock.Edges"/>.</summary>
    public IEnumerable<DateTimeOffset> Edges(TimeSpan time, DateTimeOffset from, DateTimeOffset to) => _clock.Edges(time, from, to);
}
