using System.Collections.Concurrent;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Faults;

/// <summary>A flag store that fails by plan.</summary>
public sealed class FaultyFlagStore(IFlagStore inner, FaultPlan plan) : IFlagStore
{
    private const string StoreName = "flag store";
    private readonly ConcurrentDictionary<FlagKey, FlagState?> _first = new();

    /// <inheritdoc/>
    public Task<FlagState?> ReadAsync(FlagKey flag, CancellationToken cancellation) =>
        FaultyCall.RunAsync(
            plan, StoreName, FaultOperations.FlagRead, flag.ToString(), () => FirstReadAsync(flag, cancellation), cancellation,
            late: async () => _first.TryGetValue(flag, out var first) ? first : await FirstReadAsync(flag, cancellation));

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

    private async Task<FlagState?> FirstReadAsync(FlagKey flag, CancellationToken cancellation)
    {
        var read = await inner.ReadAsync(flag, cancellation);
        _first.TryAdd(flag, read);
        return read;
    }

    private async Task<FlagWrite> LostAsync(FlagKey flag, CancellationToken cancellation) => new(false, await inner.ReadAsync(flag, cancellation));
}
