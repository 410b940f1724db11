using System.Collections.Concurrent;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Web.Api;
using Slipway.Workflow.Flags;
using Slipway.Workflow.Ports;

namespace Slipway.Web.Tests.Fakes;

/// <summary>Flags in memory: what the API reads and creates. No test of this layer moves exposure.</summary>
internal sealed class InMemoryFlags : IFlagStore, IFlagCreator
{
    private readonly ConcurrentDictionary<FlagKey, FlagState> _flags = new();

    /// <summary>When set, reads fail as if the store did not answer.</summary>
    public bool Down { get; set; }

    public Task<FlagState?> ReadAsync(FlagKey flag, CancellationToken cancellation) => Down
        ? throw new PortUnavailableException("flag store", "down for the test")
        : Task.FromResult(_flags.GetValueOrDefault(flag));

    public Task<IReadOnlyList<FlagKey>> ListAsync(CancellationToken cancellation) => Down
        ? throw new PortUnavailableException("flag store", "down for the test")
        : Task.FromResult<IReadOnlyList<FlagKey>>([.. _flags.Keys.Order()]);

    public Task<FlagCreation> CreateOffAsync(FlagKey flag, CancellationToken cancellation)
    {
        var made = FlagJson.Parse(flag, FlagJson.CreateOff(flag.Name, ""), "1");
        return Task.FromResult(new FlagCreation(_flags.TryAdd(flag, made), _flags[flag]));
    }

    /// <summary>Forgets every flag.</summary>
    public Task DeleteAllAsync()
    {
        _flags.Clear();
        return Task.CompletedTask;
    }

    public Task<FlagWrite> SetExposureAsync(FlagSpec spec, Percentage exposure, string ifMatch, CancellationToken cancellation) =>
        throw new NotSupportedException("The API never moves exposure.");

    public Task<FlagWrite> RestoreAsync(FlagKey flag, string json, string ifMatch, CancellationToken cancellation) =>
        throw new NotSupportedException("The API never restores a flag.");
}
