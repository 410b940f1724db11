using Slipway.Core.Planning;

namespace Slipway.Workflow.Ports;

/// <summary>The freezes of this server's releases, with their history; none is ever deleted.</summary>
public interface IFreezes
{
    /// <summary>Keeps a freeze. False: one with that id is there already, and nothing was changed.</summary>
    Task<bool> RaiseAsync(FleetFreeze freeze, CancellationToken cancellation);

    /// <summary>Lifts a freeze. False: there is none with that id, or it was lifted before; nothing was changed.</summary>
    Task<bool> LiftAsync(string id, FreezeLift lift, CancellationToken cancellation);

    /// <summary>The freezes in force at a moment, oldest first. Throws <see cref="PortUnavailableException"/> when the store does not answer.</summary>
    Task<IReadOnlyList<FleetFreeze>> InForceAsync(DateTimeOffset at, CancellationToken cancellation);

    /// <summary>At most this many of the newest freezes, newest first, whether in force or not.</summary>
    Task<IReadOnlyList<FleetFreeze>> ListAsync(int most, CancellationToken cancellation);
}
