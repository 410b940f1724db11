using Slipway.Core.Releases;

namespace Slipway.Workflow.Retention;

/// <summary>Where report, ledger and documents of releases that are over are kept, beside the stores that the engine works with.</summary>
public interface IReleaseArchive
{
    /// <summary>What is kept, by release. Throws <see cref="Ports.PortUnavailableException"/> when the store does not answer.</summary>
    Task<IReadOnlyDictionary<ReleaseId, ArchiveMark>> MarksAsync(CancellationToken cancellation);

    /// <summary>Keeps files, over those of an earlier call, and then the mark. Idempotent.</summary>
    Task PutAsync(ReleaseId release, IReadOnlyList<ArchivedFile> files, ArchiveMark mark, CancellationToken cancellation);

    /// <summary>Replaces the mark alone.</summary>
    Task MarkAsync(ReleaseId release, ArchiveMark mark, CancellationToken cancellation);
}

/// <summary>What is known of a kept release.</summary>
/// <param name="Until">The release's last change that is in it.</param>
/// <param name="Purged">Whether the engine has forgotten the release's instances.</param>
public sealed record ArchiveMark(DateTimeOffset Until, bool Purged);

/// <summary>One file.</summary>
/// <param name="Name">Relative to the release, for example <c>documents/rollout-plan.md</c>.</param>
/// <param name="MediaType">Its media type.</param>
/// <param name="Text">Its text, kept as UTF-8.</param>
public sealed record ArchivedFile(string Name, string MediaType, string Text);

/// <summary>Makes the engine forget what is over.</summary>
public interface IInstancePurge
{
    /// <summary>Forgets every instance of a release that is over: its own, its watches, rescue and aftercare. One that still runs is left.
    /// Idempotent. Throws <see cref="Ports.PortUnavailableException"/> when the engine does not answer.</summary>
    Task PurgeAsync(ReleaseId release, CancellationToken cancellation);
}
