using System.Globalization;
using Slipway.Core.Documents.Markdown;
using Slipway.Core.Strategies;

namespace Slipway.Core.Documents.Rollback;

/// <summary>
/// The way back as a short numbered list, in the order in which the workflow goes it: tell, flags, configuration, code, migrations, caches,
/// verify, tell. Never more than <see cref="MostWords"/> words however much there is to undo: detail goes first, no step ever does.
/// </summary>
internal static class CondensedRollback
{
    /// <summary>Runs of characters that are not white space, with code and numbers.</summary>
    public const int MostWords = 400;

    private const int Details = 4;

    /// <summary>The items, inline Markdown, as detailed as fits.</summary>
    public static IReadOnlyList<string> Items(ReleaseDossier dossier)
    {
        for (var detail = Details; detail > 0; detail--)
        {
            var items = Items(dossier, detail);
            if (Words(items) <= MostWords) return items;
        }

        return Items(dossier, 0);
    }

    /// <summary>The words of the list as it is rendered: its numbers count too.</summary>
    public static int Words(IReadOnlyList<string> items) => items.Sum(item => 1 + item.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length);

    private static IReadOnlyList<string> Items(ReleaseDossier dossier, int detail)
    {
        var procedures = RollbackProcedures.Of(dossier);
        var channel = dossier.Request.Communications.IncidentChannel;
        var where = channel.Length > 0 && detail > 1 ? MarkdownText.Inline(channel, 60) : "the incident channel";
        var databases = dossier.Request.Preflight.Dependencies.Databases.Where(database => database.Migration is not null).ToList();
        var keys = dossier.Request.Rollback?.Configuration ?? [];
        var caches = dossier.Request.Rollback?.Caches;
        var strategy = MarkdownText.Link("rollback-strategy", dossier.Link(DocumentNames.RollbackStrategy));
        return
        [
            $"Run {MarkdownText.Code(dossier.RollbackCommand)}: it does the steps below by itself, in this order, but for those marked *by hand*{(detail > 2 ? $"; details in {strategy}" : "")}.",
            $"Tell {where} and everyone told of the start that the rollback begins (`communication`).",
            procedures.ByFlag
                ? $"Turn off the release flags: {List(dossier.Plan.Flags.Select(flag => flag.Key.ToString()), detail, strategy, " = OFF")} (`flags`)."
                : $"Take all traffic back to the old version by the deploy hook (`{Plain(dossier.RollbackCommand)}`).",
            keys.Count > 0 ? $"Restore the configuration keys {List(keys, detail, strategy, "")} as captured (`configuration`)." : "Leave the configuration: the release changes no key (`configuration`).",
            dossier.Request.Rollback?.Code is { } code ? $"Deploy version {MarkdownText.Inline(code.PreviousVersion, 40)} by the code hook, only if still needed (`code`)." : $"Deploy the previous version *by hand*, only if still needed: see {strategy} (`code`).",
            databases.Count > 0
                ? $"{(BackOperations.HookOf(dossier.Request) is not null && databases.TrueForAll(database => database.Migration!.HasSafeWayBack) ? "Undo the migrations, only behind the previous version" : "Undo the migrations *by hand*")}: {List(databases.Select(database => database.Migration!.Down.Length > 0 ? $"{database.Name} by {database.Migration.Down}" : $"restore {database.Name} from backup"), detail, strategy, "")} (`db-migration`)."
                : "Leave the databases: no migration is needed to be reverted (`db-migration`).",
            caches switch
            {
                null => $"Empty *by hand* the caches that hold answers of the new version: 🚧 which? State {MarkdownText.Code("rollback.caches")}.",
                { Count: 0 } => "Leave caches: none is declared (`caches`).",
                _ => $"Empty the caches{(BackOperations.HookOf(dossier.Request) is null ? " *by hand*" : "")}: {List(caches.Select(cache => cache.Name), detail, strategy, "")} (`caches`).",
            },
            $"Verify with {MarkdownText.Code($"slipway show {dossier.Plan.ReleaseId.Value}")}: every flag read back off, smoke checks pass, metrics as before.",
            $"Tell the same people the verified result{(dossier.Request.System?.CustomerFacing == true ? ", update the status page" : "")}, and schedule the postmortem within 48 hours (`communication`).",
        ];
    }

    /// <summary>Names as code; with little detail without what follows each, with none only their number, as the strategy lists them.</summary>
    private static string List(IEnumerable<string> names, int detail, string strategy, string suffix)
    {
        List<string> all = [.. names];
        return detail switch
        {
            0 => string.Create(CultureInfo.InvariantCulture, $"all {all.Count}, listed in {strategy}{(suffix.Length > 0 ? ", each OFF" : "")}"),
            < 3 => string.Join(", ", all.Select(name => MarkdownText.Code(name, 60))) + (suffix.Length > 0 ? ", all OFF" : ""),
            _ => string.Join(", ", all.Select(name => MarkdownText.Code(name, 120) + suffix)),
        };
    }

    private static string Plain(string command) => command.Replace("`", "", StringComparison.Ordinal);
}
