using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Slipway.Azure.Storage;
using Slipway.Workflow.Ports;

namespace Slipway.Azure.Policy;

/// <summary>A server policy that was good once.</summary>
/// <param name="Text">Its text, YAML.</param>
/// <param name="At">When it was kept; the beginning of time where the blob does not say.</param>
public sealed record KeptPolicy(string Text, DateTimeOffset At);

/// <summary>
/// The last good server policy, <c>policy/last-good.yaml</c>: what a host goes on with when the policy itself cannot be read. Whoever may write
/// here decides what the host allows then, as they may take locks and freezes away. Safe for concurrent use; the last writer wins.
/// </summary>
/// <param name="container">The container of the state.</param>
/// <param name="time">The clock.</param>
public sealed class BlobPolicyCopy(BlobContainerClient container, TimeProvider time)
{
    private const string Name = "policy/last-good.yaml";
    private const string Kept = "kept";

    private readonly BlobPort _port = new("copy of the server policy", time);

    /// <summary>The copy; null when none was kept yet. Throws <see cref="PortUnavailableException"/> when the store does not answer.</summary>
    public Task<KeptPolicy?> ReadAsync(CancellationToken cancellation) => _port.FindAsync<KeptPolicy?>(
        async () =>
        {
            BlobDownloadResult there = await container.GetBlobClient(Name).DownloadContentAsync(cancellation);
            return new KeptPolicy(there.Content.ToString(), BlobNames.At(there.Details.Metadata, Kept) ?? default);
        },
        null,
        cancellation);

    /// <summary>Keeps a text instead of what was kept before. Throws <see cref="PortUnavailableException"/> when the store does not take it.</summary>
    public Task KeepAsync(string text, CancellationToken cancellation) => _port.CallAsync(
        async () => await container.GetBlobClient(Name).UploadAsync(
            BinaryData.FromString(text),
            new BlobUploadOptions
            {
                HttpHeaders = new BlobHttpHeaders { ContentType = "application/yaml" },
                Metadata = new Dictionary<string, string> { [Kept] = BlobNames.Mark(time.GetUtcNow()) },
            },
            cancellation),
        cancellation);
}
