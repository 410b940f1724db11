using Slipway.Core.Releases;

namespace Slipway.Core.Requests;

/// <summary>The request's <c>tolerance</c> section: how much may be exposed at first, and for how long.</summary>
public sealed record ToleranceSpec
{
    /// <summary>The largest share that the first exposing stage may have, above 0 % and at most 100 %.</summary>
    public required Percentage Canary { get; init; }

    /// <summary>How long that stage lasts; null: as the risk and the complexity say.</summary>
    public TimeSpan? For { get; init; }

    /// <summary>What the share is a share of. Default: users.</summary>
    public ToleranceBasis Basis { get; init; } = ToleranceBasis.Users;
}

/// <summary>What a tolerated share is a share of.</summary>
public enum ToleranceBasis
{
    /// <summary>Users: one who met the new version stays among them.</summary>
    Users,

    /// <summary>Requests, whoever sends them.</summary>
    Requests,
}
