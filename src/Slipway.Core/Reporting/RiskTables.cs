using Slipway.Core.Planning;
using Slipway.Core.Reporting.Contract;
using Slipway.Core.Requests;

namespace Slipway.Core.Reporting;

/// <summary>The tables behind <c>risk_assessment</c>; pure.</summary>
public static class RiskTables
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
    /// A migration without a way back that is safe with data written since: high; any other migration, or a change of the type data
    /// migration: medium; a changed file in an area that names data: low; else none.
    /// </summary>
    public static DataRisk DataRiskOf(ReleaseRequest request)
    {
        var migrations = Migrations(request).ToList();
        if (migrations.Any(migration => !SafeWayBack(migration))) return DataRisk.High;
        if (migrations.Count > 0 || request.Release.ChangeType == ChangeType.DataMigration) return DataRisk.Medium;
        return request.Changes.Files.Any(file => file.Area.Contains("data", StringComparison.OrdinalIgnoreCase)) ? DataRisk.Low : DataRisk.None;
    }

    /// <summary>0.97 for each warning times 0.6 for each failed check: 1 without any, and lower with each.</summary>
    public static double ConfidenceOf(int warnings, int failures) => Math.Pow(0.97, warnings) * Math.Pow(0.6, failures);

    /// <summary>How fast a rollout goes: high and critical slow, medium normal, low fast.</summary>
    public static RolloutVelocity VelocityOf(RiskLevel risk) => risk switch
    {
        RiskLevel.Low => RolloutVelocity.Fast,
        RiskLevel.Medium => RolloutVelocity.Normal,
        _ => RolloutVelocity.Slow,
    };

    /// <summary>Whether a migration has a way back that is safe with data written since.</summary>
    public static bool SafeWayBack(MigrationSpec migration) => !string.IsNullOrWhiteSpace(migration.Down) && migration.DownSafeAfterWrites;

    /// <summary>The migrations of a request.</summary>
    internal static IEnumerable<MigrationSpec> Migrations(ReleaseRequest request) =>
        request.Preflight.Dependencies.Databases.Select(database => database.Migration).OfType<MigrationSpec>();
}
