using System.Runtime.CompilerServices;
using Slipway.Core.Documents.Changelog;
using Slipway.Core.Planning.Failures;
using Slipway.Core.Requests;

namespace Slipway.Core.Planning.Risk;

/// <summary>
/// Computes the risk from what a request says. The declared risk can be raised, never lowered.
/// <list type="table">
/// <listheader><term>The request has</term><description>At least</description></listheader>
/// <item><term>a migration</term><description>as <see cref="MigrationRisk"/> says: medium or high</description></item>
/// <item><term>change type <c>data_migration</c>, or breaking changes</term><description>medium</description></item>
/// <item><term>a file in its manifest</term><description>as <see cref="ChangeKinds"/> says when it is active: low, medium or high</description></item>
/// <item><term>none of these</term><description>low</description></item>
/// <item><term>high, and data changed that cannot be had back, everybody hit at once, or security-critical logic changed</term><description>critical</description></item>
/// </list>
/// Everybody is hit at once where the request says that its blast radius is global, or where a high change is held back by neither a flag
/// nor a deploy hook.
/// </summary>
public static class RiskAssessor
{
    private enum Aggravation
    {
        None,
        IrreversibleData,
        EverybodyAtOnce,
        SecurityCritical,
    }

    /// <summary>A request is immutable, and intake, plan, documents and each report ask for the same one: it is assessed once while it lives.</summary>
    private static readonly ConditionalWeakTable<ReleaseRequest, RiskAssessment> Assessed = [];

    /// <summary>Applies the table.</summary>
    public static RiskAssessment Assess(ReleaseRequest request) => Assessed.GetValue(request, static one => Apply(one));

    private static RiskAssessment Apply(ReleaseRequest request)
    {
        var manifest = ManifestClassifier.Classify(request);
        List<Finding> findings = [.. OfMigrations(request), .. OfStatements(request), .. OfFiles(request, manifest)];
        var category = findings.Select(finding => finding.Risk)
            .DefaultIfEmpty(manifest.Highest(FlagActivation.On) ?? ChangeRisk.Low).Max();
        if (category == ChangeRisk.High && request.Release.BlastRadius == BlastRadius.Global)
            findings.Add(new Finding(ChangeRisk.High, "its blast radius is stated as global", Aggravation.EverybodyAtOnce));
        var computed = RiskScales.DeploymentRiskOf(category, Has(Aggravation.IrreversibleData), Has(Aggravation.EverybodyAtOnce), Has(Aggravation.SecurityCritical));
        var declared = request.Release.DeclaredRisk ?? RiskLevel.Medium;
        return new RiskAssessment(computed, computed > declared ? computed : declared, [.. findings.Select(finding => finding.Reason).Distinct()])
        {
            Manifest = manifest,
            Category = category,
            Complexity = ComplexityScore.Of(request, manifest),
            Scenarios = FailureScenarios.Of(request, manifest, category),
        };

        bool Has(Aggravation aggravation) => findings.Exists(finding => finding.Aggravation == aggravation);
    }

    private static IEnumerable<Finding> OfMigrations(ReleaseRequest request)
    {
        foreach (var database in request.Preflight.Dependencies.Databases)
        {
            if (database.Migration is { } migration && MigrationRisk.Of(migration) is var judged)
                yield return new Finding(judged.Risk, $"the database {database.Name} {judged.Reason}", judged.Irreversible ? Aggravation.IrreversibleData : Aggravation.None);
        }
    }

    private static IEnumerable<Finding> OfStatements(ReleaseRequest request)
    {
        if (request.Release.ChangeType == ChangeType.DataMigration)
            yield return new Finding(ChangeRisk.Medium, "the change type is data_migration");
        if (ReleaseChanges.Of(request.Changes).Breaking.Count > 0)
            yield return new Finding(ChangeRisk.Medium, "there are breaking changes");
    }

    /// <summary>One finding for each kind of file, of its first file.</summary>
    private static IEnumerable<Finding> OfFiles(ReleaseRequest request, ClassifiedManifest manifest)
    {
        foreach (var same in manifest.Files.Where(file => file.Activated >= ChangeRisk.Medium).GroupBy(file => (file.Kind, file.Activated)))
        {
            var first = same.First();
            var others = same.Count() > 1 ? $" and {same.Count() - 1} more like it" : "";
            var unheld = same.FirstOrDefault(file => file is { Activated: ChangeRisk.High, BehindFlag: false } && file.Kind != ChangeKind.Migration && request.Deploy is null);
            yield return new Finding(
                same.Key.Activated,
                $"{first.File.Path} {ChangeKinds.Of(first.Kind).What}{others}{(unheld is null ? "" : ", held back by no flag and no deploy hook")}",
                same.Key.Kind == ChangeKind.Security ? Aggravation.SecurityCritical : unheld is null ? Aggravation.None : Aggravation.EverybodyAtOnce);
        }
    }

    private sealed record Finding(ChangeRisk Risk, string Reason, Aggravation Aggravation = Aggravation.None);
}
