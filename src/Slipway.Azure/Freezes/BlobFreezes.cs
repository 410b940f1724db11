using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Slipway.Azure.Storage;
using Slipway.Core.Planning;
using Slipway.Core.Serialization;
using Slipway.Workflow.Ports;

namespace Slipway.Azure.Freezes;

/// <summary>Freezes as JSON blobs, <c>freezes/ID</c>; metadata says when each was kept and whether it is over, so that only those that matter are read.</summary>
public sealed class BlobFreezes(BlobContainerClient container, TimeProvider time) : IFreezes
{
    private const string Folder = "freezes/";
    private const string Kept = "kept";
    private const string Until = "until";
    private const string Lifted = "lifted";

    private readonly BlobPort _port = new("freezes", time);

    /// <inheritdoc/>
    public Task<bool> RaiseAsync(FleetFreeze freeze, CancellationToken cancellation)
    {
        var marks = new Dictionary<string, string> { [Kept] = BlobNames.Mark(time.GetUtcNow()) };
        if (freeze.Until is { } until) marks[Until] = BlobNames.Mark(until);
        return WriteAsync(Blob(freeze.Id), freeze, marks, new BlobRequestConditions { IfNoneMatch = ETag.All }, cancellation);
    }

    /// <inheritdoc/>
    public async Task<bool> LiftAsync(string id, FreezeLift lift, CancellationToken cancellation)
    {
        var blob = Blob(id);
        while (await ReadAsync(blob, cancellation) is { } there)
        {
            if (there.Freeze.Lifted is not null) return false;
            var marks = new Dictionary<string, string>(there.Marks) { [Lifted] = BlobNames.Mark(lift.At) };
            if (await WriteAsync(blob, there.Freeze with { Lifted = lift }, marks, new BlobRequestConditions { IfMatch = there.Tag }, cancellation)) return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<FleetFreeze>> InForceAsync(DateTimeOffset at, CancellationToken cancellation)
    {
        var open = (await AllAsync(cancellation)).Where(one => !one.Lifted && (one.Until is null || one.Until > at)).OrderBy(one => one.Kept);
        var freezes = await ReadAsync(open.Select(one => one.Name), cancellation);
        return [.. freezes.Where(freeze => freeze.Lifted is null)];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<FleetFreeze>> ListAsync(int most, CancellationToken cancellation) =>
        await ReadAsync((await AllAsync(cancellation)).OrderByDescending(one => one.Kept).Take(most).Select(one => one.Name), cancellation);

    private BlobClient Blob(string id) => container.GetBlobClient(Folder + BlobNames.Part(id));

    private Task<bool> WriteAsync(BlobClient blob, FleetFreeze freeze, Dictionary<string, string> marks, BlobRequestConditions conditions, CancellationToken cancellation) => _port.TryAsync(
        () => blob.UploadAsync(
            BinaryData.FromObjectAsJson(freeze, SlipwayJson.Options),
            new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" }, Metadata = marks, Conditions = conditions },
            cancellation),
        cancellation);

    private async Task<IReadOnlyList<FleetFreeze>> ReadAsync(IEnumerable<string> names, CancellationToken cancellation)
    {
        var found = await Task.WhenAll(names.Select(name => ReadAsync(container.GetBlobClient(name), cancellation)));
        return [.. found.OfType<Stored>().Select(one => one.Freeze)];
    }

    private Task<Stored?> ReadAsync(BlobClient blob, CancellationToken cancellation) => _port.FindAsync<Stored?>(
        async () =>
        {
            BlobDownloadResult there = await blob.DownloadContentAsync(cancellation);
            var freeze = there.Content.ToObjectFromJson<FleetFreeze>(SlipwayJson.Options) ?? throw new JsonException($"{blob.Name} is null.");
            return new Stored(freeze, there.Details.Metadata, there.Details.ETag);
        },
        null,
        cancellation);

    private Task<List<Mark>> AllAsync(CancellationToken cancellation) => _port.CallAsync(
        async () =>
        {
            var found = new List<Mark>();
            await foreach (var blob in container.GetBlobsAsync(new GetBlobsOptions { Traits = BlobTraits.Metadata, Prefix = Folder }, cancellation))
                found.Add(new Mark(blob.Name, BlobNames.At(blob.Metadata, Kept) ?? default, BlobNames.At(blob.Metadata, Until), blob.Metadata.ContainsKey(Lifted)));
            return found;
        },
        cancellation);

    private sealed record Mark(string Name, DateTimeOffset Kept, DateTimeOffset? Until, bool Lifted);

    private sealed record Stored(FleetFreeze Freeze, IDictionary<string, string> Marks, ETag Tag);
}
