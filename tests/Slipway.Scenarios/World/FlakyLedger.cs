using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Workflow.Ports;

namespace Slipway.Scenarios.World;

/// <summary>The ledger as the workflow reaches it: slow or away as the scenario says. People reach it by another way.</summary>
internal sealed class FlakyLedger(ILedger inner, TimeProvider time) : ILedger
{
    /// <summary>How long an append takes.</summary>
    public Func<IReadOnlyList<LedgerDraft>, TimeSpan> AppendDelay { get; set; } = _ => TimeSpan.Zero;

    /// <summary>Whether appends fail at a moment.</summary>
    public Func<DateTimeOffset, bool> AppendsFail { get; set; } = _ => false;

    /// <summary>How long a read takes that begins at a moment.</summary>
    public Func<DateTimeOffset, TimeSpan> ReadDelay { get; set; } = _ => TimeSpan.Zero;

    /// <summary>Whether reads fail at a moment.</summary>
    public Func<DateTimeOffset, bool> ReadsFail { get; set; } = _ => false;

    /// <summary>Whether appends fail or hang now; what moves a release is not appended unread either.</summary>
    public bool IsAway => IsAwayAt(time.GetUtcNow()) || AppendDelay([]) > TimeSpan.Zero;

    /// <summary>Whether appends failed, or hang now, at any second of the last so long.</summary>
    public bool WasAway(TimeSpan within) =>
        IsAway || Enumerable.Range(1, (int)within.TotalSeconds).Any(seconds => IsAwayAt(time.GetUtcNow() - TimeSpan.FromSeconds(seconds)));

    public Task<LedgerCreation> CreateAsync(ReleaseId release, LedgerDraft first, CancellationToken cancellation) => inner.CreateAsync(release, first, cancellation);

    public async Task<IReadOnlyList<LedgerEntry>> AppendAsync(ReleaseId release, IReadOnlyList<LedgerDraft> drafts, CancellationToken cancellation)
    {
        if (AppendDelay(drafts) is var delay && delay > TimeSpan.Zero) await Task.Delay(delay, time, cancellation);
        if (AppendsFail(time.GetUtcNow())) throw new PortUnavailableException("ledger", "appends are away");
        return await inner.AppendAsync(release, drafts, cancellation);
    }

    public async Task<IReadOnlyList<LedgerEntry>> ReadAsync(ReleaseId release, long after, CancellationToken cancellation)
    {
        if (ReadDelay(time.GetUtcNow()) is var delay && delay > TimeSpan.Zero) await Task.Delay(delay, time, cancellation);
        return ReadsFail(time.GetUtcNow()) ? throw new PortUnavailableException("ledger", "reads are away") : await inner.ReadAsync(release, after, cancellation);
    }

    public Task<IReadOnlyList<ReleaseId>> ListAsync(CancellationToken cancellation) => inner.ListAsync(cancellation);

    private bool IsAwayAt(DateTimeOffset at) => AppendsFail(at) || ReadsFail(at) || ReadDelay(at) > TimeSpan.Zero;
}
