using System.Collections.Concurrent;
using System.Diagnostics;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Workflow.Ports;

namespace Slipway.Benchmarks.Speed.Reaction;

/// <summary>A flag store that notes when a flag that was taken back was read back and found off.</summary>
internal sealed class WatchedFlags(IFlagStore store) : IFlagStore
{
    private readonly ConcurrentDictionary<FlagKey, TaskCompletionSource<long>> _off = [];
    private readonly ConcurrentDictionary<FlagKey, bool> _takenBack = [];

    /// <summary>The moment (<see cref="Stopwatch.GetTimestamp"/>) at which a flag that is taken back from now on was verified to be off. (Before a release
    /// begins its kill switch is proven in the same way.)</summary>
    public Task<long> OffAsync(FlagKey flag) => _off.GetOrAdd(flag, _ => new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <inheritdoc/>
    public async Task<FlagState?> ReadAsync(FlagKey flag, CancellationToken cancellation)
    {
        var state = await store.ReadAsync(flag, cancellation);
        if (_takenBack.ContainsKey(flag) && state is not null && (!state.Enabled || state.Exposure == Percentage.Zero)) _off[flag].TrySetResult(Stopwatch.GetTimestamp());
        return state;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<FlagKey>> ListAsync(CancellationToken cancellation) => store.ListAsync(cancellation);

    /// <inheritdoc/>
    public Task<FlagWrite> SetExposureAsync(FlagSpec spec, Percentage exposure, string ifMatch, CancellationToken cancellation) => store.SetExposureAsync(spec, exposure, ifMatch, cancellation);

    /// <inheritdoc/>
    public async Task<FlagWrite> RestoreAsync(FlagKey flag, string json, string ifMatch, CancellationToken cancellation)
    {
        var write = await store.RestoreAsync(flag, json, ifMatch, cancellation);
        if (write.Written && _off.ContainsKey(flag)) _takenBack[flag] = true;
        return write;
    }
}
