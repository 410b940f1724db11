using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Faults;

/// <summary>A probe that gets no answer by plan; like every probe it never throws for it.</summary>
public sealed class FaultyProbe(IProbe inner, FaultPlan plan) : IProbe
{
    /// <inheritdoc/>
    public async Task<ProbeResult> GetAsync(Uri url, TimeSpan timeout, CancellationToken cancellation) =>
        await plan.NextAsync(FaultOperations.Probe, url.ToString(), cancellation) == FaultEffect.Unavailable
            ? new ProbeResult(null, 0, "", FaultPlan.Message(FaultOperations.Probe))
            : await inner.GetAsync(url, timeout, cancellation);
}
