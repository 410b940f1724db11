using System.Collections.Concurrent;
using Slipway.Core.Ledgers;
using Slipway.Workflow.Ports;

namespace Slipway.Workflow.Releases;

/// <summary>What a <see cref="ReleaseJournal"/> knows of one release: its ledger as far as it is folded, what was published of it last, and which
/// entries this journal is about to append.</summary>
internal sealed class FoldedRelease
{
    private readonly ConcurrentDictionary<string, long> _expected = new(StringComparer.Ordinal);
    private int _reading;

    /// <summary>Held while entries are folded, and never while somebody waits for a store.</summary>
    public Lock Folding { get; } = new();

    /// <summary>The state as far as the ledger is folded. Changed under <see cref="Folding"/> only; it only goes on.</summary>
    public ReleaseState State { get; set; } = ReleaseState.Empty;

    /// <summary>The read from the ledger's beginning that is under way; null: none that others wait for.</summary>
    public Task? FirstRead { get; set; }

    /// <summary>What was published last; null: nothing that still counts. Under <see cref="Folding"/>, as the two that follow.</summary>
    public ReleaseSnapshot? Published { get; set; }

    /// <summary>The ledger's time of the report that was published last.</summary>
    public DateTimeOffset PublishedAt { get; set; }

    /// <summary>Whether the release has moved since its report was made.</summary>
    public bool Moved { get; set; }

    /// <summary>Whether it is among those of which only the last ones are kept.</summary>
    public bool Finished { get; set; }

    /// <summary>Whether somebody reads it now, or appends.</summary>
    public bool IsBusy => Volatile.Read(ref _reading) > 0 || !_expected.IsEmpty;

    /// <summary>Somebody reads until what is returned is disposed.</summary>
    public Reading BeginReading()
    {
        Interlocked.Increment(ref _reading);
        return new Reading(this);
    }

    /// <summary>Notes entries that are about to be appended, and up to where the ledger is folded. Under <see cref="Folding"/>.</summary>
    public void Expect(IReadOnlyList<LedgerDraft> drafts)
    {
        var folded = State.Sequence;
        foreach (var draft in drafts) _expected.TryAdd(draft.EntryId, folded);
    }

    /// <summary>Forgets what turned out to be a repetition: it stands where the fold had been already.</summary>
    public void Forget(IReadOnlyList<LedgerEntry> stored)
    {
        foreach (var entry in stored)
        {
            if (_expected.TryGetValue(entry.EntryId, out var folded) && entry.Sequence <= folded) _expected.TryRemove(entry.EntryId, out _);
        }
    }

    /// <summary>Whether an entry that is being folded was appended here; true once for each.</summary>
    public bool IsExpected(LedgerEntry entry) => !_expected.IsEmpty && _expected.TryRemove(entry.EntryId, out _);

    /// <summary>A read that is under way.</summary>
    public readonly struct Reading(FoldedRelease release) : IDisposable
    {
        /// <summary>Ends it.</summary>
        public void Dispose() => Interlocked.Decrement(ref release._reading);
    }
}
