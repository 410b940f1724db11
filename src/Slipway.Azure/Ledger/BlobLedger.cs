using System.Collections.Concurrent;
using System.Globalization;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Slipway.Azure.Storage;
using Slipway.Azure.Throttling;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Workflow.Ports;

namespace Slipway.Azure.Ledger;

/// <summary>
/// Ledgers as append blobs, <c>RELEASE/SEQUENCE.jsonl</c>: one JSON line an entry, as <see cref="LedgerLines"/> writes them, a new blob behind
/// each 10,000 entries. Only creates and appends, which an immutability policy with protected append writes allows. An append is one block on
/// the condition that the blob is as long as this process knows it to be: whoever was second reads what is new and links anew, so that
/// sequences have no gap however many processes write. Reading what is new costs one request. Within the process requests about one ledger go
/// one after the other, unless one hangs: what is known of a ledger's positions is then learnt anew, as another process would. Safe for concurrent use.
/// </summary>
public sealed class BlobLedger : ILedger
{
    private const string ContentHash = "contenthash";
    private const string Created = "created";

    /// <summary>So many ledgers' positions are kept in memory, some 100 bytes an entry; others are read again when they are asked for.</summary>
    private const int TailsKept = 256;

    /// <summary>So long whoever asks for a ledger waits for somebody else's one request about it; then he asks for himself.</summary>
    public static readonly TimeSpan OthersPatience = TimeSpan.FromSeconds(2);

    private readonly BlobContainerClient _container;
    private readonly TimeProvider _time;
    private readonly BlobPort _port;
    private readonly int _entriesPerSegment;
    private readonly ConcurrentDictionary<ReleaseId, LedgerTail> _tails = new();

