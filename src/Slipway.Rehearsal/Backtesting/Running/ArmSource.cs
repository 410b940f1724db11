namespace Slipway.Rehearsal.Backtesting.Running;

/// <summary>Where the two arms come from.</summary>
public enum ArmSource
{
    /// <summary>They are in the recording.</summary>
    Recorded,

    /// <summary>The recording's requests of everybody are split.</summary>
    SplitEverybody,

    /// <summary>Its requests of the control arm are split; those of its canary are not looked at.</summary>
    SplitControl,
}
