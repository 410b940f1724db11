using Slipway.Core.Releases;
using Slipway.Core.Rescue;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Releases;

namespace Slipway.Workflow.Rescue;

/// <summary>What the rescue starts from: everything else is in the ledger.</summary>
public sealed record RescueInput(ReleaseId Release);

/// <summary>Reads from the ledger what a rescue needs.</summary>
public sealed class ReadBrief(ReleaseJournal journal) : IActivity<RescueInput, RescueBrief>
{
    /// <inheritdoc/>
    public async Task<RescueBrief> RunAsync(RescueInput input, CancellationToken cancellation) =>
        RescueBrief.Of(await journal.StateAsync(input.Release, cancellation) ?? throw new InvalidOperationException($"{input.Release} has no ledger."));
}
