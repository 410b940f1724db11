using Slipway.Core.Requests;

namespace Slipway.Core.Reporting.Contract;

/// <summary>The stages and the exposure.</summary>
/// <param name="Stages">The planned stages.</param>
/// <param name="CurrentPercentage">Exposure as last read back, percent.</param>
/// <param name="UsersAffected">Users who are exposed now.</param>
/// <param name="RolloutVelocity">How fast it goes, from the risk.</param>
public sealed record ProgressiveRollout(
    IReadOnlyList<StageReport> Stages,
    double CurrentPercentage,
    long UsersAffected,
    RolloutVelocity RolloutVelocity);

/// <summary>One stage.</summary>
/// <param name="Percentage">Its exposure, percent.</param>
/// <param name="DurationMinutes">Its planned bake.</param>
/// <param name="Regions">Its regions.</param>
/// <param name="Status">How it stands.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="HealthStatus">What its evidence said; healthy by convention before it began.</param>
public sealed record StageReport(
    double Percentage,
    double DurationMinutes,
    IReadOnlyList<string> Regions,
    ReportStageStatus Status,
    DateTimeOffset StartedAt,
    HealthStatus HealthStatus);

/// <summary>How a stage stands.</summary>
public enum ReportStageStatus
{
    /// <summary>Not begun.</summary>
    Pending,

    /// <summary>Under way.</summary>
    Active,

    /// <summary>Promoted.</summary>
    Completed,

    /// <summary>Taken back.</summary>
    RolledBack,
}

/// <summary>How something feels.</summary>
public enum HealthStatus
{
    /// <summary>Good.</summary>
    Healthy,

    /// <summary>Not clearly good, or not known.</summary>
    Degraded,

    /// <summary>Bad.</summary>
    Unhealthy,
}

/// <summary>How fast a rollout goes.</summary>
public enum RolloutVelocity
{
    /// <summary>High or critical risk.</summary>
    Slow,

    /// <summary>Medium risk.</summary>
    Normal,

    /// <summary>Low risk.</summary>
    Fast,
}

/// <summary>One flag as read back.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What it is for.</param>
/// <param name="Status">Off, partial or full.</param>
/// <param name="Percentage">Its exposure, percent.</param>
/// <param name="Targeting">Its audience.</param>
/// <param name="KillSwitch">Whether turning it off was proven to work.</param>
public sealed record FeatureFlag(
    string Name,
    FlagType Type,
    FlagExposure Status,
    double Percentage,
    FlagTargeting Targeting,
    bool KillSwitch);

/// <summary>A flag's audience.</summary>
/// <param name="Rules">Filters.</param>
/// <param name="Segments">Groups.</param>
/// <param name="Overrides">Users.</param>
public sealed record FlagTargeting(IReadOnlyList<string> Rules, IReadOnlyList<string> Segments, IReadOnlyList<string> Overrides);

/// <summary>How far a flag is open.</summary>
public enum FlagExposure
{
    /// <summary>0 %.</summary>
    Off,

    /// <summary>In between.</summary>
    Partial,

    /// <summary>100 %.</summary>
    Full,
}
