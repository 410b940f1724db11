using Slipway.Core.Releases;

namespace Slipway.Workflow.Diagnostics;

/// <summary>
/// What the person on call should know of a release, for the log. Texts are cleaned (see <see cref="CleanText"/>): no addresses of people, no
/// tokens, no query strings.
/// </summary>
/// <param name="Release">The release.</param>
public abstract record ReleaseEvent(ReleaseId Release)
{
    /// <summary>The orchestration began.</summary>
    public sealed record Started(ReleaseId Release) : ReleaseEvent(Release);

    /// <summary>The release reached its terminal phase.</summary>
    /// <param name="Release">The release.</param>
    /// <param name="Outcome"><c>completed</c>, <c>rolled_back</c> or <c>failed</c>.</param>
    /// <param name="Seconds">Since it was recorded.</param>
    public sealed record Ended(ReleaseId Release, string Outcome, double Seconds) : ReleaseEvent(Release);

    /// <summary>Nothing takes care of the release; told at each sweep while it lasts.</summary>
    /// <param name="Release">The release.</param>
    /// <param name="Stage">1 for the first, 0 before it.</param>
    /// <param name="Why">What the sweep found.</param>
    public sealed record Stalled(ReleaseId Release, int Stage, string Why) : ReleaseEvent(Release);

    /// <summary>Nobody is exposed any more, read back.</summary>
    /// <param name="Release">The release.</param>
    /// <param name="Stage">1 for the first, 0 before it.</param>
    /// <param name="Seconds">Since the breach was seen, else since the decision.</param>
    /// <param name="Why">Why it was rolled back.</param>
    public sealed record RollbackDone(ReleaseId Release, int Stage, double Seconds, string Why) : ReleaseEvent(Release);

    /// <summary>The release could not be brought back as a whole.</summary>
    /// <param name="Release">The release.</param>
    /// <param name="Stage">1 for the first, 0 before it.</param>
    /// <param name="Why">Why.</param>
    public sealed record RollbackFailed(ReleaseId Release, int Stage, string Why) : ReleaseEvent(Release);

    /// <summary>A poll found an exposed release blind; told at each such poll.</summary>
    /// <param name="Release">The release.</param>
    /// <param name="Stage">1 for the first, 0 before it.</param>
    /// <param name="Why">What is missing.</param>
    public sealed record TelemetryDead(ReleaseId Release, int Stage, string Why) : ReleaseEvent(Release);

    /// <summary>A mail was not accepted for <see cref="MailDelay.Limit"/>; told once for each mail and process.</summary>
    /// <param name="Release">The release.</param>
    /// <param name="Why">Which occasion, and what the service said.</param>
    public sealed record MailDelayed(ReleaseId Release, string Why) : ReleaseEvent(Release);
}
