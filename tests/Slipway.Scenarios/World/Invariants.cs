using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Embedded.Flags;

namespace Slipway.Scenarios.World;

/// <summary>The invariants of the design, checked against the ledger and the outside's own records.</summary>
internal static class Invariants
{
    public static async Task CheckAsync(ReleaseWorld world, ReleaseId release)
    {
        var entries = await world.LedgerAsync(release);
        await LedgerInvariants.CheckAsync(entries, world.Flags);
        HookInvariants.Check(world.Hook, entries);
    }

    /// <summary>The same for a release of any engine, by its ledger and the flags' own record; and its reports, which <see cref="ReleaseWorld"/>
    /// looks at by itself.</summary>
    public static async Task CheckAsync(IReadOnlyList<LedgerEntry> entries, SqliteFlagStore flags)
    {
        await LedgerInvariants.CheckAsync(entries, flags);
        ReportChecks.EveryMoment(entries);
    }
}
