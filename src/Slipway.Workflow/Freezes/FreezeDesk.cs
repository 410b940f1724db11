using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;

namespace Slipway.Workflow.Freezes;

/// <summary>What operators ask about freezes: raise one over every release of the server, show them, lift them.</summary>
/// <param name="freezes">The freezes.</param>
/// <param name="journal">The releases.</param>
/// <param name="snapshots">For telling at a glance which releases are over.</param>
/// <param name="client">The engine.</param>
/// <param name="time">The clock of this host.</param>
public sealed class FreezeDesk(IFreezes freezes, ReleaseJournal journal, IReleaseSnapshots snapshots, IReleaseClient client, TimeProvider time)
{
    /// <summary>How many freezes are shown.</summary>
    public const int Shown = 50;

    /// <summary>The freezes in force now, and the newest of all.</summary>
    public async Task<FreezeStatus> ShowAsync(CancellationToken cancellation) =>
        new(await freezes.InForceAsync(time.GetUtcNow(), cancellation), await freezes.ListAsync(Shown, cancellation));

    /// <summary>
    /// Raises a freeze: from its being recorded on no release starts and none grows. Idempotent by <paramref name="id"/>. Returns null, and
    /// does nothing, when <paramref name="until"/> is not in the future.
    /// </summary>
    public async Task<FleetFreeze?> RaiseAsync(string id, string by, string reason, DateTimeOffset? until, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        var now = time.GetUtcNow();
        if (until <= now) return null;
        var freeze = new FleetFreeze(id, by, reason, now, until?.ToUniversalTime(), null);
        if (await freezes.RaiseAsync(freeze, cancellation)) return freeze;
        return (await freezes.ListAsync(int.MaxValue, cancellation)).First(known => known.Id == id);
    }

    /// <summary>Lifts every freeze that is in force, and lets the releases that wait go on; returns what was lifted.</summary>
    public async Task<IReadOnlyList<FleetFreeze>> LiftAsync(string by, string reason, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var lift = new FreezeLift(by, reason, now);
        var lifted = new List<FleetFreeze>();
        foreach (var freeze in await freezes.InForceAsync(now, cancellation))
        {
            if (await freezes.LiftAsync(freeze.Id, lift, cancellation)) lifted.Add(freeze with { Lifted = lift });
        }

        if (lifted.Count > 0) await WakeAsync(cancellation);
        return lifted;
    }

    /// <summary>A wake-up that is lost costs a minute: the sweeper looks for releases that wait for a freeze which is over.</summary>
    private async Task WakeAsync(CancellationToken cancellation)
    {
        foreach (var release in await ReleasesAsync(cancellation))
        {
            try
            {
                if (await snapshots.GetAsync(release, cancellation) is { Summary.Phase: ReleasePhase.Completed or ReleasePhase.RolledBack or ReleasePhase.Failed }) continue;
                await client.WakeAsync(release, cancellation);
            }
            catch (PortUnavailableException)
            {
                // The next one may be reached all the same.
            }
        }
    }

    /// <summary>None while the ledgers are away: the freeze is lifted, and whoever lifted it has to hear that.</summary>
    private async Task<IReadOnlyList<ReleaseId>> ReleasesAsync(CancellationToken cancellation)
    {
        try
        {
            return await journal.ListAsync(cancellation);
        }
        catch (PortUnavailableException)
        {
            return [];
        }
    }
}

/// <summary>The freezes of a server.</summary>
/// <param name="InForce">Those that hold every release now, oldest first; empty: nothing is frozen.</param>
/// <param name="History">The newest of all, newest first.</param>
public sealed record FreezeStatus(IReadOnlyList<FleetFreeze> InForce, IReadOnlyList<FleetFreeze> History);