    /// <summary>Opens the ledgers.</summary>
    /// <param name="container">Where they are kept; nothing else is in it.</param>
    /// <param name="time">Says when a ledger was made, for their order.</param>
    /// <param name="entriesPerSegment">A blob with so many entries is not appended to any more; a blob takes 50,000 blocks at most.</param>
    public BlobLedger(BlobContainerClient container, TimeProvider time, int entriesPerSegment = 10_000)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(entriesPerSegment);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entriesPerSegment, 50_000);
        (_container, _time, _entriesPerSegment) = (container, time, entriesPerSegment);
        _port = new BlobPort("ledger", time);
    }

    /// <inheritdoc/>
    public async Task<LedgerCreation> CreateAsync(ReleaseId release, LedgerDraft first, CancellationToken cancellation)
    {
        if (first.Body is not ReleaseCreated created)
            throw new ArgumentException($"A ledger begins with {nameof(ReleaseCreated)}, not {first.Body.GetType().Name}.", nameof(first));
        return await WithTailAsync(release, async tail =>
        {
            var made = await _port.TryAsync(() => tail.First.CreateAsync(Options(created.ContentHash), cancellation), cancellation);
            if (!made)
            {
                BlobProperties there = await _port.CallAsync(() => tail.First.GetPropertiesAsync(cancellationToken: cancellation), cancellation);
                if (there.Metadata.TryGetValue(ContentHash, out var hash) && hash != created.ContentHash) return LedgerCreation.OtherContent;
            }

            // Who creates the blob may die before it writes: whoever writes the first entry has created the release.
            if (await _port.CallAsync(() => tail.ReadAsync(0, cancellation), cancellation) is { Count: > 0 }) return LedgerCreation.SameContent;
            return await _port.CallAsync(() => tail.AppendAsync([tail.Link(null, first)], cancellation), cancellation) ? LedgerCreation.Created : LedgerCreation.SameContent;
        }, cancellation);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<LedgerEntry>> AppendAsync(ReleaseId release, IReadOnlyList<LedgerDraft> drafts, CancellationToken cancellation) => WithTailAsync(release, async tail =>
    {
        if (tail.Last == 0) await LearnAsync(release, tail, cancellation);
        while (true)
        {
            var added = new Dictionary<string, LedgerEntry>(StringComparer.Ordinal);
            LedgerEntry? behind = null;
            foreach (var draft in drafts.Where(draft => tail.Find(draft.EntryId) is null && !added.ContainsKey(draft.EntryId)))
                added.Add(draft.EntryId, behind = tail.Link(behind, draft));
            LedgerEntry[] entries = [.. added.Values.OrderBy(entry => entry.Sequence)];
            if (entries.Length > 0)
            {
                RequireOneBlock(release, tail, entries);

                // An answer that was lost is no failure: the entries are found by their ids when the ledger is read again.
                if (!await _port.CallAsync(() => tail.AppendAsync(entries, cancellation), cancellation))
                {
                    await LearnAsync(release, tail, cancellation);
                    continue;
                }
            }

            return await AsStoredAsync(release, tail, drafts, added, cancellation);
        }
    }, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<LedgerEntry>> ReadAsync(ReleaseId release, long after, CancellationToken cancellation) => WithTailAsync(release, async tail =>
    {
        if (await _port.CallAsync(() => tail.ReadAsync(after, cancellation), cancellation) is { } entries) return entries;
        _tails.TryRemove(release, out _);
        return [];
    }, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ReleaseId>> ListAsync(CancellationToken cancellation) => _port.CallAsync<IReadOnlyList<ReleaseId>>(
        async () =>
        {
            var found = new List<(long Created, ReleaseId Release)>();
            await foreach (var blob in _container.GetBlobsAsync(new GetBlobsOptions { Traits = BlobTraits.Metadata }, cancellation))
            {
                // Only a ledger's first blob says when it was made.
                if (!blob.Metadata.TryGetValue(Created, out var at) || !long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)) continue;
                if (ReleaseId.TryParse(blob.Name.Split('/')[0], out var release)) found.Add((ticks, release));
            }

            return [.. found.OrderByDescending(one => one.Created).ThenBy(one => one.Release.Value, StringComparer.Ordinal).Select(one => one.Release)];
        },
        cancellation);

    private AppendBlobCreateOptions Options(string contentHash) => new()
    {
        HttpHeaders = LedgerTail.Headers,
        Metadata = new Dictionary<string, string> { [ContentHash] = contentHash, [Created] = _time.GetUtcNow().UtcTicks.ToString(CultureInfo.InvariantCulture) },
        Conditions = new AppendBlobRequestConditions { IfNoneMatch = ETag.All },
    };

    private async Task LearnAsync(ReleaseId release, LedgerTail tail, CancellationToken cancellation)
    {
        if (await _port.CallAsync(() => tail.ReadAsync(tail.Last, cancellation), cancellation) is not null && tail.Last > 0) return;
        _tails.TryRemove(release, out _);
        throw new KeyNotFoundException($"There is no ledger of a release '{release}'.");
    }

    private static void RequireOneBlock(ReleaseId release, LedgerTail tail, IReadOnlyList<LedgerEntry> entries)
    {
        var bytes = LedgerSegment.Lines(entries).Length;
        if (bytes > tail.First.AppendBlobMaxAppendBlockBytes)
            throw new ArgumentException($"{entries.Count} entries of '{release}' are {bytes:N0} bytes; at most {tail.First.AppendBlobMaxAppendBlockBytes:N0} can be appended at once.", nameof(entries));
    }

    private async Task<IReadOnlyList<LedgerEntry>> AsStoredAsync(
        ReleaseId release, LedgerTail tail, IReadOnlyList<LedgerDraft> drafts, Dictionary<string, LedgerEntry> added, CancellationToken cancellation)
    {
        var known = drafts.Where(draft => !added.ContainsKey(draft.EntryId)).Select(draft => tail.Find(draft.EntryId)!.Value).ToList();
        if (known.Count > 0)
        {
            var stored = await _port.CallAsync(() => tail.ReadAsync(known.Min() - 1, cancellation), cancellation)
                ?? throw new KeyNotFoundException($"There is no ledger of a release '{release}' any more.");
            foreach (var entry in stored.Where(entry => known.Contains(entry.Sequence))) added[entry.EntryId] = entry;
        }

        return [.. drafts.Select(draft => added[draft.EntryId])];
    }

    private async Task<T> WithTailAsync<T>(ReleaseId release, Func<LedgerTail, Task<T>> work, CancellationToken cancellation)
    {
        var tail = await EnterAsync(release, cancellation);
        try
        {
            return await work(tail);
        }
        finally
        {
            tail.Gate.Release();
        }
    }

    /// <summary>The positions of a ledger, with their gate taken. Behind a request that hangs nobody queues: whoever waited while nobody else got on
    /// begins with positions of his own, and whoever comes next goes on with these. A queue that moves is waited for.</summary>
    private async Task<LedgerTail> EnterAsync(ReleaseId release, CancellationToken cancellation)
    {
        while (true)
        {
            var tail = _tails.GetOrAdd(release, NewTail);
            if (_tails.Count > TailsKept) _tails.TryRemove(_tails.Keys.First(other => other != release), out _);
            var entered = tail.Entered;
            if (await tail.Gate.TryEnterAsync(OthersPatience, _time, cancellation))
            {
                tail.Entered++;
                return tail;
            }

            if (tail.Entered == entered) _tails.TryUpdate(release, NewTail(release), tail);
        }
    }

    private LedgerTail NewTail(ReleaseId release) => new(_container, release, _entriesPerSegment);
}
