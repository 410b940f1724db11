using System.Text.Json.Serialization;
using Slipway.Core.Releases;

namespace Slipway.Core.Requests;

/// <summary>The request's <c>release</c> section.</summary>
public sealed record ReleaseIdentity
{
    /// <summary>The idempotency key; made from title and version when left out.</summary>
    public required ReleaseId Id { get; init; }

    /// <summary>The version that is released; empty when the request does not say.</summary>
    public string Version { get; init; } = "";

    /// <summary>The version that it replaces; may be empty.</summary>
    public string FromVersion { get; init; } = "";

    /// <summary>What is released, in a few words; empty when the request does not say.</summary>
    public string Title { get; init; } = "";

    /// <summary>The problem that the release solves; may be empty.</summary>
    public string Problem { get; init; } = "";

    /// <summary>The kind of change. Default: code.</summary>
    public ChangeType ChangeType { get; init; } = ChangeType.Code;

    /// <summary>The requester's own estimate; the computed risk may raise it, never lower it. Null: not stated.</summary>
    public RiskLevel? DeclaredRisk { get; init; }

    /// <summary>Whether the derived waits may be shorter than the default profile's; only with low risk. Default: false.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Accelerate { get; init; }

    /// <summary>
    /// Whether the release is too urgent to wait for a better hour: it may then be started and increased on Friday afternoon, once the group
    /// of <see cref="OperationsSpec.CalendarApproval"/>, which must be named, has approved its start. Says nothing about its risk. Default: false.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Critical { get; init; }

    /// <summary>Not before this moment; null: at once.</summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>Who asks for the release; may be empty. Barred from approving it.</summary>
    public string RequestedBy { get; init; } = "";

    /// <summary>The change ticket; may be empty.</summary>
    public string Ticket { get; init; } = "";

    /// <summary>Rules and regulations that the change falls under, for the report.</summary>
    public IReadOnlyList<string> Regulations { get; init; } = [];

    /// <summary>The requester's own estimate of who is hit when it goes wrong; raises the computed one, never lowers it. Null: not stated.</summary>
    public BlastRadius? BlastRadius { get; init; }

    /// <summary>The requester's own estimate of how hard the way back is; raises the computed one, never lowers it. Null: not stated.</summary>
    public RollbackComplexity? RollbackComplexity { get; init; }

    /// <summary>What is known that could go wrong. Empty: stated that there is nothing. Null: not stated.</summary>
    public IReadOnlyList<string>? KnownRisks { get; init; }
}

/// <summary>What kind of change a release makes.</summary>
public enum ChangeType
{
    /// <summary>Application code.</summary>
    Code,

    /// <summary>Infrastructure.</summary>
    Infrastructure,

    /// <summary>Configuration only.</summary>
    Configuration,

    /// <summary>Data or schema migration.</summary>
    DataMigration,
}

/// <summary>How much can go wrong.</summary>
public enum RiskLevel
{
    /// <summary>Small, reversible, well watched.</summary>
    Low,

    /// <summary>Users would notice.</summary>
    Medium,

    /// <summary>Many users, data, or a hard way back.</summary>
    High,

    /// <summary>Irreversible data change, global blast radius or security-critical.</summary>
    Critical,
}

/// <summary>How exposure is moved.</summary>
public enum RolloutStrategy
{
    /// <summary>A growing share of users through a flag, compared with the rest.</summary>
    Canary,

    /// <summary>0, a canary share, then the swap.</summary>
    BlueGreen,

    /// <summary>Region by region through the deploy hook.</summary>
    Rolling,

    /// <summary>Dark launch: code everywhere, flag off, then percentages.</summary>
    FeatureFlag,

    /// <summary>The new path runs without any user seeing it.</summary>
    Shadow,
}

/// <summary>What was built.</summary>
public sealed record ArtifactSpec
{
    /// <summary>The build's id in the pipeline.</summary>
    public string BuildId { get; init; } = "";

    /// <summary>The image or package.</summary>
    public string Image { get; init; } = "";

    /// <summary>Its digest, for example <c>sha256:…</c>.</summary>
    public string Hash { get; init; } = "";

    /// <summary>Whether the pipeline says that the artifact is signed; null: not stated.</summary>
    public bool? Signed { get; init; }

    /// <summary>Where the software bill of materials is; empty when there is none.</summary>
    public string Sbom { get; init; } = "";

    /// <summary>Where the artifact is verified: JSON with <c>digest</c>, <c>signed</c> and <c>sbom</c>; null: the request's statement counts.</summary>
    public Uri? Verification { get; init; }

    /// <summary>The commit that it was built from; may be empty.</summary>
    public string Commit { get; init; } = "";
}

/// <summary>What changes.</summary>
public sealed record ChangeSpec
{
    /// <summary>New features.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>Fixes.</summary>
    public IReadOnlyList<string> Fixes { get; init; } = [];

    /// <summary>Breaking changes.</summary>
    public IReadOnlyList<string> BreakingChanges { get; init; } = [];

    /// <summary>Deprecations.</summary>
    public IReadOnlyList<string> Deprecations { get; init; } = [];

    /// <summary>The file change manifest.</summary>
    public IReadOnlyList<FileChange> Files { get; init; } = [];

    /// <summary>The subjects and footers of its commits, as Conventional Commits; they add to features, fixes, breaking changes and deprecations.</summary>
    public IReadOnlyList<string> Commits { get; init; } = [];

    /// <summary>How complex the change is, 1 (trivial) to 10; a higher one picks the longer wait. Null: computed from the manifest.</summary>
    public int? Complexity { get; init; }
}

/// <summary>One changed file.</summary>
/// <param name="Path">Path in the repository.</param>
/// <param name="Action">New, modified or deleted.</param>
/// <param name="Area">What kind of code it is, for example <c>data_write</c>; may be empty.</param>
public sealed record FileChange(string Path, FileAction Action, string Area)
{
    /// <summary>Whether the change runs only where the release flag is on. Null: code is, where the request has a release flag with a kill
    /// switch; what no flag can hold back (configuration, migrations, infrastructure) never is.</summary>
    public bool? BehindFlag { get; init; }
}

/// <summary>What happened to a file.</summary>
public enum FileAction
{
    /// <summary>Added.</summary>
    New,

    /// <summary>Changed.</summary>
    Modified,

    /// <summary>Removed.</summary>
    Deleted,
}
