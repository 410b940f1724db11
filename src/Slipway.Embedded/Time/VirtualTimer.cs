namespace Slipway.Embedded.Time;

/// <summary>A timer of a <see cref="VirtualTimeProvider"/>, which guards all of its state.</summary>
internal sealed class VirtualTimer(VirtualTimeProvider provider, TimerCallback callback, object? state) : ITimer
{
    public static IComparer<VirtualTimer> ByDueTime { get; } = Comparer<VirtualTimer>.Create(
        (one, other) => one.Due != other.Due ? one.Due.CompareTo(other.Due) : one.Order.CompareTo(other.Order));

    public DateTimeOffset Due { get; set; }

    public long Order { get; set; }

    public TimeSpan Period { get; set; }

    public bool Disposed { get; set; }

    /// <summary>The activity that made it; null when it was made elsewhere.</summary>
    public TimerOwner? Owner { get; } = TimerOwner.Current;

    public void Fire() => callback(state);

    public bool Change(TimeSpan dueTime, TimeSpan period) => provider.Set(this, dueTime, period);

    public void Dispose() => provider.Dispose(this);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Counts the virtual timers that wait in the name of one activity, found through its asynchronous flow.</summary>
internal sealed class TimerOwner
{
    private static readonly AsyncLocal<TimerOwner?> Flow = new();
    private int _timers;

    /// <summary>The owner in the present asynchronous flow.</summary>
    public static TimerOwner? Current
    {
        get => Flow.Value;
        set => Flow.Value = value;
    }

    /// <summary>Whether at least one timer waits.</summary>
    public bool HasTimer => Volatile.Read(ref _timers) > 0;

    public void Set() => Interlocked.Increment(ref _timers);

    public void Unset() => Interlocked.Decrement(ref _timers);
}
