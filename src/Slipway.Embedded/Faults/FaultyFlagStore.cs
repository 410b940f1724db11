using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Faults;

/// <summary>A flag store that fails by plan.</summary>
public sealed class FaultyFlagStore(IFlagStore inner, FaultPlan plan) : IFlagStore
{
    private const string StoreName = "flag store";

    /// <inheritdoc/>
    public Task<FlagState?> ReadAsync(string name, CancellationToken cancellation) =>
        FaultyCall.RunAsync(plan, StoreName, FaultOperations.FlagRead, name, () => inner.ReadAsync(name, cancellation), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellation) =>
        FaultyCall.RunAsync(plan, StoreName, FaultOperations.FlagList, "", () => inner.ListAsync(cancellation), cancellation);

    /// <inheritdoc/>
    public Task<FlagWrite> SetExposureAsync(FlagSpec spec, Percentage exposure, string ifMatch, CancellationToken cancellation) =>
        FaultyCall.RunAsync(
            plan, StoreName, FaultOperations.FlagSet, spec.Name,
            () => inner.SetExposureAsync(spec, exposure, ifMatch, cancellation), cancellation, () => LostAsync(spec.Name, cancellation));

    /// <inheritdoc/>
    public Task<FlagWrite> RestoreAsync(string name, string json, string ifMatch, CancellationToken cancellation) =>
        FaultyCall.RunAsync(
            plan, StoreName, FaultOperations.FlagRestore, name,
            () => inner.RestoreAsync(name, json, ifMatch, cancellation), cancellation, () => LostAsync(name, cancellation));

    private async Task<FlagWrite> LostAsync(string name, CancellationToken cancellation) => new(false, await inner.ReadAsync(name, cancellation));
}
