using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Web.Tests.Fakes;
using Slipway.Workflow.Ports;

namespace Slipway.Workflow.Tests.Fakes;

/// <summary>Remembers from where it was read, and answers reads late where it is told to.</summary>
internal sealed class WatchedLedger(InMemoryLedger? inner = null) : ILedger
{
    public InMemoryLedger Inner { get; } = inner ?? new InMemoryLedger();

    public List<long> ReadAfter { get; } = [];

    /// <summary>What is awaited between a read and its answer.</summary>
    public Func<Task> Answering { get; set; } = () => Task.CompletedTask;

    public Task<LedgerCreation> CreateAsync(ReleaseId release, LedgerDraft first, CancellationToken cancellation) => Inner.CreateAsync(release, first, cancellation);

    public Task<IReadOnlyList<LedgerEntry>> AppendAsync(ReleaseId release, IReadOnlyList<LedgerDraft> drafts, CancellationToken cancellation) =>
        Inner.AppendAsync(release, drafts, cancellation);

    public async Task<IReadOnlyList<LedgerEntry>> ReadAsync(ReleaseId release, long after, CancellationToken cancellation)
    {
        lock (ReadAfter) ReadAfter.Add(after);
        var entries = await Inner.ReadAsync(release, after, cancellation);
        await Answering();
        return entries;
    }

    public Task<IReadOnlyList<ReleaseId>> ListAsync(CancellationToken cancellation) => Inner.ListAsync(cancellation);
}
