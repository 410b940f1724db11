using Slipway.Core.Ledgers;

namespace Slipway.Core.Reporting.Contract;

/// <summary>Checks, artifacts and approvals before the start.</summary>
/// <param name="Checks">The seven quality gates and every other check.</param>
/// <param name="Artifacts">What was built.</param>
/// <param name="Approvals">Approvals that were given.</param>
public sealed record PreDeployment(
    IReadOnlyList<PreDeploymentCheck> Checks,
    ArtifactReport Artifacts,
    IReadOnlyList<ApprovalReport> Approvals);

/// <summary>One check.</summary>
/// <param name="Check">Its fixed name.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Details">What was found; not blank unless it passed.</param>
public sealed record PreDeploymentCheck(string Check, GateStatus Status, string Details);

/// <summary>What was built.</summary>
/// <param name="BuildId">The build.</param>
/// <param name="Image">The image.</param>
/// <param name="Hash">Its digest.</param>
/// <param name="Signed">Whether the signature was verified.</param>
/// <param name="SbomAttached">Whether the bill of materials was found.</param>
public sealed record ArtifactReport(string BuildId, string Image, string Hash, bool Signed, bool SbomAttached);

/// <summary>One approval.</summary>
/// <param name="Type">By a person or by policy.</param>
/// <param name="Approver">Who.</param>
/// <param name="Timestamp">When.</param>
/// <param name="Conditions">On what conditions.</param>
public sealed record ApprovalReport(ApprovalKind Type, string Approver, DateTimeOffset Timestamp, IReadOnlyList<string> Conditions);

/// <summary>Who approves.</summary>
public enum ApprovalKind
{
    /// <summary>A person.</summary>
    Manual,

    /// <summary>A policy.</summary>
    Automated,
}
