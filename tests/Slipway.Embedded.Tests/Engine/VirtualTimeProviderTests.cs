using Slipway.Embedded.Time;

namespace Slipway.Embedded.Tests.Engine;

public sealed class VirtualTimeProviderTests
{
    private static readonly DateTimeOffset Start = EngineHarness.Start;

    private readonly VirtualTimeProvider _time = new(Start);

    [Fact]
    public void AdvanceTo_FiresDueTimersInOrderEachAtItsOwnTime()
    {
        var fired = new List<string>();
        void Log(object? name) => fired.Add($"{name}@{(_time.GetUtcNow() - Start).TotalSeconds}");
        using var late = _time.CreateTimer(Log, "late", TimeSpan.FromSeconds(9), Timeout.InfiniteTimeSpan);
        using var early = _time.CreateTimer(Log, "early", TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan);
        using var beat = _time.CreateTimer(Log, "beat", TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3));
        using var never = _time.CreateTimer(Log, "never", Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var disposed = _time.CreateTimer(Log, "disposed", TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        disposed.Dispose();
        Assert.False(disposed.Change(TimeSpan.Zero, TimeSpan.Zero));
        Assert.Equal(Start.AddSeconds(2), _time.NextTimerDue);
        _time.AdvanceTo(Start.AddSeconds(10));
        Assert.Equal(["early@2", "beat@3", "beat@6", "late@9", "beat@9"], fired);
        Assert.Equal(Start.AddSeconds(10), _time.GetUtcNow());
        Assert.Equal(TimeSpan.FromSeconds(10), _time.GetElapsedTime(0));
        Assert.Equal(Start.AddSeconds(12), _time.NextTimerDue);
    }

    [Fact]
    public void AdvanceTo_Backwards_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _time.AdvanceTo(Start.AddSeconds(-1)));

    [Fact]
    public async Task TaskDelay_CompletesWhenTheClockReachesIt()
    {
        var delay = Task.Delay(TimeSpan.FromMinutes(1), _time);
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(delay.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        await delay;
        Assert.Null(_time.NextTimerDue);
    }
}
