using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Workflow.Ports;

namespace Slipway.Simulation.World;

/// <summary>Ledgers in memory: entries are made, linked and hashed as in every other store, and each is shown to whoever follows.</summary>
internal sealed class MemoryLedgers(Action<ReleaseId, LedgerEntry, LedgerBody> onEntry) : ILedger
{
    private readonly OrderedDictionary<ReleaseId, Kept> _ledgers = [];

    public IReadOnlyList<LedgerEntry> EntriesOf(ReleaseId release) => _ledgers[release].Entries;

    /// <summary>Whether the disk that they are on is full.</summary>
    public bool DiskIsFull { get; set; }

    public IEnumerable<ReleaseId> Releases => _ledgers.Keys;

    public Task<LedgerCreation> CreateAsync(ReleaseId release, LedgerDraft first, CancellationToken cancellation)
    {
        if (_ledgers.TryGetValue(release, out var kept))
        {
            var same = ((ReleaseCreated)kept.Entries[0].Read()).ContentHash == ((ReleaseCreated)first.Body).ContentHash;
            return Task.FromResult(same ? LedgerCreation.SameContent : LedgerCreation.OtherContent);
        }

        if (DiskIsFull) throw new PortUnavailableException("ledger", "the disk is full");
        _ledgers.Add(release, kept = new Kept());
        Add(release, kept, first);
        return Task.FromResult(LedgerCreation.Created);
    }

    public Task<IReadOnlyList<LedgerEntry>> AppendAsync(ReleaseId release, IReadOnlyList<LedgerDraft> drafts, CancellationToken cancellation)
    {
        if (!_ledgers.TryGetValue(release, out var kept)) throw new KeyNotFoundException($"There is no ledger of a release '{release}'.");
        if (DiskIsFull && !drafts.All(draft => kept.ById.ContainsKey(draft.EntryId))) throw new PortUnavailableException("ledger", "the disk is full");
        var entries = new LedgerEntry[drafts.Count];
        for (var i = 0; i < entries.Length; i++) entries[i] = kept.ById.TryGetValue(drafts[i].EntryId, out var known) ? known : Add(release, kept, drafts[i]);
        return Task.FromResult<IReadOnlyList<LedgerEntry>>(entries);
    }

    public Task<IReadOnlyList<LedgerEntry>> ReadAsync(ReleaseId release, long after, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<LedgerEntry>>(!_ledgers.TryGetValue(release, out var kept) || after >= kept.Entries.Count ? [] : kept.Entries.GetRange((int)after, kept.Entries.Count - (int)after));

    public Task<IReadOnlyList<ReleaseId>> ListAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<ReleaseId>>([.. _ledgers.Keys.Reverse()]);

    private LedgerEntry Add(ReleaseId release, Kept kept, LedgerDraft draft)
    {
        var entry = LedgerChain.Link(kept.Entries.Count == 0 ? null : kept.Entries[^1], draft);
        kept.Entries.Add(entry);
        kept.ById.Add(entry.EntryId, entry);
        onEntry(release, entry, draft.Body);
        return entry;
    }

    private sealed class Kept
    {
        public List<LedgerEntry> Entries { get; } = [];

        public Dictionary<string, LedgerEntry> ById { get; } = new(StringComparer.Ordinal);
    }
}
