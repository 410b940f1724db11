using Slipway.Core.Ledgers;

namespace Slipway.Core.Aftercare;

/// <summary>
/// When the metrics are looked at once a release was taken back: for a day, each half hour; in the first hour behind another version that was
/// deployed (level 3) each five minutes. Pure.
/// </summary>
public static class RollbackWatch
{
    /// <summary>How long.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromHours(24);

    /// <summary>How long it is looked closely, behind level 3.</summary>
    public static readonly TimeSpan CloseLength = TimeSpan.FromHours(1);

    /// <summary>Between two looks.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(30);

    /// <summary>Between two close looks.</summary>
    public static readonly TimeSpan ClosePeriod = TimeSpan.FromMinutes(5);

    /// <summary>How many intervals of telemetry a look takes in.</summary>
    public const int Intervals = 5;

    /// <summary>Whether a release is watched after its end: users were taken back.</summary>
    public static bool Applies(ReleaseState state) => state is { IsTerminal: true, ExposureBegun: true, Rollback: not null, EndedAt: not null };

    /// <summary>Whether the first hour is watched closely.</summary>
    public static bool IsClose(ReleaseState state) => state.Rollback?.Levels.Any(level => level.Result.Level == 3) == true;

    /// <summary>The next moment to look, above <paramref name="after"/>; null when the day is over. Moments that passed unseen are left out.</summary>
    /// <param name="end">When the release ended.</param>
    /// <param name="close">Whether the first hour is watched closely.</param>
    /// <param name="after">The last look, or now.</param>
    public static DateTimeOffset? Next(DateTimeOffset end, bool close, DateTimeOffset after)
    {
        var since = after < end ? TimeSpan.Zero : after - end;
        var period = close && since < CloseLength ? ClosePeriod : Period;
        var next = period * (Math.Floor(since / period) + 1);
        return next <= Length ? end + next : null;
    }
}
