using Slipway.Core.Requests;

namespace Slipway.Core.Planning.Risk;

/// <summary>The tables that turn facts of a request and its plan into the words of a risk assessment; pure.</summary>
public static class RiskScales
{
    /// <summary>Fewer exposed users than this are a minimal blast radius, whatever the percentage.</summary>
    public const int FewUsers = 100;

    /// <summary>
    /// Who is exposed: nobody or at most 1 % is minimal, up to and with 10 % limited, below 100 % significant, 100 % global. Fewer than
    /// <see cref="FewUsers"/> exposed users are minimal.
    /// </summary>
    /// <param name="percentage">Exposure in percent.</param>
    /// <param name="users">Users who are exposed; null when not known.</param>
    public static BlastRadius BlastRadiusOf(decimal percentage, long? users) => percentage switch
    {
        <= 1 => BlastRadius.Minimal,
        _ when users < FewUsers => BlastRadius.Minimal,
        <= 10 => BlastRadius.Limited,
        < 100 => BlastRadius.Significant,
        _ => BlastRadius.Global,
    };

    /// <summary>Flags only (level 1, or none): simple; configuration (level 2): moderate; code (level 3) or a migration: complex.</summary>
    public static RollbackComplexity RollbackComplexityOf(IReadOnlyList<PlannedLevel> levels, bool migration) =>
        migration || levels.Any(level => level.Level >= 3) ? RollbackComplexity.Complex
        : levels.Any(level => level.Level == 2) ? RollbackComplexity.Moderate
        : RollbackComplexity.Simple;

    /// <summary>
    /// A migration that is high by <see cref="MigrationRisk"/>: high; any other migration, or a change of the type data migration: medium; a
    /// changed file that writes data: low; else none.
    /// </summary>
    public static DataRisk DataRiskOf(ReleaseRequest request)
    {
        var migrations = MigrationsOf(request).Select(MigrationRisk.Of).ToList();
        if (migrations.Exists(migration => migration.Risk == ChangeRisk.High)) return DataRisk.High;
        var kinds = request.Changes.Files.Select(FileKind.Of).ToHashSet();
        if (migrations.Count > 0 || request.Release.ChangeType == ChangeType.DataMigration) return DataRisk.Medium;
        return kinds.Contains(ChangeKind.Migration) ? DataRisk.High : kinds.Contains(ChangeKind.DataWrite) ? DataRisk.Low : DataRisk.None;
    }

    /// <summary>Zero and low are low, medium is medium, high is high, and critical with any of the three (X29).</summary>
    /// <param name="category">The category of the change.</param>
    /// <param name="irreversibleData">Whether it changes data that cannot be had back.</param>
    /// <param name="globalBlast">Whether it hits everybody at once.</param>
    /// <param name="securityCritical">Whether security-critical logic changes.</param>
    public static RiskLevel DeploymentRiskOf(ChangeRisk category, bool irreversibleData, bool globalBlast, bool securityCritical) => category switch
    {
        ChangeRisk.Zero or ChangeRisk.Low => RiskLevel.Low,
        ChangeRisk.Medium => RiskLevel.Medium,
        _ => irreversibleData || globalBlast || securityCritical ? RiskLevel.Critical : RiskLevel.High,
    };

    /// <summary>0.97 for each warning or open question times 0.6 for each failed check or blocking gap: 1 without any, and lower with each.</summary>
    public static double ConfidenceOf(int warnings, int failures) => Math.Pow(0.97, warnings) * Math.Pow(0.6, failures);

    /// <summary>The migrations of a request.</summary>
    public static IEnumerable<MigrationSpec> MigrationsOf(ReleaseRequest request) =>
        request.Preflight.Dependencies.Databases.Select(database => database.Migration).OfType<MigrationSpec>();
}
