namespace Slipway.Core.Approvals;

/// <summary>What an approver chose.</summary>
public enum ApprovalChoice
{
    /// <summary>Go on.</summary>
    Approve,

    /// <summary>Stop the release.</summary>
    Reject,
}

/// <summary>How it is known who decided.</summary>
public enum ApproverIdentity
{
    /// <summary>By the signed link: whoever holds the mail decides.</summary>
    Link,

    /// <summary>By a sign-in whose principal is the link's approver.</summary>
    SignIn,
}

/// <summary>One decision of one approver, idempotent by <see cref="Id"/>.</summary>
/// <param name="Id">Unique in the release.</param>
/// <param name="Gate">The gate it is for.</param>
/// <param name="Approver">The approver's mail address, by the signed token.</param>
/// <param name="Choice">Approve or reject.</param>
/// <param name="Comment">In the approver's words; may be empty.</param>
/// <param name="EvidenceHash">The evidence that was shown.</param>
/// <param name="Identity">How the approver is known.</param>
public sealed record ApprovalDecision(
    string Id, string Gate, string Approver, ApprovalChoice Choice, string Comment, string EvidenceHash, ApproverIdentity Identity);

/// <summary>A decision with the moment at which it was recorded: that moment decides whether it was in time.</summary>
/// <param name="Decision">The decision.</param>
/// <param name="At">When it was recorded.</param>
public sealed record ReceivedDecision(ApprovalDecision Decision, DateTimeOffset At);
