using Slipway.Core.Releases;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;

namespace Slipway.Workflow.Activities;

/// <summary>
/// Takes the locks of a release, all or none. A lock whose holder is over by its ledger is taken over: its holder gave everything up, so
/// that only a write that landed late, after the holder had given its locks up, can have left it there.
/// </summary>
public sealed class TakeLocks(ILocks locks, ReleaseJournal journal) : IActivity<LockInput, LockOutput>
{
    /// <inheritdoc/>
    public async Task<LockOutput> RunAsync(LockInput input, CancellationToken cancellation)
    {
        var leftBehind = new List<string>();

        // In one order for everybody, so that two releases cannot each hold half.
        foreach (var resource in input.Resources.Order(StringComparer.Ordinal))
        {
            var holder = await locks.TakeAsync(resource, input.Release, cancellation);
            while (holder != input.Release && await journal.StateAsync(holder, cancellation) is { IsTerminal: true })
            {
                // Only that holder's lock goes: somebody else may have taken it over meanwhile, and then it is theirs.
                if (await locks.ReleaseAsync(resource, holder, cancellation)) leftBehind.Add($"{ShownUrl.Of(resource)} of {holder}");
                holder = await locks.TakeAsync(resource, input.Release, cancellation);
            }

            if (holder != input.Release)
            {
                await locks.ReleaseAllAsync(input.Release, cancellation);
                return new LockOutput(ShownUrl.Of(resource), holder);
            }
        }

        return new LockOutput("", null, leftBehind.Count == 0 ? null : leftBehind);
    }
}

/// <summary>Looks, before anything is written, whether a release that is not over holds one of the locks; takes none.</summary>
public sealed class CheckLocks(ILocks locks, ReleaseJournal journal) : IActivity<LockInput, LockOutput>
{
    /// <inheritdoc/>
    public async Task<LockOutput> RunAsync(LockInput input, CancellationToken cancellation)
    {
        foreach (var held in await locks.ListAsync(cancellation))
        {
            if (held.Holder == input.Release || !input.Resources.Contains(held.Resource, StringComparer.Ordinal)) continue;
            if (await journal.StateAsync(held.Holder, cancellation) is not { IsTerminal: true }) return new LockOutput(ShownUrl.Of(held.Resource), held.Holder);
        }

        return new LockOutput("", null);
    }
}

/// <summary>Gives the locks of a release up.</summary>
public sealed class ReleaseLocks(ILocks locks) : IActivity<UnlockInput, UnlockOutput>
{
    /// <inheritdoc/>
    public async Task<UnlockOutput> RunAsync(UnlockInput input, CancellationToken cancellation)
    {
        await locks.ReleaseAllAsync(input.Release, cancellation);
        return new UnlockOutput();
    }
}
