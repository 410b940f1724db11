using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Workflow.Ports;

namespace Slipway.Web.Tests.Fakes;

/// <summary>Ledgers in memory, with real hashes.</summary>
internal sealed class InMemoryLedger : ILedger
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ReleaseId, List<LedgerEntry>> _ledgers = [];

    /// <summary>When set, every call fails as if the store did not answer.</summary>
    public bool Down { get; set; }

    /// <summary>What the store says of itself while it is down.</summary>
    public string DownText { get; set; } = "down for the test";

    /// <summary>Runs before each read with the number of reads so far; may append.</summary>
    public Action<int>? OnRead { get; set; }

    private int _reads;

    public Task<LedgerCreation> CreateAsync(ReleaseId release, LedgerDraft first, CancellationToken cancellation)
    {
        Check();
        lock (_gate)
        {
            if (!_ledgers.TryGetValue(release, out var entries))
            {
                _ledgers[release] = [LedgerChain.Link(null, first)];
                return Task.FromResult(LedgerCreation.Created);
            }

            var same = ((ReleaseCreated)entries[0].Read()).ContentHash == ((ReleaseCreated)first.Body).ContentHash;
            return Task.FromResult(same ? LedgerCreation.SameContent : LedgerCreation.OtherContent);
        }
    }

    public Task<IReadOnlyList<LedgerEntry>> AppendAsync(ReleaseId release, IReadOnlyList<LedgerDraft> drafts, CancellationToken cancellation)
    {
        Check();
        lock (_gate)
        {
            var entries = _ledgers[release];
            var stored = new List<LedgerEntry>();
            foreach (var draft in drafts)
            {
                var known = entries.Find(entry => entry.EntryId == draft.EntryId);
                if (known is null)
                    entries.Add(known = LedgerChain.Link(entries[^1], draft));
                stored.Add(known);
            }

            return Task.FromResult<IReadOnlyList<LedgerEntry>>(stored);
        }
    }

    public Task<IReadOnlyList<LedgerEntry>> ReadAsync(ReleaseId release, long after, CancellationToken cancellation)
    {
        Check();
        OnRead?.Invoke(Interlocked.Increment(ref _reads));
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<LedgerEntry>>(
                _ledgers.TryGetValue(release, out var entries) ? [.. entries.Where(entry => entry.Sequence > after)] : []);
        }
    }

    public Task<IReadOnlyList<ReleaseId>> ListAsync(CancellationToken cancellation)
    {
        lock (_gate)
            return Task.FromResult<IReadOnlyList<ReleaseId>>([.. _ledgers.Keys.Reverse()]);
    }

    private void Check()
    {
        if (Down)
            throw new PortUnavailableException("ledger", DownText);
    }
}
