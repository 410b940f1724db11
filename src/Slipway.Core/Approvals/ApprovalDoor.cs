using Slipway.Core.Ledgers;

namespace Slipway.Core.Approvals;

/// <summary>Who is signed in where a link is opened.</summary>
/// <param name="Name">The principal's name; for an approver the mail address that a group lists.</param>
/// <param name="MayApprove">Whether the principal has the role approver.</param>
public sealed record ApprovalPrincipal(string Name, bool MayApprove)
{
    /// <summary>Whether it is this approver, signed in to decide.</summary>
    public bool Is(string approver) => MayApprove && string.Equals(Name, approver, StringComparison.OrdinalIgnoreCase);
}

/// <summary>What a signed link still opens.</summary>
public enum ApprovalDoor
{
    /// <summary>A decision.</summary>
    Open,

    /// <summary>A decision, once its approver has signed in.</summary>
    SignIn,

    /// <summary>Nothing: somebody else is signed in than the approver, or without the role.</summary>
    NotYou,

    /// <summary>Nothing: its person is not in the group, or asked for or started the release.</summary>
    NotListed,

    /// <summary>Nothing: its approver has decided.</summary>
    Decided,

    /// <summary>Nothing: the gate is decided, or the release is over.</summary>
    Closed,

    /// <summary>Nothing: newer evidence is asked about.</summary>
    Superseded,

    /// <summary>Nothing: its time has passed.</summary>
    Expired,
}

/// <summary>Says what a link still opens. Pure.</summary>
public static class ApprovalDoors
{
    /// <summary>The door of a link whose signature holds.</summary>
    /// <param name="state">The release; its ledger has the link's gate.</param>
    /// <param name="claim">What the link says.</param>
    /// <param name="who">Who is signed in; null: nobody.</param>
    /// <param name="now">The moment to say it for.</param>
    public static ApprovalDoor Of(ReleaseState state, ApprovalClaim claim, ApprovalPrincipal? who, DateTimeOffset now)
    {
        var fact = state.Approvals[claim.Gate];
        if (now >= claim.ExpiresAt) return ApprovalDoor.Expired;
        if (!fact.Asked.Gate.Eligible().Contains(claim.Approver, StringComparer.OrdinalIgnoreCase)) return ApprovalDoor.NotListed;
        if (fact.Decisions.Exists(one => one.Applied != false && IsBy(one, claim))) return ApprovalDoor.Decided;
        if (fact.Ended is not null || state.IsTerminal) return ApprovalDoor.Closed;
        if (fact.Asked.EvidenceHash != claim.EvidenceHash) return ApprovalDoor.Superseded;
        return Identity(fact.Asked.Gate, claim, who) ?? ApprovalDoor.Open;
    }

    /// <summary>What is missing for the gate to know who decides; null: nothing.</summary>
    public static ApprovalDoor? Identity(ApprovalGate gate, ApprovalClaim claim, ApprovalPrincipal? who) => gate.Identity switch
    {
        ApproverIdentity.Link => null,
        _ when who is null => ApprovalDoor.SignIn,
        _ => who.Is(claim.Approver) ? null : ApprovalDoor.NotYou,
    };

    private static bool IsBy(DecisionFact one, ApprovalClaim claim) =>
        string.Equals(one.Received.Decision.Approver, claim.Approver, StringComparison.OrdinalIgnoreCase);
}
