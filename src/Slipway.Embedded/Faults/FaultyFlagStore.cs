using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Faults;

/// <summary>A flag store that fails by plan.</summary>
public sealed class FaultyFlagStore(IFlagStore inner, FaultPlan plan) : IFlagStore
{
    private const string StoreName = "flag store";

    /// <inheritdoc/>
    public Task<FlagState?> ReadAsync(FlagKey flag, CancellationToken cancellation) =>
        FaultyCall.RunAsync(plan, StoreName, FaultOperations.FlagRead, flag.ToString(), () => inner.ReadAsync(flag, cancellation), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<FlagKey>> ListAsync(CancellationToken cancellation) =>
        FaultyCall.RunAsync(plan, StoreName, FaultOperations.FlagList, "", () => inner.ListAsync(cancellation), cancellation);

    /// <inheritdoc/>
    public Task<FlagWrite> SetExposureAsync(FlagSpec spec, Percentage exposure, string ifMatch, CancellationToken cancellation) =>
        FaultyCall.RunAsync(
            plan, StoreName, FaultOperations.FlagSet, spec.Key.ToString(),
            () => inner.SetExposureAsync(spec, exposure, ifMatch, cancellation), cancellation, () => LostAsync(spec.Key, cancellation));

    /// <inheritdoc/>
    public Task<FlagWrite> RestoreAsync(FlagKey flag, string json, string ifMatch, CancellationToken cancellation) =>
        FaultyCall.RunAsync(
            plan, StoreName, FaultOperations.FlagRestore, flag.ToString(),
            () => inner.RestoreAsync(flag, json, ifMatch, cancellation), cancellation, () => LostAsync(flag, cancellation));

    private async Task<FlagWrite> LostAsync(FlagKey flag, CancellationToken cancellation) => new(false, await inner.ReadAsync(flag, cancellation));
}
