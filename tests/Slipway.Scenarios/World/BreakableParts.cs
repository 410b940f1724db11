using Slipway.Core.Analysis;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Workflow.Ports;

namespace Slipway.Scenarios.World;

/// <summary>A judge that can be made to fail, as a bug in it would.</summary>
internal sealed class BreakableJudge(IReleaseJudge inner) : IReleaseJudge
{
    public bool Broken { get; set; }

    public Judgement Judge(ReleasePlan plan, JudgeState? before, StageUnderJudgement stage, IReadOnlyList<Observation> closed, DateTimeOffset judgedUntil, DateTimeOffset? lateUntil = null) =>
        Broken ? throw new InvalidOperationException("a bug in the judge") : inner.Judge(plan, before, stage, closed, judgedUntil, lateUntil);
}

/// <summary>A store of snapshots that can be made to fail, or to answer late.</summary>
internal sealed class BreakableSnapshots(IReleaseSnapshots inner, TimeProvider time) : IReleaseSnapshots
{
    public bool Broken { get; set; }

    /// <summary>Whether the list of summaries cannot be read.</summary>
    public bool ListBroken { get; set; }

    /// <summary>Which snapshots are not stored.</summary>
    public Func<ReleaseSnapshot, bool> Refuses { get; set; } = _ => false;

    /// <summary>How long a snapshot takes to be stored.</summary>
    public TimeSpan Delay { get; set; }

    public async Task PutAsync(ReleaseSnapshot snapshot, CancellationToken cancellation)
    {
        if (Delay > TimeSpan.Zero) await Task.Delay(Delay, time, cancellation);
        if (Broken || Refuses(snapshot)) throw new PortUnavailableException("snapshots", "away");
        await inner.PutAsync(snapshot, cancellation);
    }

    public Task<ReleaseSnapshot?> GetAsync(ReleaseId release, CancellationToken cancellation) => inner.GetAsync(release, cancellation);

    public Task<IReadOnlyList<ReleaseSummary>> ListAsync(int skip, int take, CancellationToken cancellation) =>
        ListBroken ? throw new PortUnavailableException("snapshots", "the list is away") : inner.ListAsync(skip, take, cancellation);
}

/// <summary>Locks as the workflow reaches them, which can be made to fail.</summary>
internal sealed class BreakableLocks(ILocks inner) : ILocks
{
    public bool Broken { get; set; }

    public Task<ReleaseId> TakeAsync(string resource, ReleaseId release, CancellationToken cancellation) =>
        Broken ? throw Away() : inner.TakeAsync(resource, release, cancellation);

    public Task ReleaseAllAsync(ReleaseId release, CancellationToken cancellation) => Broken ? throw Away() : inner.ReleaseAllAsync(release, cancellation);

    public Task<bool> ReleaseAsync(string resource, ReleaseId holder, CancellationToken cancellation) =>
        Broken ? throw Away() : inner.ReleaseAsync(resource, holder, cancellation);

    public Task<IReadOnlyList<HeldLock>> ListAsync(CancellationToken cancellation) => Broken ? throw Away() : inner.ListAsync(cancellation);

    private static PortUnavailableException Away() => new("locks", "away");
}
