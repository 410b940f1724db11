namespace Slipway.Embedded.Time;

/// <summary>
/// A clock that never goes back. Where the machine's clock is set back, what waits for a time would stand still until that time comes again, with
/// users exposed and nobody judging; this one goes on at the pace of the machine's timer instead. A step back of up to <see cref="Patience"/> is waited
/// out, so that corrections of a good clock never add up. Where the machine's clock is ahead, it is right. Safe for concurrent use.
/// </summary>
/// <param name="machine">The clock of the machine, with timers and time stamps that do not depend on what it is set to.</param>
public sealed class SteadyTimeProvider(TimeProvider machine) : TimeProvider
{
    /// <summary>How long time may stand still until the machine's clock is there again.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private DateTimeOffset _last = machine.GetUtcNow();
    private long _stamp = machine.GetTimestamp();

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => machine.LocalTimeZone;

    /// <inheritdoc/>
    public override long TimestampFrequency => machine.TimestampFrequency;

    /// <summary>Now: never before what an earlier call returned.</summary>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            var (set, stamp) = (machine.GetUtcNow(), machine.GetTimestamp());
            if (set >= _last) _last = set;
            else if (_last - set > Patience) _last += machine.GetElapsedTime(_stamp, stamp);
            _stamp = stamp;
            return _last;
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => machine.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        machine.CreateTimer(callback, state, dueTime, period);
}
