using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Requests;

namespace Slipway.Core.Gates;

/// <summary>
/// What is verified of the artifact: by the address that answers <c>digest</c>, <c>signed</c> and <c>sbom</c>, and the bill of materials where the
/// request says where it is. Without either the request's statement counts, and is called one.
/// </summary>
public static class ArtifactGates
{
    /// <summary>The gates; empty where nothing can be read.</summary>
    public static IEnumerable<EvidenceGate> Of(ArtifactSpec artifact)
    {
        if (artifact.Verification is { } verifier) yield return EvidenceGates.One(QualityGates.ArtifactSignature, verifier, (read, _) => Signature(artifact, read!));
        if (VerifiesSbom(artifact)) yield return EvidenceGates.One(QualityGates.ArtifactSbom, SbomUrl(artifact) ?? artifact.Verification, (read, _) => Sbom(artifact, read!));
    }

    /// <summary>Whether the bill of materials is read, so that the request's statement does not count.</summary>
    public static bool VerifiesSbom(ArtifactSpec artifact) => SbomUrl(artifact) is not null || artifact.Verification is not null;

    /// <summary>Where the bill of materials is read; null where the request only names it.</summary>
    public static Uri? SbomUrl(ArtifactSpec artifact) =>
        Uri.TryCreate(artifact.Sbom, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url : null;

    private static GateChecked Signature(ArtifactSpec artifact, EvidenceRead read)
    {
        var digest = read.Text("digest");
        if (digest is null) return EvidenceGates.Gate(QualityGates.ArtifactSignature, false, $"the artifact could not be verified: {read.Found}; expected JSON with digest and signed");
        if (artifact.Hash.Length == 0 || !string.Equals(digest, artifact.Hash, StringComparison.OrdinalIgnoreCase))
            return EvidenceGates.Gate(QualityGates.ArtifactSignature, false, $"the digest is {digest}, the request states {(artifact.Hash.Length > 0 ? artifact.Hash : "none")}");
        return EvidenceGates.Gate(QualityGates.ArtifactSignature, read.Truth("signed") == true, $"digest {digest} is {(read.Truth("signed") == true ? "signed" : "not signed")}, verified");
    }

    /// <summary>A bill of materials in SPDX or CycloneDX JSON, or the verifier's word that there is one.</summary>
    private static GateChecked Sbom(ArtifactSpec artifact, EvidenceRead read)
    {
        var format = read.Text("spdxVersion") ?? read.Text("bomFormat") ?? SpdxOrCycloneStart(read);
        var there = SbomUrl(artifact) is null ? read.Truth("sbom") == true : format is not null;
        return new GateChecked(
            QualityGates.ArtifactSbom,
            there ? GateStatus.Pass : GateStatus.Warning,
            false,
            there ? $"bill of materials {(format is null ? "attached" : $"{ShownUrl.Of(artifact.Sbom)} is {format}")}, verified" : $"no bill of materials was found: {read.Found}",
            GateKind.Quality,
            null);
    }

    /// <summary>A long document is read at its start only, and is no complete JSON then.</summary>
    private static string? SpdxOrCycloneStart(EvidenceRead read) => read.Status is not (>= 200 and <= 299) ? null
        : read.Body.Contains("\"spdxVersion\"", StringComparison.Ordinal) ? "SPDX"
        : read.Body.Contains("\"bomFormat\"", StringComparison.Ordinal) ? "CycloneDX" : null;
}
