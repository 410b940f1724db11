namespace Slipway.Core.Reporting;

/// <summary>
/// The fixed names under which gates stand in the ledger and in the report's <c>pre_deployment.checks</c>. Preflight records its results
/// under these names; the report shows each of <see cref="Seven"/> exactly once, whether or not it was checked yet.
/// </summary>
public static class QualityGates
{
    /// <summary>The tests in staging passed.</summary>
    public const string StagingTests = "staging tests";

    /// <summary>The security scan is clean enough.</summary>
    public const string SecurityScan = "security scan";

    /// <summary>Performance is within its budget.</summary>
    public const string PerformanceBudget = "performance budget";

    /// <summary>There is a tested way back.</summary>
    public const string RollbackPlan = "rollback plan";

    /// <summary>Telemetry and alerts are there for each guardrail.</summary>
    public const string Monitoring = "monitoring";

    /// <summary>Every release flag has a kill switch, and it is proven.</summary>
    public const string KillSwitch = "kill switch";

    /// <summary>Whether the flags are in their store as Slipway left them.</summary>
    public const string FlagStore = "flag store";

    /// <summary>The change is approved.</summary>
    public const string ChangeApproval = "change approval";

    /// <summary>The artifact's hash and signature; not one of the seven.</summary>
    public const string ArtifactSignature = "artifact signature";

    /// <summary>The software bill of materials; not one of the seven.</summary>
    public const string ArtifactSbom = "artifact SBOM";

    /// <summary>A deployment brought no new kinds of errors; not one of the seven.</summary>
    public const string NewErrors = "new errors";

    /// <summary>The change window is open and nothing is frozen; not one of the seven.</summary>
    public const string ChangeWindow = "change window";

    /// <summary>People are told a day before the start; not one of the seven.</summary>
    public const string Notice = "advance notice";

    /// <summary>No other release holds a flag or key of this one; not one of the seven.</summary>
    public const string Locks = "locks";

    /// <summary>Telemetry has a baseline to compare with; not one of the seven.</summary>
    public const string Baseline = "baseline";

    /// <summary>How the users of the canary-to-be differ from the others anyway, and whether noise has memory; not one of the seven, and
    /// never more than a warning.</summary>
    public const string Calibration = "calibration";

    /// <summary>What the shadow's answers were like; only with strategy shadow, not one of the seven.</summary>
    public const string Shadow = "shadow comparison";

    /// <summary>Which waits are shorter than the default profile's, as the risk is low; not one of the seven.</summary>
    public const string Acceleration = "acceleration";

    /// <summary>Whether requests succeeded in every judged interval; not one of the seven, and never more than a warning, since the contract has
    /// no place for a failed check in a release that completed.</summary>
    public const string ZeroDowntime = "zero downtime";

    /// <summary>The unit tests' result; not one of the seven.</summary>
    public const string UnitTests = "unit tests";

    /// <summary>The integration tests' result; not one of the seven.</summary>
    public const string IntegrationTests = "integration tests";

    /// <summary>The result of the tests of whole flows; not one of the seven.</summary>
    public const string EndToEndTests = "E2E tests";

    /// <summary>The security review is complete and found nothing critical; not one of the seven.</summary>
    public const string SecurityReview = "security review";

    /// <summary>There is capacity for the traffic; not one of the seven.</summary>
    public const string Capacity = "capacity";

    /// <summary>Backups are fresh and were tried; not one of the seven.</summary>
    public const string Backups = "backups";

    /// <summary>The automation of the way back says that it would work; not one of the seven.</summary>
    public const string RollbackAutomation = "rollback automation";

    /// <summary>The dashboard is there; not one of the seven.</summary>
    public const string Dashboard = "dashboard";

    /// <summary>The gate name of a part of the infrastructure.</summary>
    public static string Infrastructure(string name) => $"infrastructure: {name}";

    /// <summary>The seven quality gates, in the order of the report.</summary>
    public static IReadOnlyList<string> Seven { get; } =
        [StagingTests, SecurityScan, PerformanceBudget, RollbackPlan, Monitoring, KillSwitch, ChangeApproval];

    /// <summary>The gate name of a smoke check.</summary>
    public static string Smoke(string name) => $"smoke: {name}";

    /// <summary>The gate name of a service.</summary>
    public static string Service(string name) => $"service: {name}";

    /// <summary>The gate name of a database.</summary>
    public static string Database(string name) => $"database: {name}";

    /// <summary>The gate name of an HTTP gate of the request.</summary>
    public static string Http(string name) => $"gate: {name}";

    /// <summary>The gate name of an external API.</summary>
    public static string ExternalApi(string name) => $"external API: {name}";
}
