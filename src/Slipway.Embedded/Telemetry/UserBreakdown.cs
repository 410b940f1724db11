namespace Slipway.Embedded.Telemetry;

/// <summary>A row's requests by user, reduced to what is kept: no id, and no single user's counts.</summary>
internal sealed record UserBreakdown
{
    /// <summary>The users with at least one request.</summary>
    public required IReadOnlyList<ulong> Users { get; init; }

    /// <summary>Those with at least one failed request.</summary>
    public required IReadOnlyList<ulong> FailedUsers { get; init; }

    /// <summary>Failed requests of known users.</summary>
    public required long Errors { get; init; }

    /// <summary>The counts by position in the flag's rollout; null without a flag.</summary>
    public required IReadOnlyList<PositionCounts>? Positions { get; init; }
}
