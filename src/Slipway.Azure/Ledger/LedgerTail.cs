using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Slipway.Azure.Storage;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;

namespace Slipway.Azure.Ledger;

/// <summary>
/// What this process knows of one ledger: its segments, the head of its chain, and where each entry stands. Always a prefix of the truth, and
/// brought up to it by one request. Holds ids and positions, not entries. Take <see cref="Gate"/> for each use.
/// </summary>
internal sealed class LedgerTail
{
    private readonly BlobContainerClient _container;
    private readonly ReleaseId _release;
    private readonly int _entriesPerSegment;
    private readonly List<LedgerSegment> _segments = [];
    private readonly Dictionary<string, long> _sequences = new(StringComparer.Ordinal);
    private string _hash = LedgerChain.Genesis;

    public LedgerTail(BlobContainerClient container, ReleaseId release, int entriesPerSegment)
    {
        (_container, _release, _entriesPerSegment) = (container, release, entriesPerSegment);
        _segments.Add(Segment(1));
    }

    public SemaphoreSlim Gate { get; } = new(1, 1);

    /// <summary>How often the gate was taken; written under it, and read by who waits: a queue that moves is no request that hangs.</summary>
    public long Entered { get; set; }

    /// <summary>The first blob, whose creation is the ledger's.</summary>
    public AppendBlobClient First => _segments[0].Blob;

    /// <summary>The last known sequence; 0: nothing is known.</summary>
    public long Last => _sequences.Count;

    /// <summary>The name of the blob that begins with an entry.</summary>
    public static string NameOf(ReleaseId release, long first) => $"{release}/{first:D10}.jsonl";

    /// <summary>The entries behind a sequence, and nothing is unknown after it; null when there is no such ledger.</summary>
    public async Task<IReadOnlyList<LedgerEntry>?> ReadAsync(long after, CancellationToken cancellation)
    {
        // What is unknown is learnt in any case: a reader that skips entries must not leave a hole.
        var from = Math.Min(after, Last) + 1;
        var entries = new List<LedgerEntry>();
        for (var index = _segments.FindLastIndex(segment => segment.First <= from); index < _segments.Count; index++)
        {
            var segment = _segments[index];
            var found = await segment.ReadAsync(Math.Max(from, segment.First), cancellation);
            if (found is null)
            {
                if (index == 0) return null;
                _segments.RemoveAt(index);
                break;
            }

            entries.AddRange(found);
            Learn(found);
            if (index == _segments.Count - 1 && segment.Count >= _entriesPerSegment) _segments.Add(Segment(Last + 1));
        }

        return after >= from ? [.. entries.Where(entry => entry.Sequence > after)] : entries;
    }

    /// <summary>The sequence of an entry by its id; null: it is not among those known.</summary>
    public long? Find(string entryId) => _sequences.TryGetValue(entryId, out var sequence) ? sequence : null;

    /// <summary>The entry that a draft becomes behind the head, or behind another new entry.</summary>
    public LedgerEntry Link(LedgerEntry? behind, LedgerDraft draft) =>
        behind is null ? LedgerChain.Link(Last, _hash, draft) : LedgerChain.Link(behind.Sequence, behind.Hash, draft);

    /// <summary>Appends linked entries in one block; false when somebody else was first: read, and link anew.</summary>
    public async Task<bool> AppendAsync(IReadOnlyList<LedgerEntry> entries, CancellationToken cancellation)
    {
        var segment = _segments[^1];
        if (segment.Count >= _entriesPerSegment)
        {
            segment = Segment(Last + 1);
            _segments.Add(segment);
        }

        if (segment.Count == 0 && segment.First > 1) await CreateAsync(segment.Blob, cancellation);
        if (!await segment.AppendAsync(entries, cancellation)) return false;
        Learn(entries);
        return true;
    }

    /// <summary>Another writer may have made the same segment: that one is as good.</summary>
    private static async Task CreateAsync(AppendBlobClient blob, CancellationToken cancellation)
    {
        try
        {
            await blob.CreateAsync(new AppendBlobCreateOptions { HttpHeaders = Headers, Conditions = new AppendBlobRequestConditions { IfNoneMatch = ETag.All } }, cancellation);
        }
        catch (RequestFailedException there) when (BlobPort.IsUnmet(there))
        {
            // As it should be; what is appended next tells whether it is the same.
        }
    }

    internal static BlobHttpHeaders Headers { get; } = new() { ContentType = "application/x-ndjson" };

    private void Learn(IEnumerable<LedgerEntry> entries)
    {
        foreach (var entry in entries.Where(entry => entry.Sequence == Last + 1))
        {
            _sequences.Add(entry.EntryId, entry.Sequence);
            _hash = entry.Hash;
        }
    }

    private LedgerSegment Segment(long first) => new(_container.GetAppendBlobClient(NameOf(_release, first)), first);
}
