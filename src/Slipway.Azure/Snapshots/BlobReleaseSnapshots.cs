using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Slipway.Azure.Storage;
using Slipway.Core.Releases;
using Slipway.Core.Serialization;
using Slipway.Workflow.Ports;

namespace Slipway.Azure.Snapshots;

/// <summary>
/// The newest report of each release, <c>reports/RELEASE.json</c>, and its summary, <c>releases/START/RELEASE.json</c>, whose names sort as the
/// list does. A write is on the condition that what is there has not changed, so that an older snapshot never replaces a newer one. A list is
/// one request for each 5,000 releases, and one for each summary that has changed since this process last read it.
/// </summary>
public sealed class BlobReleaseSnapshots(BlobContainerClient container, TimeProvider time) : IReleaseSnapshots
{
    private const string Summaries = "releases/";
    private const string Sequence = "sequence";
    private const string Listed = "listed";

    /// <summary>So many blobs are remembered, to save requests for what has not changed.</summary>
    private const int MostKept = 20_000;

    /// <summary>Summaries under way to be read at once.</summary>
    private const int ReadsAtOnce = 32;

    private readonly BlobPort _port = new("snapshots", time);
    private readonly ConcurrentDictionary<string, (ETag Tag, ReleaseSummary Summary)> _read = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Written> _written = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async Task PutAsync(ReleaseSnapshot snapshot, CancellationToken cancellation)
    {
        // The report first: a list that lags behind is put right by the next entry.
        var listed = NameOf(snapshot.Summary);
        var report = await WriteAsync(ReportOf(snapshot.Release), snapshot.Sequence, BinaryData.FromObjectAsJson(snapshot, SlipwayJson.Options), listed, cancellation);
        if (!report.Written) return;
        await WriteAsync(listed, snapshot.Sequence, BinaryData.FromObjectAsJson(snapshot.Summary, SlipwayJson.Options), listed, cancellation);

        // The start moves once, from the request to the moment at which it began.
        if (report.Listed is { Length: > 0 } before && before != listed)
        {
            await _port.TryAsync(() => container.GetBlobClient(before).DeleteAsync(cancellationToken: cancellation), cancellation);
            _written.TryRemove(before, out _);
        }
    }

    /// <inheritdoc/>
    public Task<ReleaseSnapshot?> GetAsync(ReleaseId release, CancellationToken cancellation) => _port.FindAsync<ReleaseSnapshot?>(
        async () => Read<ReleaseSnapshot>(await container.GetBlobClient(ReportOf(release)).DownloadContentAsync(cancellation)),
        null,
        cancellation);

    /// <summary>The summaries of all releases, newest start first and by id within the same start. Throws
    /// <see cref="ArgumentOutOfRangeException"/> on a negative number.</summary>
    public async Task<IReadOnlyList<ReleaseSummary>> ListAsync(int skip, int take, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(skip);
        ArgumentOutOfRangeException.ThrowIfNegative(take);
        if (take == 0) return [];
        var wanted = await _port.CallAsync(
            async () =>
            {
                var names = new List<(string Name, ETag Tag)>();
                var index = 0;
                await foreach (var blob in container.GetBlobsAsync(new GetBlobsOptions { Prefix = Summaries }, cancellation))
                {
                    if (index++ < skip) continue;
                    names.Add((blob.Name, blob.Properties.ETag!.Value));
                    if (names.Count == take) break;
                }

                return names;
            },
            cancellation);
        var summaries = new List<ReleaseSummary>(wanted.Count);
        foreach (var some in wanted.Chunk(ReadsAtOnce)) summaries.AddRange((await Task.WhenAll(some.Select(one => SummaryAsync(one.Name, one.Tag, cancellation)))).OfType<ReleaseSummary>());
        return summaries;
    }

    private async Task<ReleaseSummary?> SummaryAsync(string name, ETag tag, CancellationToken cancellation)
    {
        if (_read.TryGetValue(name, out var known) && known.Tag == tag) return known.Summary;
        return await _port.FindAsync<ReleaseSummary?>(
            async () =>
            {
                BlobDownloadResult there = await container.GetBlobClient(name).DownloadContentAsync(cancellation);
                var summary = Read<ReleaseSummary>(there);
                Keep(_read, name, (there.Details.ETag, summary));
                return summary;
            },
            null,
            cancellation);
    }

    private static string ReportOf(ReleaseId release) => $"reports/{release}.json";

    private static string NameOf(ReleaseSummary summary) => $"{Summaries}{BlobNames.Descending(summary.StartedAt)}/{summary.Id}.json";

    /// <summary>Writes unless something newer is there; says what the blob was listed under before.</summary>
    private async Task<(bool Written, string? Listed)> WriteAsync(string name, long sequence, BinaryData content, string listed, CancellationToken cancellation)
    {
        var blob = container.GetBlobClient(name);
        var known = _written.TryGetValue(name, out var last) ? last : null;
        while (known is null || known.Sequence <= sequence)
        {
            var tag = default(ETag);
            var conditions = known is null ? new BlobRequestConditions { IfNoneMatch = ETag.All } : new BlobRequestConditions { IfMatch = known.Tag };
            if (await _port.TryAsync(async () => tag = (await blob.UploadAsync(content, Options(sequence, listed, conditions), cancellation)).Value.ETag, cancellation))
            {
                Keep(_written, name, new Written(tag, sequence, listed));
                return (true, known?.Listed);
            }

            var there = await _port.FindAsync<BlobProperties?>(async () => (await blob.GetPropertiesAsync(cancellationToken: cancellation)).Value, null, cancellation);
            known = there is null ? null : new Written(there.ETag, SequenceOf(there), there.Metadata.TryGetValue(Listed, out var under) ? under : "");
        }

        return (false, null);
    }

    private static void Keep<T>(ConcurrentDictionary<string, T> kept, string name, T value)
    {
        if (kept.Count > MostKept) kept.Clear();
        kept[name] = value;
    }

    private static BlobUploadOptions Options(long sequence, string listed, BlobRequestConditions conditions) => new()
    {
        HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" },
        Metadata = new Dictionary<string, string> { [Sequence] = sequence.ToString(CultureInfo.InvariantCulture), [Listed] = listed },
        Conditions = conditions,
    };

    private static long SequenceOf(BlobProperties there) =>
        there.Metadata.TryGetValue(Sequence, out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) ? sequence : 0;

    private static T Read<T>(BlobDownloadResult there)
        where T : class => there.Content.ToObjectFromJson<T>(SlipwayJson.Options) ?? throw new JsonException("A stored snapshot is null.");

    /// <summary>What this process knows of a blob.</summary>
    /// <param name="Tag">Its ETag after the last write, or look.</param>
    /// <param name="Sequence">The ledger entry that it reflects.</param>
    /// <param name="Listed">The summary's name at that time.</param>
    private sealed record Written(ETag Tag, long Sequence, string Listed);
}
