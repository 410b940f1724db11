using System.Text.RegularExpressions;
using Slipway.Core.Requests;

namespace Slipway.Core.Planning.Risk;

/// <summary>A migration with what it risks.</summary>
/// <param name="Kind">What it does to the data there is.</param>
/// <param name="Risk"><see cref="ChangeRisk.Medium"/> or <see cref="ChangeRisk.High"/>.</param>
/// <param name="Irreversible">Whether data that it changes or takes away cannot be had back.</param>
/// <param name="Reason">Why, in words that follow the database's name.</param>
public sealed record ClassifiedMigration(MigrationKind Kind, ChangeRisk Risk, bool Irreversible, string Reason);

/// <summary>
/// What a migration risks.
/// <list type="table">
/// <listheader><term>Migration</term><description>Risk</description></listheader>
/// <item><term>additive, with a way back that is safe with data written since</term><description>medium</description></item>
/// <item><term>additive, without one</term><description>high</description></item>
/// <item><term>data or destructive, with one</term><description>high</description></item>
/// <item><term>data or destructive, without one</term><description>high, and irreversible</description></item>
/// </list>
/// </summary>
public static partial class MigrationRisk
{
    /// <summary>Judges a migration. A kind that is not stated is told from the words of <see cref="MigrationSpec.Up"/>, a name or a
    /// statement: DROP, DELETE, TRUNCATE and RENAME are destructive, UPDATE, INSERT, MERGE and BACKFILL are data, anything else is additive.</summary>
    public static ClassifiedMigration Of(MigrationSpec migration)
    {
        var kind = migration.Kind ?? KindOf(migration.Up);
        var safe = migration.HasSafeWayBack;
        return (kind, safe) switch
        {
            (MigrationKind.Additive, true) => new(kind, ChangeRisk.Medium, false, "is migrated"),
            (MigrationKind.Additive, false) => new(kind, ChangeRisk.High, false, "is migrated without a way back that is safe with data written since"),
            (_, true) => new(kind, ChangeRisk.High, false, $"has {What(kind)} by {migration.Up}"),
            _ => new(kind, ChangeRisk.High, true, $"has {What(kind)} by {migration.Up}, without a way back that is safe with data written since"),
        };
    }

    private static string What(MigrationKind kind) => kind == MigrationKind.Data ? "rows changed" : "something taken away";

    private static MigrationKind KindOf(string up) =>
        Destructive().IsMatch(up) ? MigrationKind.Destructive : Data().IsMatch(up) ? MigrationKind.Data : MigrationKind.Additive;

    [GeneratedRegex("(?<![a-z])(drop|delete|truncate|rename)(?![a-z])", RegexOptions.IgnoreCase)]
    private static partial Regex Destructive();

    [GeneratedRegex("(?<![a-z])(update|insert|merge|backfill)(?![a-z])", RegexOptions.IgnoreCase)]
    private static partial Regex Data();
}
