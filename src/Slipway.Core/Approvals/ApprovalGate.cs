using Slipway.Core.Releases;

namespace Slipway.Core.Approvals;

/// <summary>One thing that a group has to approve before the release moves on. Made once, when the release is recorded.</summary>
public sealed record ApprovalGate
{
    /// <summary>Unique in the release, for example <c>start:release-managers</c> or <c>stage-2:release-managers</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The stage that waits for it, 0 first; -1: the start.</summary>
    public required int Stage { get; init; }

    /// <summary>The exposure that is approved next.</summary>
    public required Percentage Percentage { get; init; }

    /// <summary>The group's name.</summary>
    public required string Group { get; init; }

    /// <summary>Mail addresses of the group, by the server's policy.</summary>
    public required IReadOnlyList<string> Members { get; init; }

    /// <summary>Who asks for the release and who started it: they never decide about it, listed or not.</summary>
    public required IReadOnlyList<string> Barred { get; init; }

    /// <summary>How many members must approve, 1 or more.</summary>
    public required int Quorum { get; init; }

    /// <summary>After this time a missing answer is a denial.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>How often those who have not answered are reminded.</summary>
    public required TimeSpan Remind { get; init; }

    /// <summary>How it has to be known who decides.</summary>
    public ApproverIdentity Identity { get; init; } = ApproverIdentity.Link;

    /// <summary>The members who may decide.</summary>
    public IEnumerable<string> Eligible() => Members.Where(member => !Barred.Contains(member, StringComparer.OrdinalIgnoreCase));
}

/// <summary>A gate that was put to its group.</summary>
/// <param name="Gate">What is asked.</param>
/// <param name="EvidenceHash">The hash of the evidence that was shown, see <see cref="ApprovalEvidence"/>.</param>
/// <param name="At">When it was asked.</param>
public sealed record AskedGate(ApprovalGate Gate, string EvidenceHash, DateTimeOffset At)
{
    /// <summary>From this moment on no decision counts (exclusive).</summary>
    public DateTimeOffset Deadline => At + Gate.Timeout;
}
