using Slipway.Core.Requests;

namespace Slipway.Core.Reporting.Contract;

/// <summary>What was planned.</summary>
/// <param name="Strategy">How exposure is moved.</param>
/// <param name="Environments">Each environment and region.</param>
/// <param name="Timeline">Start and durations.</param>
/// <param name="RollbackTriggers">What is watched; never empty.</param>
public sealed record DeploymentPlan(
    ReportStrategy Strategy,
    IReadOnlyList<EnvironmentReport> Environments,
    TimelineReport Timeline,
    IReadOnlyList<RollbackTrigger> RollbackTriggers);

/// <summary>The contract's strategies; a shadow release is reported as <see cref="Canary"/>.</summary>
public enum ReportStrategy
{
    /// <summary>Two environments and a swap.</summary>
    BlueGreen,

    /// <summary>A growing share of users.</summary>
    Canary,

    /// <summary>Region by region.</summary>
    Rolling,

    /// <summary>Dark launch.</summary>
    FeatureFlag,
}

/// <summary>One environment in one region.</summary>
/// <param name="Name">The environment.</param>
/// <param name="Region">The region.</param>
/// <param name="Order">Its position, 1 first.</param>
/// <param name="Status">How it stands.</param>
public sealed record EnvironmentReport(EnvironmentName Name, string Region, int Order, EnvironmentStatus Status);

/// <summary>How an environment stands.</summary>
public enum EnvironmentStatus
{
    /// <summary>Untouched.</summary>
    Pending,

    /// <summary>Some users are exposed.</summary>
    Deploying,

    /// <summary>Done.</summary>
    Deployed,

    /// <summary>Rolled back, or not recovered.</summary>
    Failed,
}

/// <summary>Start and durations.</summary>
/// <param name="Start">Actual start, or the planned one before it.</param>
/// <param name="CanaryDurationMinutes">Bake of the first stage.</param>
/// <param name="RolloutDurationMinutes">Bakes between the first and the last stage.</param>
/// <param name="ValidationDurationMinutes">Bake of the last stage.</param>
public sealed record TimelineReport(
    DateTimeOffset Start,
    double CanaryDurationMinutes,
    double RolloutDurationMinutes,
    double ValidationDurationMinutes);

/// <summary>One threshold that is watched.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Threshold">The threshold in words.</param>
/// <param name="WindowMinutes">The window.</param>
/// <param name="Action">What a crossing causes.</param>
public sealed record RollbackTrigger(string Metric, string Threshold, double WindowMinutes, TriggerAction Action);
