using Slipway.Core.Requests;

namespace Slipway.Core.Planning;

/// <summary>What a request's own content says about its risk.</summary>
/// <param name="Computed">The highest risk that any rule gave; low when none applied.</param>
/// <param name="Counting">The risk that counts: the higher of computed and declared, where a risk that is not declared is medium.</param>
/// <param name="Reasons">Why the computed risk is above low, one sentence a rule.</param>
public sealed record RiskAssessment(RiskLevel Computed, RiskLevel Counting, IReadOnlyList<string> Reasons);

/// <summary>
/// Computes the risk from what a request says. The declared risk can be raised, never lowered.
/// <list type="table">
/// <listheader><term>The request has</term><description>At least</description></listheader>
/// <item><term>a migration without a way back that is safe after writes</term><description>high</description></item>
/// <item><term>any other migration, or change type <c>data_migration</c></term><description>medium</description></item>
/// <item><term>breaking changes</term><description>medium</description></item>
/// <item><term>files of area <c>data_write</c></term><description>medium</description></item>
/// <item><term>none of these</term><description>low</description></item>
/// </list>
/// </summary>
public static class RiskAssessor
{
    /// <summary>Applies the table.</summary>
    public static RiskAssessment Assess(ReleaseRequest request)
    {
        var findings = Findings(request).ToList();
        var computed = findings.Select(finding => finding.Risk).DefaultIfEmpty(RiskLevel.Low).Max();
        var declared = request.Release.DeclaredRisk ?? RiskLevel.Medium;
        return new RiskAssessment(
            computed, computed > declared ? computed : declared, [.. findings.Select(finding => finding.Reason)]);
    }

    private static IEnumerable<(RiskLevel Risk, string Reason)> Findings(ReleaseRequest request)
    {
        foreach (var database in request.Preflight.Dependencies.Databases)
        {
            if (database.Migration is not { } migration)
                continue;
            yield return migration is { Down.Length: > 0, DownSafeAfterWrites: true }
                ? (RiskLevel.Medium, $"the database {database.Name} is migrated")
                : (RiskLevel.High, $"the migration of {database.Name} has no way back that is safe with data written since");
        }

        if (request.Release.ChangeType == ChangeType.DataMigration)
            yield return (RiskLevel.Medium, "the change type is data_migration");
        if (request.Changes.BreakingChanges.Count > 0)
            yield return (RiskLevel.Medium, "there are breaking changes");
        if (request.Changes.Files.FirstOrDefault(file => file.Area == "data_write") is { } file)
            yield return (RiskLevel.Medium, $"{file.Path} writes data");
    }
}
