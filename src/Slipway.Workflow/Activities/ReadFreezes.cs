using Slipway.Core.Planning;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Ports;

namespace Slipway.Workflow.Activities;

/// <summary>Input of <see cref="ReleaseActivities.Freezes"/>.</summary>
/// <param name="At">The moment that is asked about.</param>
public sealed record FreezesInput(DateTimeOffset At);

/// <summary>What stands against any increase; empty: nothing.</summary>
public sealed record FreezesOutput(IReadOnlyList<FleetFreeze> InForce);

/// <summary>Reads which freezes of the server are in force.</summary>
public sealed class ReadFreezes(IFreezes freezes) : IActivity<FreezesInput, FreezesOutput>
{
    /// <inheritdoc/>
    public async Task<FreezesOutput> RunAsync(FreezesInput input, CancellationToken cancellation) => new(await freezes.InForceAsync(input.At, cancellation));
}
