namespace Slipway.Embedded.Engine;

/// <summary>Why <see cref="EmbeddedEngine.RunVirtualAsync"/> returned.</summary>
public enum VirtualRunEnd
{
    /// <summary>Nothing is left to do and no timer is set.</summary>
    Idle,

    /// <summary>The condition was met.</summary>
    Reached,

    /// <summary>The next timer is due after the limit; the clock stands at the limit.</summary>
    Limit,
}
