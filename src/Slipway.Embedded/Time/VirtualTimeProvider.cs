namespace Slipway.Embedded.Time;

/// <summary>
/// A clock that stands still until it is told to go on. Timers made from it (also those of <c>Task.Delay</c>, <c>PeriodicTimer</c> and
/// cancellation sources) fire inside of <see cref="AdvanceTo"/>, in the order of their due times, those due at the same time in the order
/// in which they were set. Safe for concurrent use.
/// </summary>
public sealed class VirtualTimeProvider : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly SortedSet<VirtualTimer> _timers = new(VirtualTimer.ByDueTime);
    private readonly DateTimeOffset _start;
    private DateTimeOffset _now;
    private long _order;

    /// <summary>Makes a clock that shows <paramref name="start"/>.</summary>
    public VirtualTimeProvider(DateTimeOffset start) => _start = _now = start.ToUniversalTime();

    /// <summary>When the next timer is due; null when none is set. It may be now, never before.</summary>
    public DateTimeOffset? NextTimerDue
    {
        get
        {
            lock (_gate)
                return _timers.Min?.Due;
        }
    }

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return _now;
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => (GetUtcNow() - _start).Ticks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new VirtualTimer(this, callback, state);
        Set(timer, dueTime, period);
        return timer;
    }

    /// <summary>
    /// Moves the clock to <paramref name="time"/> and fires every timer that is due on the way, each with the clock at its due time; the
    /// callbacks run on the calling thread. Throws <see cref="ArgumentOutOfRangeException"/> when that is before now.
    /// </summary>
    public void AdvanceTo(DateTimeOffset time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, GetUtcNow());
        while (TakeDue(time) is { } timer)
            timer.Fire();
        lock (_gate)
            _now = time > _now ? time.ToUniversalTime() : _now;
    }

    /// <summary>Moves the clock on by <paramref name="time"/>, 0 or more, as <see cref="AdvanceTo"/> does.</summary>
    public void Advance(TimeSpan time) => AdvanceTo(GetUtcNow() + time);

    internal bool Set(VirtualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            if (timer.Disposed)
                return false;
            Remove(timer);
            timer.Period = period;
            if (dueTime >= TimeSpan.Zero)
                Add(timer, _now + dueTime);
            return true;
        }
    }

    internal void Dispose(VirtualTimer timer)
    {
        lock (_gate)
        {
            timer.Disposed = true;
            Remove(timer);
        }
    }

    private VirtualTimer? TakeDue(DateTimeOffset time)
    {
        lock (_gate)
        {
            if (_timers.Min is not { } timer || timer.Due > time)
                return null;
            Remove(timer);
            _now = timer.Due > _now ? timer.Due : _now;
            if (timer.Period > TimeSpan.Zero)
                Add(timer, timer.Due + timer.Period);
            return timer;
        }
    }

    private void Add(VirtualTimer timer, DateTimeOffset due)
    {
        timer.Due = due;
        timer.Order = _order++;
        _timers.Add(timer);
        timer.Owner?.Set();
    }

    private void Remove(VirtualTimer timer)
    {
        if (_timers.Remove(timer))
            timer.Owner?.Unset();
    }
}
