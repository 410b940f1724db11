using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Workflow.Ports;

namespace Slipway.Workflow.Tests.Fakes;

/// <summary>A ledger store that serves but some requests.</summary>
internal sealed class PartialLedger(ILedger inner) : ILedger
{
    /// <summary>Which ledgers cannot be read.</summary>
    public Func<ReleaseId, bool> Unreadable { get; set; } = _ => false;

    /// <summary>Which entries are not taken.</summary>
    public Func<LedgerDraft, bool> Refuses { get; set; } = _ => false;

    public Task<LedgerCreation> CreateAsync(ReleaseId release, LedgerDraft first, CancellationToken cancellation) => inner.CreateAsync(release, first, cancellation);

    public Task<IReadOnlyList<LedgerEntry>> AppendAsync(ReleaseId release, IReadOnlyList<LedgerDraft> drafts, CancellationToken cancellation) =>
        drafts.Any(Refuses) ? throw new PortUnavailableException("ledger", "not now") : inner.AppendAsync(release, drafts, cancellation);

    public Task<IReadOnlyList<LedgerEntry>> ReadAsync(ReleaseId release, long after, CancellationToken cancellation) =>
        Unreadable(release) ? throw new InvalidDataException("an entry is damaged") : inner.ReadAsync(release, after, cancellation);

    public Task<IReadOnlyList<ReleaseId>> ListAsync(CancellationToken cancellation) => inner.ListAsync(cancellation);
}
