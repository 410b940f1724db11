namespace Slipway.Core.Releases;

/// <summary>What a person can ask of a running release.</summary>
public enum ReleaseCommandKind
{
    /// <summary>Hold the release where it is. It stays watched.</summary>
    Pause,

    /// <summary>Go on from a hold.</summary>
    Resume,

    /// <summary>End the bake now and go to the next stage.</summary>
    Promote,

    /// <summary>Bake longer by <see cref="ReleaseCommand.Duration"/>.</summary>
    Extend,

    /// <summary>Go back to the captured state.</summary>
    RollBack,

    /// <summary>Stop: <c>failed</c> before any write, a rollback after one.</summary>
    Abort,

    /// <summary>Acknowledge that a notice could not be delivered, so that a release at 100 % may end.</summary>
    AcknowledgeNotices,
}

/// <summary>One command of one person, idempotent by <see cref="Id"/>: appended to the ledger first, then signalled.</summary>
/// <param name="Id">Chosen by the sender, unique in the release; sending it again changes nothing.</param>
/// <param name="Kind">What is asked.</param>
/// <param name="Actor">The authenticated person or key that asks.</param>
/// <param name="Reason">Why, in the person's words; may be empty.</param>
public sealed record ReleaseCommand(string Id, ReleaseCommandKind Kind, string Actor, string Reason)
{
    /// <summary>For <see cref="ReleaseCommandKind.Extend"/>: how much longer to bake, above zero. Otherwise null.</summary>
    public TimeSpan? Duration { get; init; }
}
