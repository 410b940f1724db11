namespace Slipway.Core.Reporting.Contract;

/// <summary>The contract object: exactly these members, in this order, never null. Percent-valued numbers are in percent, latencies in milliseconds, probabilities 0 to 1; what has not happened has the time 1970-01-01T00:00:00Z, the count or duration 0, or an empty text.</summary>
/// <param name="ReleaseId">The release, as in the request.</param>
/// <param name="Version">The version released.</param>
/// <param name="Status">How it stands.</param>
/// <param name="Summary">At most 200 words.</param>
/// <param name="PreDeployment">Before the start.</param>
/// <param name="DeploymentPlan">What was planned.</param>
/// <param name="CanaryAnalysis">What the evidence says.</param>
/// <param name="ProgressiveRollout">The stages.</param>
/// <param name="FeatureFlags">The flags as read back.</param>
/// <param name="HealthMetrics">The newest interval.</param>
/// <param name="Monitoring">Dashboards, alerts, logs, traces.</param>
/// <param name="RollbackStatus">The rollback.</param>
/// <param name="Dependencies">What the release leans on.</param>
/// <param name="DeploymentArtifacts">Changes, documents, communication.</param>
/// <param name="PostDeployment">Checks with users exposed.</param>
/// <param name="RiskAssessment">How much can go wrong.</param>
/// <param name="Compliance">Ticket, approval, audit.</param>
/// <param name="NextActions">What comes next.</param>
public sealed record ReleaseReport(
    string ReleaseId,
    string Version,
    ReportStatus Status,
    string Summary,
    PreDeployment PreDeployment,
    DeploymentPlan DeploymentPlan,
    CanaryAnalysis CanaryAnalysis,
    ProgressiveRollout ProgressiveRollout,
    IReadOnlyList<FeatureFlag> FeatureFlags,
    HealthMetrics HealthMetrics,
    MonitoringReport Monitoring,
    RollbackStatus RollbackStatus,
    DependencyReport Dependencies,
    DeploymentArtifacts DeploymentArtifacts,
    PostDeployment PostDeployment,
    RiskAssessment RiskAssessment,
    ComplianceReport Compliance,
    IReadOnlyList<NextAction> NextActions);

/// <summary>The contract's four statuses.</summary>
public enum ReportStatus
{
    /// <summary>Running, waiting or paused.</summary>
    InProgress,

    /// <summary>Everyone is on the new version.</summary>
    Completed,

    /// <summary>Verified back where it was.</summary>
    RolledBack,

    /// <summary>Stopped before exposure, or not recovered.</summary>
    Failed,
}
