using System.Text.Json;
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
    /// Raises a freeze: from its being recorded on no release starts and none grows. Idempotent by <paramref name="id"/>: the same freeze again, perhaps in other
    /// words or by somebody else, changes nothing as long as it is in force, and anything else under the same id is refused. Does nothing when
    /// <paramref name="until"/> is not in the future.
    /// </summary>
    public async Task<FreezeOutcome> RaiseAsync(string id, string by, string reason, DateTimeOffset? until, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        var now = time.GetUtcNow();
        if (until <= now) return new FreezeOutcome.Past();
        var freeze = new FleetFreeze(id, by, reason, now, until?.ToUniversalTime(), null);
        if (await freezes.RaiseAsync(freeze, cancellation)) return new FreezeOutcome.Raised(freeze);

        // Whoever hears that it stands relies on it: one that was lifted, or ends sooner, must not be taken for it.
        var known = (await freezes.ListAsync(int.MaxValue, cancellation)).First(one => one.Id == id);
        return known.IsInForce(now) && known.Until == freeze.Until ? new FreezeOutcome.InForce(known) : new FreezeOutcome.Other(known, known.IsInForce(now));
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
                if (await IsOverAsync(release, cancellation)) continue;
                await client.WakeAsync(release, cancellation);
            }
            catch (PortUnavailableException)
            {
                // The next one may be reached all the same.
            }
        }
    }

    /// <summary>One whose snapshot cannot be made out may wait: waking it costs nothing, and the others do not wait for it.</summary>
    private async Task<bool> IsOverAsync(ReleaseId release, CancellationToken cancellation)
    {
        try
        {
            return await snapshots.GetAsync(release, cancellation) is { Summary.Phase: ReleasePhase.Completed or ReleasePhase.RolledBack or ReleasePhase.Failed };
        }
        catch (JsonException)
        {
            return false;
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

/// <summary>What came of raising a freeze.</summary>
public abstract record FreezeOutcome
{
    /// <summary>It is recorded and in force.</summary>
    public sealed record Raised(FleetFreeze Freeze) : FreezeOutcome;

    /// <summary>It was raised before, with the same end, and is in force; nothing was changed.</summary>
    public sealed record InForce(FleetFreeze Freeze) : FreezeOutcome;

    /// <summary>Another one has its id: it has another end, or is over; nothing was changed.</summary>
    /// <param name="Freeze">The other one.</param>
    /// <param name="Stands">Whether that is in force.</param>
    public sealed record Other(FleetFreeze Freeze, bool Stands) : FreezeOutcome;

    /// <summary>Its end is not in the future; nothing was changed.</summary>
    public sealed record Past : FreezeOutcome;
}
