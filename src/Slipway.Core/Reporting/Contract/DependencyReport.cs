namespace Slipway.Core.Reporting.Contract;

/// <summary>What the release leans on.</summary>
/// <param name="Services">Services.</param>
/// <param name="Databases">Databases.</param>
/// <param name="ExternalApis">APIs of others.</param>
public sealed record DependencyReport(
    IReadOnlyList<ServiceReport> Services,
    IReadOnlyList<DatabaseReport> Databases,
    IReadOnlyList<ExternalApiReport> ExternalApis);

/// <summary>One service.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">The version relied on.</param>
/// <param name="Compatibility">Verified only by a contract test.</param>
/// <param name="Health">As last probed; degraded when not.</param>
public sealed record ServiceReport(string Name, string Version, Compatibility Compatibility, HealthStatus Health);

/// <summary>How well compatibility is known.</summary>
public enum Compatibility
{
    /// <summary>A contract test passed.</summary>
    Verified,

    /// <summary>A version is stated, nothing more.</summary>
    Assumed,

    /// <summary>Nothing is stated, or the contract test did not pass.</summary>
    Unknown,
}

/// <summary>One database.</summary>
/// <param name="Name">Its name.</param>
/// <param name="MigrationStatus">Its migration; pending again after a rollback.</param>
/// <param name="RollbackPossible">Whether there is a way back that is safe with data written since.</param>
public sealed record DatabaseReport(string Name, MigrationStatus MigrationStatus, bool RollbackPossible);

/// <summary>How a migration stands.</summary>
public enum MigrationStatus
{
    /// <summary>There is none.</summary>
    NotRequired,

    /// <summary>Not in use.</summary>
    Pending,

    /// <summary>In use by the new version.</summary>
    Completed,
}

/// <summary>One API of somebody else.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Status">As last probed; degraded when not.</param>
/// <param name="Fallback">Whether the application has one.</param>
public sealed record ExternalApiReport(string Name, ApiStatus Status, FallbackStatus Fallback);

/// <summary>How an API answers.</summary>
public enum ApiStatus
{
    /// <summary>Good.</summary>
    Available,

    /// <summary>Not clearly good, or not known.</summary>
    Degraded,

    /// <summary>Not at all.</summary>
    Unavailable,
}

/// <summary>Whether there is a fallback.</summary>
public enum FallbackStatus
{
    /// <summary>Yes.</summary>
    Enabled,

    /// <summary>No.</summary>
    Disabled,
}
