namespace Slipway.Core.Decisions;

/// <summary>What can go wrong, as the decision matrix tells it apart.</summary>
public enum MatrixRow
{
    /// <summary>Too many failed requests.</summary>
    ErrorRate,

    /// <summary>The 95th percentile is too slow.</summary>
    LatencyP95,

    /// <summary>Too few successful requests.</summary>
    SuccessRate,

    /// <summary>Somebody reported a security incident.</summary>
    SecurityIncident,

    /// <summary>Somebody reported a complete outage.</summary>
    Outage,

    /// <summary>Somebody reported that data was lost or corrupted.</summary>
    DataLoss,

    /// <summary>Users complain.</summary>
    Complaints,

    /// <summary>Several warnings in a short time.</summary>
    Warnings,

    /// <summary>Somebody reported a critical incident that is none of the above.</summary>
    CriticalAlert,

    /// <summary>Telemetry stays away for longer than allowed.</summary>
    MetricsMissing,

    /// <summary>A critical smoke check failed with users exposed.</summary>
    SmokeFailed,

    /// <summary>Something beside the release is impaired, for example mail.</summary>
    Moderate,
}

/// <summary>The stages of the decision matrix, by exposure.</summary>
public enum CanonicalStage
{
    /// <summary>Stages 1 and 2: nobody is exposed.</summary>
    Integration,

    /// <summary>Stage 3: above 0 % and below 50 %.</summary>
    Canary,

    /// <summary>Stage 4: 50 % and more, below 100 %.</summary>
    Partial,

    /// <summary>Stage 5: 100 % for at most 24 hours.</summary>
    Full,

    /// <summary>100 % for more than 24 hours.</summary>
    After,
}

/// <summary>What happens in one cell of the matrix.</summary>
public enum MatrixResponse
{
    /// <summary>It is recorded.</summary>
    None,

    /// <summary>People are told; the release goes on.</summary>
    Alert,

    /// <summary>The release is held; a person decides when to go on.</summary>
    Hold,

    /// <summary>The release is held, and goes back when that lasts.</summary>
    HoldThenRollback,

    /// <summary>The release is held and people are asked for their verdict until a deadline.</summary>
    Evaluate,

    /// <summary>The release goes back at once.</summary>
    Immediate,
}

/// <summary>One cell: what happens, and how long the signal must have lasted before it does.</summary>
/// <param name="Response">What happens.</param>
/// <param name="Sustained">The signal must have lasted longer than this; zero: at once.</param>
/// <param name="AtLeast">Whether it suffices that it has lasted exactly so long.</param>
public readonly record struct MatrixCell(MatrixResponse Response, TimeSpan Sustained = default, bool AtLeast = false);
