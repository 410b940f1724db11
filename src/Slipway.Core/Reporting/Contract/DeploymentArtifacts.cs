namespace Slipway.Core.Reporting.Contract;

/// <summary>Changes, documents and communication.</summary>
/// <param name="Changelog">What changes.</param>
/// <param name="Runbook">URL of the rollout plan.</param>
/// <param name="RollbackProcedure">URL of the rollback strategy.</param>
/// <param name="Communication">Who knows.</param>
public sealed record DeploymentArtifacts(
    ChangelogReport Changelog,
    string Runbook,
    string RollbackProcedure,
    CommunicationReport Communication);

/// <summary>What changes.</summary>
/// <param name="Features">New.</param>
/// <param name="Fixes">Repaired.</param>
/// <param name="BreakingChanges">Breaking.</param>
/// <param name="Deprecations">Going away.</param>
public sealed record ChangelogReport(
    IReadOnlyList<string> Features,
    IReadOnlyList<string> Fixes,
    IReadOnlyList<string> BreakingChanges,
    IReadOnlyList<string> Deprecations);

/// <summary>Who knows.</summary>
/// <param name="StakeholdersNotified">Whether every message that was due was accepted, or its failure acknowledged.</param>
/// <param name="StatusPageUpdated">Whether the status page accepted an update.</param>
/// <param name="IncidentChannel">As in the request.</param>
public sealed record CommunicationReport(bool StakeholdersNotified, bool StatusPageUpdated, string IncidentChannel);

/// <summary>Checks with users exposed.</summary>
/// <param name="SmokeTests">Smoke checks.</param>
/// <param name="SyntheticMonitoring">Probes of critical paths.</param>
/// <param name="UserFeedback">What users say.</param>
public sealed record PostDeployment(SmokeReport SmokeTests, SyntheticReport SyntheticMonitoring, FeedbackReport UserFeedback);

/// <summary>Smoke checks after exposure, newest results.</summary>
/// <param name="Passed">Passed.</param>
/// <param name="Failed">Failed and critical.</param>
/// <param name="CriticalPathsVerified">Whether every critical path passed.</param>
public sealed record SmokeReport(int Passed, int Failed, bool CriticalPathsVerified);

/// <summary>Probes of critical paths.</summary>
/// <param name="Availability">Good probes of all, percent.</param>
/// <param name="KeyTransactions">One for each critical path.</param>
public sealed record SyntheticReport(double Availability, IReadOnlyList<TransactionReport> KeyTransactions);

/// <summary>One critical path.</summary>
/// <param name="Name">Its name.</param>
/// <param name="SuccessRate">Good probes of all, percent.</param>
/// <param name="LatencyMs">The newest probe.</param>
public sealed record TransactionReport(string Name, double SuccessRate, double LatencyMs);

/// <summary>What users say.</summary>
/// <param name="Sentiment">Neutral as long as nothing is reported.</param>
/// <param name="IssuesReported">Reports.</param>
public sealed record FeedbackReport(KpiImpact Sentiment, int IssuesReported);
