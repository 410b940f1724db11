namespace Slipway.Workflow.Tests.Fakes;

/// <summary>Timers that are due when a test says so.</summary>
internal sealed class HeldTimers : TimeProvider
{
    private readonly List<(TimerCallback Callback, object? State, TimeSpan Due)> _timers = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _timers.Add((callback, state, dueTime));
        return new Held();
    }

    /// <summary>Lets time go by for every timer that was set to so long.</summary>
    public void Fire(TimeSpan due)
    {
        foreach (var (callback, state, _) in _timers.Where(timer => timer.Due == due).ToList()) callback(state);
    }

    private sealed class Held : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
