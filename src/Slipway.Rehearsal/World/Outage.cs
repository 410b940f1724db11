using Slipway.Embedded.Faults;

namespace Slipway.Rehearsal.World;

/// <summary>When an outage begins.</summary>
public enum OutageStart
{
    /// <summary>With the first of its calls once the scenario's stage is shifted to.</summary>
    Shift,

    /// <summary>Once users have the new version.</summary>
    Exposure,

    /// <summary>Once the way back was decided.</summary>
    Rollback,
}

/// <summary>Something outside does not answer.</summary>
/// <param name="Operations">Which calls, by <see cref="FaultOperations"/>.</param>
/// <param name="Start">From when.</param>
/// <param name="For">For how long, counted from the first call that meets it; null: for good.</param>
/// <param name="UntilOver">Whether it ends half an hour after the release came to its end, whatever <paramref name="For"/> says.</param>
public sealed record Outage(IReadOnlyList<string> Operations, OutageStart Start, TimeSpan? For, bool UntilOver = false)
{
    private static readonly TimeSpan Afterwards = TimeSpan.FromMinutes(30);

    /// <summary>The rules of one run.</summary>
    /// <param name="begun">Whether the moment of a start has come.</param>
    /// <param name="over">When the release was taken back or reached everybody; null: not yet.</param>
    internal IEnumerable<FaultRule> Rules(Func<OutageStart, bool> begun, Func<DateTimeOffset?> over)
    {
        DateTimeOffset? first = null;
        return Operations.Select(operation => FaultRule.Unavailable(operation, call =>
        {
            if (!begun(Start)) return false;
            first ??= call.At;
            if (UntilOver) return over() is not { } end || call.At < end + Afterwards;
            return For is not { } length || call.At < first + length;
        })).ToList();
    }
}
