using System.Collections.Immutable;
using Slipway.Core.Aftercare;

namespace Slipway.Core.Ledgers;

/// <summary>Somebody looks after the release now that it is over. Changes nothing about how it ended.</summary>
/// <param name="Steps">The moments that will come.</param>
public sealed record AftercareBegun(IReadOnlyList<AftercareStep> Steps) : LedgerBody;

/// <summary>A moment came; what is due then is due from now on.</summary>
/// <param name="Step">Which.</param>
/// <param name="Told">Whether people are told: no when the next moment is there as well, because no server ran in between.</param>
public sealed record AftercareReached(AftercareStep Step, bool Told) : LedgerBody;

/// <summary>Nothing more comes by itself.</summary>
/// <param name="Reason">Why, in one sentence.</param>
public sealed record AftercareEnded(string Reason) : LedgerBody;

/// <summary>Where aftercare stands.</summary>
/// <param name="BegunAt">When it began.</param>
/// <param name="Reached">The moments that came, in order.</param>
/// <param name="EndedAt">When it ended; null while it goes on.</param>
public sealed record AftercareState(DateTimeOffset BegunAt, ImmutableList<AftercareStep> Reached, DateTimeOffset? EndedAt);

/// <summary>What aftercare changes in the state: only itself.</summary>
internal static class AftercareFold
{
    public static ReleaseState Begin(ReleaseState state, DateTimeOffset at) =>
        state.IsTerminal ? state with { Aftercare = state.Aftercare ?? new AftercareState(at, [], null) } : state;

    public static ReleaseState Reach(ReleaseState state, AftercareReached reached) => state.Aftercare is { } care && !care.Reached.Contains(reached.Step)
        ? state with { Aftercare = care with { Reached = care.Reached.Add(reached.Step) } }
        : state;

    public static ReleaseState End(ReleaseState state, DateTimeOffset at) => state.Aftercare is { } care
        ? state with { Aftercare = care with { EndedAt = care.EndedAt ?? at } }
        : state;
}
