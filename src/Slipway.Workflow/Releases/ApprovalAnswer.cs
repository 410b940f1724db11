using Slipway.Core.Approvals;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;

namespace Slipway.Workflow.Releases;

/// <summary>What a link leads to.</summary>
public abstract record ApprovalAnswer
{
    private ApprovalAnswer()
    {
    }

    /// <summary>What it asks.</summary>
    /// <param name="View">What its approver is shown.</param>
    /// <param name="State">The release.</param>
    public sealed record Found(ApprovalView View, ReleaseState State) : ApprovalAnswer;

    /// <summary>The decision is recorded; whether it counts follows in the ledger.</summary>
    /// <param name="DecisionId">Its id; the answer in the ledger names it.</param>
    /// <param name="Sequence">The ledger entry that records it.</param>
    /// <param name="View">What was asked.</param>
    public sealed record Recorded(string DecisionId, long Sequence, ApprovalView View) : ApprovalAnswer;

    /// <summary>The confirming word is missing or wrong; nothing was recorded.</summary>
    /// <param name="Expected">The word.</param>
    public sealed record NotConfirmed(string Expected) : ApprovalAnswer;

    /// <summary>The gate asks for a signed-in approver, and nobody is signed in, or somebody else; nothing was recorded.</summary>
    /// <param name="View">What is asked, and of whom.</param>
    /// <param name="Who">Who is signed in; null: nobody.</param>
    public sealed record NotSignedIn(ApprovalView View, ApprovalPrincipal? Who) : ApprovalAnswer;

    /// <summary>Not a token.</summary>
    public sealed record Malformed : ApprovalAnswer;

    /// <summary>Not signed by this server.</summary>
    public sealed record Forged : ApprovalAnswer;

    /// <summary>Too late; nothing was recorded.</summary>
    /// <param name="Claim">What the link says.</param>
    /// <param name="View">What was asked; null: nothing like it is asked here.</param>
    /// <param name="State">The release; null with <paramref name="View"/>.</param>
    public sealed record Expired(ApprovalClaim Claim, ApprovalView? View, ReleaseState? State) : ApprovalAnswer;

    /// <summary>Signed by this server, yet nothing like it is asked here.</summary>
    public sealed record NotAsked(ApprovalClaim Claim) : ApprovalAnswer;

    /// <summary>The release is over; nothing was recorded.</summary>
    public sealed record Ended(ReleaseId Release, ReleasePhase Phase) : ApprovalAnswer;
}

/// <summary>What an approver is shown.</summary>
public sealed record ApprovalView
{
    /// <summary>The release.</summary>
    public required ReleaseId Release { get; init; }

    /// <summary>Its title.</summary>
    public required string Title { get; init; }

    /// <summary>Its version.</summary>
    public required string Version { get; init; }

    /// <summary>Where it goes.</summary>
    public required string Environment { get; init; }

    /// <summary>Where the release stands.</summary>
    public required ReleasePhase Phase { get; init; }

    /// <summary>What is asked.</summary>
    public required string Gate { get; init; }

    /// <summary>The exposure in percent that an approval leads to.</summary>
    public required decimal Percentage { get; init; }

    /// <summary>The group that is asked.</summary>
    public required string Group { get; init; }

    /// <summary>Whose link it is.</summary>
    public required string Approver { get; init; }

    /// <summary>How it has to be known who decides.</summary>
    public required ApproverIdentity Identity { get; init; }

    /// <summary>What the link still opens for whoever looks.</summary>
    public required ApprovalDoor Door { get; init; }

    /// <summary>The evidence so far.</summary>
    public required string Evidence { get; init; }

    /// <summary>Whether the link was for other evidence than what is asked now; a decision by it is refused.</summary>
    public required bool Superseded { get; init; }

    /// <summary>How many must approve.</summary>
    public required int Quorum { get; init; }

    /// <summary>Who approved so far.</summary>
    public required IReadOnlyList<string> ApprovedBy { get; init; }

    /// <summary>When a missing answer becomes a denial.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>How the gate ended; null while it is open.</summary>
    public ApprovalOutcome? Outcome { get; init; }

    /// <summary>Why it ended so; empty while it is open.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The word to type with a decision: the environment's name.</summary>
    public required string Confirm { get; init; }

    /// <summary>This approver's decisions, oldest first.</summary>
    public required IReadOnlyList<OwnDecision> Decisions { get; init; }
}

/// <summary>A decision as its approver sees it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Choice">Approve or reject.</param>
/// <param name="At">When it was recorded.</param>
/// <param name="Applied">True: it counts; false: it does not; null: not yet answered.</param>
/// <param name="Answer">What it did, or why it does not count.</param>
/// <param name="Sequence">The ledger entry that records it.</param>
/// <param name="Identity">How it was known who decided.</param>
/// <param name="Comment">In the approver's words; may be empty.</param>
public sealed record OwnDecision(
    string Id, ApprovalChoice Choice, DateTimeOffset At, bool? Applied, string Answer, long Sequence = 0, ApproverIdentity Identity = ApproverIdentity.Link, string Comment = "");
