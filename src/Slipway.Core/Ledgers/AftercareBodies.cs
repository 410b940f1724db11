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

/// <summary>What a look at the metrics of everybody found after users were taken back.</summary>
public enum LookStatus
{
    /// <summary>Within every limit that rolls back.</summary>
    Good,

    /// <summary>A limit is crossed.</summary>
    Bad,

    /// <summary>Telemetry did not answer, or showed no request: nothing is said.</summary>
    Blind,
}

/// <summary>The metrics of everybody were looked at after users were taken back.</summary>
/// <param name="From">Start of the first interval that was looked at.</param>
/// <param name="To">End of the last one, exclusive.</param>
/// <param name="Status">What was found.</param>
/// <param name="Sentence">With the numbers.</param>
public sealed record AftercareLooked(DateTimeOffset From, DateTimeOffset To, LookStatus Status, string Sentence) : LedgerBody;

/// <summary>The error rate of everybody was measured half an hour after a release had completed.</summary>
/// <param name="From">Start of the first interval that was measured.</param>
/// <param name="To">End of the last one, exclusive.</param>
/// <param name="Status">Good: below the limit; bad: at it or above; blind: nothing was seen.</param>
/// <param name="Sentence">With the numbers.</param>
public sealed record CompletionChecked(DateTimeOffset From, DateTimeOffset To, LookStatus Status, string Sentence) : LedgerBody;

/// <summary>The deployment manifest was offered to the release ticket; the first time it was not accepted, and the last time in any case.</summary>
/// <param name="Url">The ticket's webhook.</param>
/// <param name="Sha256">Of the manifest's UTF-8 bytes, as 64 lower-case hexadecimal digits; empty: it could not be made.</param>
/// <param name="Accepted">Whether the ticket took it.</param>
/// <param name="Details">What was answered.</param>
public sealed record ManifestPosted(Uri Url, string Sha256, bool Accepted, string Details) : LedgerBody;

/// <summary>People were reminded of what nobody has ticked off.</summary>
/// <param name="Tasks">The open tasks' words.</param>
public sealed record AftercareReminded(IReadOnlyList<string> Tasks) : LedgerBody;

/// <summary>Nothing more comes by itself.</summary>
/// <param name="Reason">Why, in one sentence.</param>
public sealed record AftercareEnded(string Reason) : LedgerBody;

/// <summary>Where aftercare stands.</summary>
/// <param name="BegunAt">When it began.</param>
/// <param name="Reached">The moments that came, in order.</param>
/// <param name="EndedAt">When it ended; null while it goes on.</param>
public sealed record AftercareState(DateTimeOffset BegunAt, ImmutableList<AftercareStep> Reached, DateTimeOffset? EndedAt)
{
    /// <summary>The newest look at the metrics after users were taken back; null before the first.</summary>
    public AftercareLooked? LastLook { get; init; }

    /// <summary>What was measured half an hour after completion; null before.</summary>
    public CompletionChecked? Completion { get; init; }

    /// <summary>How the manifest fared with the ticket; null: it was not offered.</summary>
    public ManifestPosted? Manifest { get; init; }
}

/// <summary>What aftercare changes in the state: only itself.</summary>
internal static class AftercareFold
{
    public static ReleaseState Begin(ReleaseState state, DateTimeOffset at) =>
        state.IsTerminal ? state with { Aftercare = state.Aftercare ?? new AftercareState(at, [], null) } : state;

    public static ReleaseState Reach(ReleaseState state, AftercareReached reached) => state.Aftercare is { } care && !care.Reached.Contains(reached.Step)
        ? state with { Aftercare = care with { Reached = care.Reached.Add(reached.Step) } }
        : state;

    public static ReleaseState Look(ReleaseState state, AftercareLooked look) => state.Aftercare is { } care
        ? state with { Aftercare = care with { LastLook = look with { Sentence = AuditTrail.Cut(look.Sentence) } } }
        : state;

    public static ReleaseState Complete(ReleaseState state, CompletionChecked check) => state.Aftercare is { } care
        ? state with { Aftercare = care with { Completion = care.Completion ?? check with { Sentence = AuditTrail.Cut(check.Sentence) } } }
        : state;

    public static ReleaseState Post(ReleaseState state, ManifestPosted posted) => state.Aftercare is { } care
        ? state with { Aftercare = care with { Manifest = care.Manifest is { Accepted: true } ? care.Manifest : posted with { Details = AuditTrail.Cut(posted.Details) } } }
        : state;

    public static ReleaseState End(ReleaseState state, DateTimeOffset at) => state.Aftercare is { } care
        ? state with { Aftercare = care with { EndedAt = care.EndedAt ?? at } }
        : state;
}
