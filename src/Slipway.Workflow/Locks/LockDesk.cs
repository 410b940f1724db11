using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;

namespace Slipway.Workflow.Locks;

/// <summary>What operators ask about locks: who holds what, and taking a lock away from a release that will not give it up.</summary>
/// <param name="locks">The locks.</param>
/// <param name="journal">Ledgers with their folded state.</param>
/// <param name="client">The engine.</param>
/// <param name="time">The clock of this host.</param>
public sealed class LockDesk(ILocks locks, ReleaseJournal journal, IReleaseClient client, TimeProvider time)
{
    /// <summary>Every lock that is held, ascending by resource, with what its holder is doing.</summary>
    public async Task<IReadOnlyList<LockView>> ListAsync(CancellationToken cancellation)
    {
        var views = new List<LockView>();
        foreach (var held in await locks.ListAsync(cancellation)) views.Add(await ViewAsync(held, cancellation));
        return views;
    }

    /// <summary>
    /// Takes one lock away from its holder, whose ledger says so before it is done. Idempotent: a lock that is free stays free. A holder that
    /// is running and has users exposed keeps its lock unless <paramref name="force"/>; it is then held until a person decides.
    /// </summary>
    /// <param name="resource">As <see cref="ListAsync"/> names it.</param>
    /// <param name="by">The authenticated operator.</param>
    /// <param name="reason">Why; not blank.</param>
    /// <param name="force">Also from a release that is running and exposed.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public async Task<UnlockOutcome> UnlockAsync(string resource, string by, string reason, bool force, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        var all = await locks.ListAsync(cancellation);
        if (all.FirstOrDefault(one => one.Resource == resource) is not { } held) return new UnlockOutcome.NotHeld([.. all.Select(one => one.Resource)]);
        var state = await journal.StateAsync(held.Holder, cancellation);
        var exposed = state is { IsTerminal: false, ExposureBegun: true };
        if (exposed && !force) return new UnlockOutcome.Exposed(await ViewAsync(held, cancellation));
        if (state is null)
        {
            await locks.ReleaseAsync(resource, held.Holder, cancellation);
            return new UnlockOutcome.Done(held, null);
        }

        var now = time.GetUtcNow();
        var id = EffectIdOf(held);
        await journal.AppendAsync(
            held.Holder,
            [
                new LedgerDraft($"{id}:revoked", now, by, new LockRevoked(resource, by, reason, exposed)),
                new LedgerDraft($"{id}:intent", now, by, new EffectIntended(id, EffectKind.Lock, resource, $"take the lock away from {held.Holder}")),
            ],
            cancellation);
        await client.WakeAsync(held.Holder, cancellation);
        await RemoveAsync(held.Holder, id, resource, true, by, cancellation);
        return new UnlockOutcome.Done(held, state.IsTerminal ? null : state.Phase);
    }

    /// <summary>
    /// Does what somebody's <see cref="UnlockAsync"/> left undone when its host died, or its ledger went away, half way: a lock that is still the one that was
    /// to be taken away is taken away, and the ledger gets the entry of that. Whoever asks again hears that nobody holds the lock, and could not
    /// bring it about. Idempotent; whether there was anything to do.
    /// </summary>
    /// <param name="release">The holder.</param>
    /// <param name="state">Its state.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public async Task<bool> FinishAsync(ReleaseId release, ReleaseState state, CancellationToken cancellation)
    {
        var open = state.OpenUnlocks.ToList();
        if (open.Count == 0) return false;
        var held = await locks.ListAsync(cancellation);

        // It is to know of the revocation before another release can have the lock.
        if (!state.IsTerminal) await client.WakeAsync(release, cancellation);
        foreach (var unlock in open)
        {
            // One that was taken again since is another lock.
            var same = held.Any(one => one.Holder == release && one.Resource == unlock.Target && EffectIdOf(one) == unlock.EffectId);
            await RemoveAsync(release, unlock.EffectId, unlock.Target, same, "slipway", cancellation);
        }

        return true;
    }

    private async Task RemoveAsync(ReleaseId holder, string id, string resource, bool held, string by, CancellationToken cancellation)
    {
        var removed = held && await locks.ReleaseAsync(resource, holder, cancellation);
        await journal.AppendAsync(
            holder,
            [new LedgerDraft($"{id}:done", time.GetUtcNow(), by, new EffectFinished(
                id, EffectKind.Lock, resource, removed ? EffectOutcome.Done : EffectOutcome.AlreadyDone, removed ? "taken away" : "given up meanwhile", null))],
            cancellation);
    }

    /// <summary>One lock that was taken once is taken away once, however often that is asked for.</summary>
    private static string EffectIdOf(HeldLock held) => $"{ReleaseState.UnlockPrefix}{held.Resource}:{held.Since?.UtcTicks ?? 0}";

    private async Task<LockView> ViewAsync(HeldLock held, CancellationToken cancellation)
    {
        var state = await journal.StateAsync(held.Holder, cancellation);
        return new LockView(held.Resource, held.Holder, held.Since, state?.Phase, state?.Exposure.Value ?? 0);
    }
}

/// <summary>A lock, its holder, and what that is doing.</summary>
/// <param name="Resource">What is locked.</param>
/// <param name="Holder">The release that holds it.</param>
/// <param name="Since">When it was taken; null: not known.</param>
/// <param name="Phase">Where the holder stands; null: it has no ledger.</param>
/// <param name="Percentage">The holder's exposure in percent, as last read back.</param>
public sealed record LockView(string Resource, ReleaseId Holder, DateTimeOffset? Since, ReleasePhase? Phase, decimal Percentage);

/// <summary>How taking a lock away ended.</summary>
public abstract record UnlockOutcome
{
    /// <summary>The lock is free.</summary>
    /// <param name="Lock">The lock as it was.</param>
    /// <param name="Running">Where its holder stands when it is still running; null: it is over.</param>
    public sealed record Done(HeldLock Lock, ReleasePhase? Running) : UnlockOutcome;

    /// <summary>Nobody holds it; nothing was done.</summary>
    /// <param name="Held">What is held.</param>
    public sealed record NotHeld(IReadOnlyList<string> Held) : UnlockOutcome;

    /// <summary>Its holder is running and has users exposed; nothing was done.</summary>
    public sealed record Exposed(LockView Lock) : UnlockOutcome;
}
