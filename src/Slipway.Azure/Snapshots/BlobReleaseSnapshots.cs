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
/// list does. A write is on the condition that what is there has not changed, so that an older snapshot never replaces a newer one. A summary stands in
/// its blob's metadata too, so that a list is one request for each 5,000 releases; one that is too long for that is read when it has changed.
/// </summary>
public sealed class BlobReleaseSnapshots(BlobContainerClient container, TimeProvider time) : IReleaseSnapshots
{
    private const string Summaries = "releases/";
    private const string Sequence = "sequence";
    private const string Listed = "listed";
    private const string Former = "former";
    private const string Summary = "summary";

    /// <summary>Characters of a summary in metadata, of which the service takes 8 KB with all names.</summary>
    private const int LongestMark = 6_000;

    private const int LargestPage = 5_000;

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
        var report = await WriteAsync(ReportOf(snapshot.Release), snapshot.Sequence, BinaryData.FromObjectAsJson(snapshot, SlipwayJson.Options), listed, null, cancellation);
        if (report is null) return;
        await WriteAsync(listed, snapshot.Sequence, BinaryData.FromObjectAsJson(snapshot.Summary, SlipwayJson.Options), listed, MarkOf(snapshot.Summary), cancellation);

        // The start moves once, from the request to the moment at which it began. The report remembers the former place until nothing is there: whoever
        // dies in between leaves it to the next entry.
        if (report.Former.Length == 0) return;
        await _port.TryAsync(() => container.GetBlobClient(report.Former).DeleteAsync(cancellationToken: cancellation), cancellation);
        _written.TryRemove(report.Former, out _);
        if (_written.TryGetValue(ReportOf(snapshot.Release), out var known) && known.Tag == report.Tag) _written[ReportOf(snapshot.Release)] = known with { Former = "" };
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
        var wanted = await _port.CallAsync(() => NamesAsync(skip, take, cancellation), cancellation);
        var summaries = new List<ReleaseSummary>(wanted.Count);
        foreach (var some in wanted.Chunk(ReadsAtOnce)) summaries.AddRange((await Task.WhenAll(some.Select(one => SummaryAsync(one, cancellation)))).OfType<ReleaseSummary>());
        return summaries;
    }

    private async Task<List<BlobItem>> NamesAsync(int skip, int take, CancellationToken cancellation)
    {
        var found = new List<BlobItem>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var pages = container.GetBlobsAsync(new GetBlobsOptions { Traits = BlobTraits.Metadata, Prefix = Summaries }, cancellation)
            .AsPages(pageSizeHint: (int)Math.Min(LargestPage, (long)skip + take + 1));
        await foreach (var page in pages)
        {
            foreach (var blob in page.Values)
            {
                // A release whose start has moved may stand at its former place too. The later start comes first, and is the one that counts.
                if (!seen.Add(blob.Name[(blob.Name.LastIndexOf('/') + 1)..]) || seen.Count <= skip) continue;
                found.Add(blob);
                if (found.Count == take) return found;
            }
        }

        return found;
    }

    private async Task<ReleaseSummary?> SummaryAsync(BlobItem blob, CancellationToken cancellation)
    {
        if (blob.Metadata.TryGetValue(Summary, out var mark) && Marked(mark) is { } marked) return marked;
        var (name, tag) = (blob.Name, blob.Properties.ETag!.Value);
        if (_read.TryGetValue(name, out var known) && known.Tag == tag) return known.Summary;
        return await _port.FindAsync<ReleaseSummary?>(
            async () =>
            {
                BlobDownloadResult there = await container.GetBlobClient(name).DownloadContentAsync(cancellation);
                var summary = Read<ReleaseSummary>(there);
                // Under the tag of the list, which has no quotes around it as that of an answer has: what was read is that or newer.
                Keep(_read, name, (tag, summary));
                return summary;
            },
            null,
            cancellation);
    }

    private static string ReportOf(ReleaseId release) => $"reports/{release}.json";

    private static string NameOf(ReleaseSummary summary) => $"{Summaries}{BlobNames.Descending(summary.StartedAt)}/{summary.Id}.json";

    /// <summary>A summary as metadata; null when it is too long.</summary>
    private static string? MarkOf(ReleaseSummary summary) =>
        BlobNames.Part(JsonSerializer.Serialize(summary, SlipwayJson.Options)) is { Length: <= LongestMark } mark ? mark : null;

    /// <summary>The summary of a mark; null when it is none that this version reads, and the blob itself says more.</summary>
    private static ReleaseSummary? Marked(string mark)
    {
        try
        {
            return BlobNames.Text(mark) is { } text ? JsonSerializer.Deserialize<ReleaseSummary>(text, SlipwayJson.Options) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes unless something newer is there, which is null.</summary>
    private async Task<Written?> WriteAsync(string name, long sequence, BinaryData content, string listed, string? summary, CancellationToken cancellation)
    {
        var blob = container.GetBlobClient(name);
        var known = _written.TryGetValue(name, out var last) ? last : null;
        while (known is null || known.Sequence <= sequence)
        {
            var former = known is null || known.Listed.Length == 0 || known.Listed == listed ? known?.Former ?? "" : known.Listed;
            if (former == listed) former = "";
            var tag = default(ETag);
            var conditions = known is null ? new BlobRequestConditions { IfNoneMatch = ETag.All } : new BlobRequestConditions { IfMatch = known.Tag };
            if (await _port.TryAsync(async () => tag = (await blob.UploadAsync(content, Options(sequence, listed, former, summary, conditions), cancellation)).Value.ETag, cancellation))
            {
                var written = new Written(tag, sequence, listed, former);
                Keep(_written, name, written);
                return written;
            }

            var there = await _port.FindAsync<BlobProperties?>(async () => (await blob.GetPropertiesAsync(cancellationToken: cancellation)).Value, null, cancellation);
            known = there is null ? null : new Written(there.ETag, SequenceOf(there), TextOf(there, Listed), TextOf(there, Former));
        }

        return null;
    }

    private static void Keep<T>(ConcurrentDictionary<string, T> kept, string name, T value)
    {
        if (kept.Count > MostKept) kept.Clear();
        kept[name] = value;
    }

    private static BlobUploadOptions Options(long sequence, string listed, string former, string? summary, BlobRequestConditions conditions)
    {
        var marks = new Dictionary<string, string> { [Sequence] = sequence.ToString(CultureInfo.InvariantCulture), [Listed] = listed };
        if (former.Length > 0) marks[Former] = former;
        if (summary is not null) marks[Summary] = summary;
        return new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" }, Metadata = marks, Conditions = conditions };
    }

    private static string TextOf(BlobProperties there, string mark) => there.Metadata.TryGetValue(mark, out var text) ? text : "";

    private static long SequenceOf(BlobProperties there) =>
        there.Metadata.TryGetValue(Sequence, out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) ? sequence : 0;

    private static T Read<T>(BlobDownloadResult there)
        where T : class => there.Content.ToObjectFromJson<T>(SlipwayJson.Options) ?? throw new JsonException("A stored snapshot is null.");

    /// <summary>What this process knows of a blob.</summary>
    /// <param name="Tag">Its ETag after the last write, or look.</param>
    /// <param name="Sequence">The ledger entry that it reflects.</param>
    /// <param name="Listed">The summary's name at that time.</param>
    /// <param name="Former">Its name before, where something may still stand; empty: nothing does.</param>
    private sealed record Written(ETag Tag, long Sequence, string Listed, string Former);
}
