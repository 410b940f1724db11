using System.Text.Json;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Serialization;

namespace Slipway.Core.Documents.Delivery;

/// <summary>What exactly is deployed where, as JSON for the release ticket. The same release always gives the same bytes.</summary>
internal static class DeploymentManifest
{
    public static string Render(ReleaseDossier dossier) => JsonSerializer.Serialize(Of(dossier), SlipwayJson.Indented) + "\n";

    private static Manifest Of(ReleaseDossier dossier)
    {
        var (request, plan) = (dossier.Request, dossier.Plan);
        return new Manifest(
            "slipway.deployment-manifest.v1",
            plan.ReleaseId.Value,
            request.Release.Version,
            dossier.PreviousVersion,
            request.Release.Ticket,
            dossier.State?.Created?.ContentHash ?? RequestHash.Of(request),
            Shown(request.Artifacts ?? new ArtifactSpec()),
            plan.Strategy,
            plan.Risk,
            [.. plan.Environments.Select(environment => new ManifestEnvironment(environment.Name, environment.Regions, [.. environment.Flags.Select(flag => flag.Key.ToString())]))],
            [.. plan.Stages.Select(stage => new ManifestStage(plan.EnvironmentOf(stage.Index).Name, stage.Percentage.Value, DurationText.Format(stage.Bake)))],
            [.. plan.Levels.Select(level => new ManifestLevel(level.Level, DurationText.Format(level.Budget), level.Targets))],
            [.. request.Changes.Files],
            [.. request.Preflight.Dependencies.Databases.Where(database => database.Migration is not null).Select(database => new ManifestMigration(database.Name, database.Migration!.Up, database.Migration.Down))],
            request.Release.Regulations);
    }

    // The manifest goes to the ticket: where the artifact is verified may be known there, and not by which credential.
    private static ArtifactSpec Shown(ArtifactSpec artifact) => artifact with
    {
        Sbom = ShownUrl.Of(artifact.Sbom),
        Verification = artifact.Verification is { } verification ? new Uri(ShownUrl.Of(verification)) : null,
    };

    private sealed record Manifest(
        string Format, string ReleaseId, string Version, string FromVersion, string Ticket, string RequestHash, ArtifactSpec Artifacts, RolloutStrategy Strategy, RiskLevel Risk,
        IReadOnlyList<ManifestEnvironment> Environments, IReadOnlyList<ManifestStage> Stages, IReadOnlyList<ManifestLevel> RollbackLevels, IReadOnlyList<FileChange> Files,
        IReadOnlyList<ManifestMigration> Migrations, IReadOnlyList<string> Regulations);

    private sealed record ManifestEnvironment(EnvironmentName Name, IReadOnlyList<string> Regions, IReadOnlyList<string> Flags);

    private sealed record ManifestStage(EnvironmentName Environment, decimal Percentage, string Bake);

    private sealed record ManifestLevel(int Level, string Budget, IReadOnlyList<string> Targets);

    private sealed record ManifestMigration(string Database, string Up, string Down);
}
