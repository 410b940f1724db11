using Slipway.Core.Planning;
using Slipway.Workflow.Ports;

namespace Slipway.Scenarios.World;

/// <summary>Freezes that can be away, and that something can happen right after they were read.</summary>
internal sealed class FlakyFreezes(IFreezes inner, TimeProvider time) : IFreezes
{
    private int _reads;

    /// <summary>Whether reads fail at a moment.</summary>
    public Func<DateTimeOffset, bool> ReadsFail { get; set; } = _ => false;

    /// <summary>Runs after each read with how many there were.</summary>
    public Func<int, Task> AfterRead { get; set; } = _ => Task.CompletedTask;

    public bool IsFrozen => inner.InForceAsync(time.GetUtcNow(), default).GetAwaiter().GetResult().Count > 0;

    public Task<bool> RaiseAsync(FleetFreeze freeze, CancellationToken cancellation) => inner.RaiseAsync(freeze, cancellation);

    public Task<bool> LiftAsync(string id, FreezeLift lift, CancellationToken cancellation) => inner.LiftAsync(id, lift, cancellation);

    public async Task<IReadOnlyList<FleetFreeze>> InForceAsync(DateTimeOffset at, CancellationToken cancellation)
    {
        if (ReadsFail(time.GetUtcNow())) throw new PortUnavailableException("freezes", "away");
        var found = await inner.InForceAsync(at, cancellation);
        await AfterRead(++_reads);
        return found;
    }

    public Task<IReadOnlyList<FleetFreeze>> ListAsync(int most, CancellationToken cancellation) => inner.ListAsync(most, cancellation);
}
