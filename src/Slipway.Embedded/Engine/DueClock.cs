using Slipway.Embedded.Time;

namespace Slipway.Embedded.Engine;

/// <summary>Everything that falls due, and the one timer that wakes the loop for the next of it.</summary>
internal sealed class DueClock : IDisposable
{
    // A clock that was set forward, or a machine that slept, delays a timer by this much at most.
    private static readonly TimeSpan LongestRealWait = TimeSpan.FromSeconds(30);

    private readonly DueQueue _queue = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long? _armedFor;

    public DueClock(TimeProvider time, Action wake)
    {
        _time = time;
        _timer = time.CreateTimer(_ => wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Now, in UTC ticks.</summary>
    public long Now => _time.GetUtcNow().UtcTicks;

    public void Add(DueItem item, long due) => _queue.Add(item, due);

    public void Remove(DueItem item) => _queue.Remove(item);

    public bool TryTake(out DueItem item) => _queue.TryTake(Now, out item);

    /// <summary>The timer fired and must be set again.</summary>
    public void Fired() => _armedFor = null;

    /// <summary>Sets the timer for whatever is next.</summary>
    public void Arm()
    {
        if (_queue.Next == _armedFor)
            return;
        _armedFor = _queue.Next;
        if (_armedFor is not { } next)
        {
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }

        var wait = TimeSpan.FromTicks(Math.Max(0, next - Now));
        if (_time is not VirtualTimeProvider)
            wait = TimeSpan.FromMilliseconds(Math.Clamp(Math.Ceiling(wait.TotalMilliseconds), 1, LongestRealWait.TotalMilliseconds));
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();
}
