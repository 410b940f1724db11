using System.Globalization;

namespace Slipway.Core.Planning;

/// <summary>A freeze of every release of the server: while it is in force no exposure grows. It never stands in the way of a rollback.</summary>
/// <param name="Id">Chosen by who raises it; raising the same one again changes nothing.</param>
/// <param name="By">The authenticated operator who raised it.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When it was raised.</param>
/// <param name="Until">When it ends by itself; null: when somebody lifts it.</param>
/// <param name="Lifted">Who lifted it; null: nobody.</param>
public sealed record FleetFreeze(string Id, string By, string Reason, DateTimeOffset At, DateTimeOffset? Until, FreezeLift? Lifted)
{
    /// <summary>Whether it stands against an increase at a moment: from when it is there until its end or lift, the end exclusive.</summary>
    public bool IsInForce(DateTimeOffset at) => Lifted is null && (Until is not { } until || at < until);

    /// <summary>Freezes in one sentence, for whoever asks why nothing moves.</summary>
    public static string Sentence(IReadOnlyList<FleetFreeze> freezes) => string.Join("; ", freezes.Select(freeze => freeze.Until is { } until
        ? string.Create(CultureInfo.InvariantCulture, $"frozen by {freeze.By} until {until.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z: {freeze.Reason}")
        : $"frozen by {freeze.By} until it is lifted: {freeze.Reason}"));

    /// <summary>When the last of them ends by itself; null when one has to be lifted.</summary>
    public static DateTimeOffset? EndOf(IReadOnlyList<FleetFreeze> freezes) => freezes.Any(freeze => freeze.Until is null) ? null : freezes.Max(freeze => freeze.Until);
}

/// <summary>The end of a freeze by a person.</summary>
/// <param name="By">The authenticated operator.</param>
/// <param name="Reason">Why; may be empty.</param>
/// <param name="At">When.</param>
public sealed record FreezeLift(string By, string Reason, DateTimeOffset At);
