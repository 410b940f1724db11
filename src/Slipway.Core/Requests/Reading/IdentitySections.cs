using Slipway.Core.Releases;

namespace Slipway.Core.Requests.Reading;

/// <summary>Reads what is released: <c>release</c>, <c>artifacts</c> and <c>changes</c>.</summary>
internal static class IdentitySections
{
    /// <summary>The <c>release</c> section; one that is missing reads as empty, which is a gap and not a problem.</summary>
    public static ReleaseIdentity Release(SectionReader root) =>
        root.Section("release", Identity) ?? new ReleaseIdentity { Id = ReleaseId.FromText("") };

    public static ArtifactSpec Artifacts(SectionReader section) => new()
    {
        BuildId = section.Get("build_id", Scalars.Line, ""),
        Image = section.Get("image", Scalars.Line, ""),
        Hash = section.Get("hash", Scalars.Line, ""),
        Signed = section.Maybe("signed", Scalars.Bool),
        Sbom = section.Get("sbom", Scalars.Line, ""),
        Verification = section.MaybeText("verification", Scalars.Url),
        Commit = section.Get("commit", Scalars.Resource, ""),
    };

    public static ChangeSpec Changes(SectionReader section) => new()
    {
        Features = section.Values("features", Scalars.Prose),
        Fixes = section.Values("fixes", Scalars.Prose),
        BreakingChanges = section.Values("breaking_changes", Scalars.Prose),
        Deprecations = section.Values("deprecations", Scalars.Prose),
        Files = section.Sections("files", File, file => file.Path, "path"),
        Commits = section.Values("commits", Scalars.Prose),
        Complexity = (int?)section.Maybe("complexity", Scalars.Whole(1, 10)),
    };

    private static ReleaseIdentity Identity(SectionReader section)
    {
        var title = section.Get("title", Scalars.Line, "");
        var version = section.Get("version", Scalars.Line, "");
        return new ReleaseIdentity
        {
            Id = section.Get("id", Scalars.Id, ReleaseId.FromText($"{title}-{version}")),
            Title = title,
            Version = version,
            FromVersion = section.Get("from_version", Scalars.Line, ""),
            Problem = section.Get("problem", Scalars.Prose, ""),
            ChangeType = section.Get("change_type", Scalars.Word<ChangeType>(), ChangeType.Code),
            DeclaredRisk = section.Maybe("declared_risk", Scalars.Word<RiskLevel>()),
            Accelerate = section.Get("accelerate", Scalars.Bool, false),
            Critical = section.Get("critical", Scalars.Bool, false),
            StartAt = section.Maybe("start_at", Scalars.Moment),
            RequestedBy = section.Get("requested_by", Scalars.Line, ""),
            Ticket = section.Get("ticket", Scalars.Line, ""),
            Regulations = section.Values("regulations", Scalars.Name),
            BlastRadius = section.Maybe("blast_radius", Scalars.Word<BlastRadius>()),
            RollbackComplexity = section.Maybe("rollback_complexity", Scalars.Word<RollbackComplexity>()),
            KnownRisks = section.MaybeValues("known_risks", Scalars.Prose),
        };
    }

    private static FileChange File(SectionReader section) => new(
        section.Need("path", Scalars.Name, ""),
        section.Get("action", Scalars.Word<FileAction>(), FileAction.Modified),
        section.Get("area", Scalars.Line, ""))
    {
        BehindFlag = section.Maybe("behind_flag", Scalars.Bool),
    };
}
