using Slipway.Core.Planning;
using Slipway.Workflow.Ports;

namespace Slipway.Web.Tests.Fakes;

/// <summary>Freezes in memory.</summary>
internal sealed class InMemoryFreezes : IFreezes
{
    public List<FleetFreeze> All { get; } = [];

    public Task<bool> RaiseAsync(FleetFreeze freeze, CancellationToken cancellation)
    {
        if (All.Exists(known => known.Id == freeze.Id)) return Task.FromResult(false);
        All.Add(freeze);
        return Task.FromResult(true);
    }

    public Task<bool> LiftAsync(string id, FreezeLift lift, CancellationToken cancellation)
    {
        var index = All.FindIndex(known => known.Id == id && known.Lifted is null);
        if (index >= 0) All[index] = All[index] with { Lifted = lift };
        return Task.FromResult(index >= 0);
    }

    public Task<IReadOnlyList<FleetFreeze>> InForceAsync(DateTimeOffset at, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<FleetFreeze>>([.. All.Where(freeze => freeze.IsInForce(at))]);

    public Task<IReadOnlyList<FleetFreeze>> ListAsync(int most, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<FleetFreeze>>([.. All.AsEnumerable().Reverse().Take(most)]);
}
