namespace Slipway.Azure.Tests.Storage;

/// <summary>A clock that is a second further at each look, so that what was kept later has a later time.</summary>
internal sealed class TickingClock(DateTimeOffset start) : TimeProvider
{
    private long _looks;

    public override DateTimeOffset GetUtcNow() => start.AddSeconds(Interlocked.Increment(ref _looks));
}
