using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Slipway.Azure.Storage;
using Slipway.Core.Releases;
using Slipway.Workflow.Retention;

namespace Slipway.Azure.Archive;

/// <summary>Files of releases that are over as blobs, <c>RELEASE/FILE</c>, and their marks as the metadata of empty ones, <c>_marks/RELEASE</c>: no release's id begins like that.</summary>
/// <param name="container">The container of the documents.</param>
/// <param name="time">The clock.</param>
public sealed class BlobReleaseArchive(BlobContainerClient container, TimeProvider time) : IReleaseArchive
{
    private const string Folder = "_marks/";
    private const string Until = "until";
    private const string Purged = "purged";

    private readonly BlobPort _port = new("archive", time);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<ReleaseId, ArchiveMark>> MarksAsync(CancellationToken cancellation) => _port.CallAsync<IReadOnlyDictionary<ReleaseId, ArchiveMark>>(
        async () =>
        {
            var found = new Dictionary<ReleaseId, ArchiveMark>();
            await foreach (var blob in container.GetBlobsAsync(new GetBlobsOptions { Traits = BlobTraits.Metadata, Prefix = Folder }, cancellation))
            {
                if (ReleaseId.TryParse(blob.Name[Folder.Length..], out var release) && BlobNames.At(blob.Metadata, Until) is { } until)
                    found[release] = new ArchiveMark(until, blob.Metadata.ContainsKey(Purged));
            }

            return found;
        },
        cancellation);

    /// <inheritdoc/>
    public async Task PutAsync(ReleaseId release, IReadOnlyList<ArchivedFile> files, ArchiveMark mark, CancellationToken cancellation)
    {
        foreach (var file in files)
        {
            var options = new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentType = file.MediaType } };
            await _port.CallAsync(() => container.GetBlobClient($"{release}/{file.Name}").UploadAsync(BinaryData.FromString(file.Text), options, cancellation), cancellation);
        }

        await MarkAsync(release, mark, cancellation);
    }

    /// <inheritdoc/>
    public Task MarkAsync(ReleaseId release, ArchiveMark mark, CancellationToken cancellation)
    {
        var metadata = new Dictionary<string, string> { [Until] = BlobNames.Mark(mark.Until) };
        if (mark.Purged) metadata[Purged] = "yes";
        return _port.CallAsync(() => container.GetBlobClient(Folder + release.Value).UploadAsync(BinaryData.Empty, new BlobUploadOptions { Metadata = metadata }, cancellation), cancellation);
    }
}
