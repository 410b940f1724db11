using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Slipway.Azure.Storage;
using Slipway.Core.Releases;
using Slipway.Workflow.Ports;

namespace Slipway.Azure.Locks;

/// <summary>
/// Locks as empty blobs, <c>locks/RESOURCE</c>: whoever creates the blob holds the lock, and its metadata says who that is and since when. Blob
/// leases are not used: they expire, and a lock must not.
/// </summary>
public sealed class BlobLocks(BlobContainerClient container, TimeProvider time) : ILocks
{
    private const string Folder = "locks/";
    private const string Holder = "release";
    private const string Since = "since";

    private readonly BlobPort _port = new("locks", time);

    /// <inheritdoc/>
    public async Task<ReleaseId> TakeAsync(string resource, ReleaseId release, CancellationToken cancellation)
    {
        var blob = Blob(resource);
        var options = new BlobUploadOptions
        {
            Metadata = new Dictionary<string, string> { [Holder] = release.Value, [Since] = BlobNames.Mark(time.GetUtcNow()) },
            Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
        };
        while (true)
        {
            if (await _port.TryAsync(() => blob.UploadAsync(BinaryData.Empty, options, cancellation), cancellation)) return release;

            // Given up between the two questions: it is asked for again.
            if (await HolderAsync(blob, cancellation) is { } held) return held.Holder;
        }
    }

    /// <inheritdoc/>
    public async Task ReleaseAllAsync(ReleaseId release, CancellationToken cancellation)
    {
        foreach (var (held, tag) in await AllAsync(cancellation))
        {
            if (held.Holder == release) await DeleteAsync(Blob(held.Resource), tag, cancellation);
        }
    }

    /// <inheritdoc/>
    public async Task<bool> ReleaseAsync(string resource, ReleaseId holder, CancellationToken cancellation)
    {
        var blob = Blob(resource);
        return await HolderAsync(blob, cancellation) is { } held && held.Holder == holder && await DeleteAsync(blob, held.Tag, cancellation);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<HeldLock>> ListAsync(CancellationToken cancellation) =>
        [.. (await AllAsync(cancellation)).Select(one => one.Lock).OrderBy(one => one.Resource, StringComparer.Ordinal)];

    private BlobClient Blob(string resource) => container.GetBlobClient(Folder + BlobNames.Part(resource));

    private Task<bool> DeleteAsync(BlobClient blob, ETag tag, CancellationToken cancellation) =>
        _port.TryAsync(() => blob.DeleteAsync(conditions: new BlobRequestConditions { IfMatch = tag }, cancellationToken: cancellation), cancellation);

    private Task<HeldBy?> HolderAsync(BlobClient blob, CancellationToken cancellation) => _port.FindAsync<HeldBy?>(
        async () =>
        {
            BlobProperties there = await blob.GetPropertiesAsync(cancellationToken: cancellation);
            return new HeldBy(ReleaseId.Parse(there.Metadata[Holder]), there.ETag);
        },
        null,
        cancellation);

    private Task<List<(HeldLock Lock, ETag Tag)>> AllAsync(CancellationToken cancellation) => _port.CallAsync(
        async () =>
        {
            var found = new List<(HeldLock, ETag)>();
            await foreach (var blob in container.GetBlobsAsync(new GetBlobsOptions { Traits = BlobTraits.Metadata, Prefix = Folder }, cancellation))
            {
                if (BlobNames.Text(blob.Name[Folder.Length..]) is { } resource && blob.Metadata.TryGetValue(Holder, out var holder) && ReleaseId.TryParse(holder, out var release))
                    found.Add((new HeldLock(resource, release, BlobNames.At(blob.Metadata, Since)), blob.Properties.ETag!.Value));
            }

            return found;
        },
        cancellation);

    private sealed record HeldBy(ReleaseId Holder, ETag Tag);
}
