namespace Slipway.Core.Requests;

/// <summary>How the system is built, delivered and kept: the facts of the release and deployment plan. Empty or null: not stated.</summary>
public sealed record DeliverySpec
{
    /// <summary>The tool of the pipeline, for example <c>GitHub Actions</c>.</summary>
    public string Pipeline { get; init; } = "";

    /// <summary>What the pipeline caches.</summary>
    public string Caching { get; init; } = "";

    /// <summary>The security scanner.</summary>
    public string Scanner { get; init; } = "";

    /// <summary>The branch that is released from.</summary>
    public string Branch { get; init; } = "main";

    /// <summary>The commands that build, test and deploy.</summary>
    public CommandSpec Commands { get; init; } = new();

    /// <summary>Infrastructure as code; null: not stated.</summary>
    public InfrastructureCodeSpec? InfrastructureCode { get; init; }

    /// <summary>Where secrets are kept.</summary>
    public string Secrets { get; init; } = "";

    /// <summary>Backups; null: not stated.</summary>
    public BackupSpec? Backups { get; init; }

    /// <summary>What happens when a region is lost; null: not stated.</summary>
    public DisasterRecoverySpec? DisasterRecovery { get; init; }

    /// <summary>Logs; null: not stated.</summary>
    public SignalSpec? Logs { get; init; }

    /// <summary>Metrics; null: not stated.</summary>
    public SignalSpec? Metrics { get; init; }

    /// <summary>Traces; null: not stated.</summary>
    public SignalSpec? Traces { get; init; }

    /// <summary>The thresholds of the budget alerts, for people.</summary>
    public string BudgetAlerts { get; init; } = "";

    /// <summary>What stands before the service at the edge: a web application firewall, a CDN; <c>none</c> is an answer.</summary>
    public string EdgeProtection { get; init; } = "";

    /// <summary>What the first request after a scale to zero costs in time, where that can happen.</summary>
    public string ColdStart { get; init; } = "";

    /// <summary>What the release changes in the running cost.</summary>
    public string Cost { get; init; } = "";

    /// <summary>How long evidence is kept; 12 months unless stated.</summary>
    public TimeSpan EvidenceRetention { get; init; } = TimeSpan.FromDays(365);
}

/// <summary>The project's own commands, each on one line; empty: not stated.</summary>
/// <param name="Build">Builds the artifact.</param>
/// <param name="Test">Runs all tests.</param>
/// <param name="Deploy">Deploys a build to production.</param>
/// <param name="MigrateDown">Undoes the newest migration.</param>
public sealed record CommandSpec(string Build = "", string Test = "", string Deploy = "", string MigrateDown = "");

/// <summary>Infrastructure as code.</summary>
/// <param name="Tool">The tool with its version.</param>
/// <param name="Path">The folder with one directory an environment.</param>
/// <param name="Modules">Reusable modules.</param>
/// <param name="State">Where the state is kept; empty where the tool keeps none.</param>
/// <param name="Lock">What locks it.</param>
public sealed record InfrastructureCodeSpec(string Tool, string Path, IReadOnlyList<string> Modules, string State, string Lock);

/// <summary>Backups of the data stores.</summary>
public sealed record BackupSpec
{
    /// <summary>Where they are.</summary>
    public string Where { get; init; } = "";

    /// <summary>How long automatic snapshots are kept; null: not stated.</summary>
    public TimeSpan? Automatic { get; init; }

    /// <summary>How long weekly snapshots are kept; null: not stated.</summary>
    public TimeSpan? Weekly { get; init; }

    /// <summary>The largest loss of a point-in-time restore; null: not stated.</summary>
    public TimeSpan? PointInTime { get; init; }

    /// <summary>The command that restores, on one line; empty: not stated.</summary>
    public string Restore { get; init; } = "";
}

/// <summary>Recovery in another region.</summary>
/// <param name="Region">The standby region.</param>
/// <param name="Runbook">The document that says how.</param>
public sealed record DisasterRecoverySpec(string Region, Uri? Runbook);

/// <summary>One signal of observability.</summary>
/// <param name="Tool">The tool that keeps it.</param>
/// <param name="Retention">How long; null: not stated.</param>
public sealed record SignalSpec(string Tool, TimeSpan? Retention);

/// <summary>A dashboard of the system.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Url">Where it is.</param>
/// <param name="Metrics">The metrics that it shows; empty: it is an overview.</param>
public sealed record DashboardSpec(string Name, Uri Url, IReadOnlyList<string> Metrics);

/// <summary>The documents that a release was planned from, each as a path, an address or a few words; empty: not stated.</summary>
public sealed record SourceSpec
{
    /// <summary>The project's rules for releases, for example <c>no Friday</c>; null: not stated.</summary>
    public IReadOnlyList<string>? Rules { get; init; }

    /// <summary>The technical specification.</summary>
    public string Specification { get; init; } = "";

    /// <summary>The implementation plan.</summary>
    public string ImplementationPlan { get; init; } = "";

    /// <summary>The existing code: its repository.</summary>
    public string Code { get; init; } = "";
}
