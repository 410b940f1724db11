using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Workflow.Ports;

namespace Slipway.Rehearsal.World;

/// <summary>The ledger of one release, in memory: entries are made and linked as in every other store, and each is shown to whoever follows. Their text and
/// hashes are made when somebody asks for them.</summary>
internal sealed class MemoryLedger(Action<LedgerEntry, LedgerBody> onEntry) : ILedger
{
    private readonly List<LedgerEntry> _entries = [];
    private readonly Dictionary<string, LedgerEntry> _byId = new(StringComparer.Ordinal);
    private ReleaseId? _release;

    public IReadOnlyList<LedgerEntry> Entries => _entries;

    public Task<LedgerCreation> CreateAsync(ReleaseId release, LedgerDraft first, CancellationToken cancellation)
    {
        if (_release is not null) throw new InvalidOperationException("One world rehearses one release.");
        _release = release;
        Add(first);
        return Task.FromResult(LedgerCreation.Created);
    }

    public Task<IReadOnlyList<LedgerEntry>> AppendAsync(ReleaseId release, IReadOnlyList<LedgerDraft> drafts, CancellationToken cancellation)
    {
        if (_release != release) throw new KeyNotFoundException($"There is no ledger of a release '{release}'.");
        var entries = new LedgerEntry[drafts.Count];
        for (var i = 0; i < entries.Length; i++) entries[i] = _byId.TryGetValue(drafts[i].EntryId, out var known) ? known : Add(drafts[i]);
        return Task.FromResult<IReadOnlyList<LedgerEntry>>(entries);
    }

    public Task<IReadOnlyList<LedgerEntry>> ReadAsync(ReleaseId release, long after, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<LedgerEntry>>(_release != release || after >= _entries.Count ? [] : _entries.GetRange((int)after, _entries.Count - (int)after));

    public Task<IReadOnlyList<ReleaseId>> ListAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<ReleaseId>>(_release is { } release ? [release] : []);

    private LedgerEntry Add(LedgerDraft draft)
    {
        var entry = LedgerChain.LinkLater(_entries.Count == 0 ? null : _entries[^1], draft);
        _entries.Add(entry);
        _byId.Add(entry.EntryId, entry);
        onEntry(entry, draft.Body);
        return entry;
    }
}
