namespace Slipway.Core.Releases;

/// <summary>Where a release stands. <see cref="Completed"/>, <see cref="RolledBack"/> and <see cref="Failed"/> are terminal.</summary>
public enum ReleasePhase
{
    /// <summary>The request is recorded; nothing has run yet.</summary>
    Received,

    /// <summary>Gates are being checked; no user is exposed.</summary>
    Preflight,

    /// <summary>Waiting for people to approve the start or the next stage; exposure does not grow, and what is exposed stays watched.</summary>
    Approving,

    /// <summary>Waiting for the start time or for the change window to open; exposure does not grow.</summary>
    Waiting,

    /// <summary>Locks are taken and the state to come back to is written down.</summary>
    Capturing,

    /// <summary>The next percentage is being written and read back.</summary>
    Shifting,

    /// <summary>Waiting until applications have refreshed their flags.</summary>
    Propagating,

    /// <summary>The stage's exposure is being judged.</summary>
    Baking,

    /// <summary>Held by a person, by drift, by lost sight or by evidence that did not suffice; still watched.</summary>
    Paused,

    /// <summary>At 100 %: smoke checks and read-back before the end.</summary>
    Validating,

    /// <summary>All that is left is to have the due notices accepted.</summary>
    Concluding,

    /// <summary>Compensation runs; nothing stops it.</summary>
    RollingBack,

    /// <summary>Terminal: every user is on the new version, and everyone who was due was told.</summary>
    Completed,

    /// <summary>Terminal: verified back at the captured state.</summary>
    RolledBack,

    /// <summary>Terminal: stopped before any user was exposed, or a rollback that could not be completed by itself.</summary>
    Failed,
}
