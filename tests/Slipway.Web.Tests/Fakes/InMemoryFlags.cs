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
    private readonly ConcurrentDictionary<string, FlagState> _flags = new(StringComparer.Ordinal);

    /// <summary>When set, reads fail as if the store did not answer.</summary>
    public bool Down { get; set; }

    public Task<FlagState?> ReadAsync(string name, CancellationToken cancellation) => Down
        ? throw new PortUnavailableException("flag store", "down for the test")
        : Task.FromResult(_flags.GetValueOrDefault(name));

    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellation) => Down
        ? throw new PortUnavailableException("flag store", "down for the test")
        : Task.FromResult<IReadOnlyList<string>>([.. _flags.Keys.Order(StringComparer.Ordinal)]);

    public Task<FlagCreation> CreateOffAsync(string name, CancellationToken cancellation)
    {
        var made = FlagJson.Parse(name, FlagJson.CreateOff(name, ""), "1");
        return Task.FromResult(new FlagCreation(_flags.TryAdd(name, made), _flags[name]));
    }

    public Task<FlagWrite> SetExposureAsync(FlagSpec spec, Percentage exposure, string ifMatch, CancellationToken cancellation) =>
        throw new NotSupportedException("The API never moves exposure.");

    public Task<FlagWrite> RestoreAsync(string name, string json, string ifMatch, CancellationToken cancellation) =>
        throw new NotSupportedException("The API never restores a flag.");
}
