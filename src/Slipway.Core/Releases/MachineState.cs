namespace Slipway.Core.Releases;

/// <summary>All that the transition table needs to know of a release.</summary>
/// <param name="Phase">Where it stands.</param>
/// <param name="Held">While paused: the phase to come back to; otherwise null.</param>
/// <param name="Captured">Whether the state to come back to is recorded.</param>
/// <param name="Exposed">Whether a first write was begun: from then on, stopping means rolling back.</param>
public sealed record MachineState(ReleasePhase Phase, ReleasePhase? Held = null, bool Captured = false, bool Exposed = false)
{
    /// <summary>The state of a recorded release before anything ran.</summary>
    public static MachineState Initial { get; } = new(ReleasePhase.Received);

    /// <summary>Whether nothing can move the release any more.</summary>
    public bool IsTerminal => Phase is ReleasePhase.Completed or ReleasePhase.RolledBack or ReleasePhase.Failed;

    /// <summary>The phase that work belongs to: the held one while paused.</summary>
    public ReleasePhase Effective => Held ?? Phase;
}
