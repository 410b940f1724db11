using Slipway.Core.Aftercare;
using Slipway.Core.Releases;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;

namespace Slipway.Workflow.Aftercare;

/// <summary>What aftercare starts from: everything else is in the ledger.</summary>
public sealed record AftercareInput(ReleaseId Release);

/// <summary>How aftercare ended.</summary>
/// <param name="Reached">How many moments came.</param>
public sealed record AftercareOutput(int Reached);

/// <summary>Nothing to say.</summary>
public sealed record AftercareStarted;

/// <summary>What there is to do for a release that is over.</summary>
/// <param name="Phase">How it ended.</param>
/// <param name="Exposure">The exposure as last read back.</param>
/// <param name="Checkpoints">The moments, in order; empty: none.</param>
public sealed record AftercareBrief(ReleasePhase Phase, Percentage Exposure, IReadOnlyList<AftercareCheckpoint> Checkpoints)
{
    /// <summary>When the release ended, where the metrics are watched for a day after users were taken back; null: they are not.</summary>
    public DateTimeOffset? WatchedFrom { get; init; }

    /// <summary>Whether they are watched closely in the first hour, as another version was deployed.</summary>
    public bool Close { get; init; }

    /// <summary>What nobody has ticked off.</summary>
    public IReadOnlyList<AftercareTask> Open { get; init; } = [];

    /// <summary>When the release completed, where the error rate is measured once after that; null: it is not.</summary>
    public DateTimeOffset? MeasuredFrom { get; init; }

    /// <summary>How many environments were exposed.</summary>
    public int Environments { get; init; }
}

/// <summary>Reads from the ledger what there is to do.</summary>
public sealed class ReadAftercare(ReleaseJournal journal) : IActivity<AftercareInput, AftercareBrief>
{
    /// <inheritdoc/>
    public async Task<AftercareBrief> RunAsync(AftercareInput input, CancellationToken cancellation)
    {
        var state = await journal.StateAsync(input.Release, cancellation) ?? throw new InvalidOperationException($"{input.Release} has no ledger.");
        return new AftercareBrief(state.Phase, state.Exposure, AftercarePlan.Of(state))
        {
            WatchedFrom = RollbackWatch.Applies(state) ? state.EndedAt : null,
            Close = RollbackWatch.IsClose(state),
            Open = OpenTasks.Of(state),
            MeasuredFrom = state is { Phase: ReleasePhase.Completed, EndedAt: { } completed } ? completed : null,
            Environments = state.Environment + 1,
        };
    }
}

/// <summary>Starts the aftercare of a release, once however often it is asked to.</summary>
public sealed class StartAftercare(IReleaseClient client) : IActivity<AftercareInput, AftercareStarted>
{
    /// <inheritdoc/>
    public async Task<AftercareStarted> RunAsync(AftercareInput input, CancellationToken cancellation)
    {
        await client.AftercareAsync(input.Release, cancellation);
        return new AftercareStarted();
    }
}
