using Slipway.Cli.Tests.Hosting;
using Slipway.Core.Ledgers;
using Slipway.Embedded.Flags;
using Slipway.Embedded.Ledger;
using Slipway.Embedded.Storage;
using Slipway.Scenarios.World;

namespace Slipway.Faults.Kills;

/// <summary>What the ledgers say when the last server is gone, read from the file itself.</summary>
internal static class KilledLedgers
{
    /// <summary>Checks chain, transitions, effects, commands, exposure, gates and verdicts of each release, and that no ledger belongs to nobody.</summary>
    /// <param name="folder">The data folder of a server that is gone.</param>
    /// <param name="releases">Every release that was asked for.</param>
    /// <param name="outages">When no server was there: nobody can honour a command then.</param>
    public static async Task<(int Entries, int Verdicts)> CheckAsync(
        string folder, IReadOnlyList<KilledRelease> releases, IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)> outages)
    {
        await using var database = SlipwayDatabase.Open(folder);
        var (ledger, flags) = (new SqliteLedger(database), new SqliteFlagStore(database, TimeProvider.System));
        var (read, verdicts) = (0, 0);
        foreach (var release in releases)
        {
            var entries = await ledger.ReadAsync(release.Id, 0, default);
            await LedgerInvariants.CheckAsync(entries, flags, (asked, answered) => outages.Any(outage => outage.From <= answered && outage.To >= asked));
            read += entries.Count;
            verdicts += entries.Select(entry => entry.Read()).OfType<IntervalJudged>().Count();
        }

        var known = (await ledger.ListAsync(default)).Select(id => id.Value).Order(StringComparer.Ordinal);
        Assert.Equal(releases.Select(release => release.Id.Value).Order(StringComparer.Ordinal), known);
        return (read, verdicts);
    }
}
