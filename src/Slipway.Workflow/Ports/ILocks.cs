using Slipway.Core.Releases;

namespace Slipway.Workflow.Ports;

/// <summary>Locks on flags and keys: a record, without expiry, that names its holder.</summary>
public interface ILocks
{
    /// <summary>Takes a lock for a release; returns the holder, which is the release itself when it now holds (or already held) it.</summary>
    Task<ReleaseId> TakeAsync(string resource, ReleaseId release, CancellationToken cancellation);

    /// <summary>Gives up every lock that the release holds.</summary>
    Task ReleaseAllAsync(ReleaseId release, CancellationToken cancellation);

    /// <summary>Removes one lock, if that release still holds it. False: it was free, or another release held it; nothing was changed.</summary>
    Task<bool> ReleaseAsync(string resource, ReleaseId holder, CancellationToken cancellation);

    /// <summary>Every lock that is held, ascending by resource.</summary>
    Task<IReadOnlyList<HeldLock>> ListAsync(CancellationToken cancellation);
}

/// <summary>A lock and its holder.</summary>
/// <param name="Resource">What is locked: <c>flag:NAME</c> or <c>key:NAME</c>.</param>
/// <param name="Holder">The release that holds it.</param>
/// <param name="Since">When it was taken; null for a lock that an older version took, which did not keep that.</param>
public sealed record HeldLock(string Resource, ReleaseId Holder, DateTimeOffset? Since);
