using Slipway.Core.Approvals;
using Slipway.Core.Ledgers;
using Slipway.Web.Words;
using Slipway.Workflow.Releases;

namespace Slipway.Web.Pages.Approvals;

/// <summary>The words of the pages for links that decide nothing, each its own. Pure.</summary>
public static class ApprovalEnds
{
    private const string Newest = "The newest mail about this release has the link that counts.";

    /// <summary>The time to decide has passed.</summary>
    public static ApprovalEndModel Expired(PageFrame frame, ApprovalClaim claim, ReleaseState? state) => Standing(new ApprovalEndModel
    {
        Frame = frame,
        Heading = "This link has expired",
        What = $"The time to decide about {claim.Gate} of {claim.Release} ended at {Moments.People(claim.ExpiresAt)}. Nothing was recorded.",
        Next = state is { IsTerminal: true } ? "Nothing is left to decide. Whoever wants it released starts it again." : $"{Newest} Without one, nothing is asked of you now.",
        Release = claim.Release,
    }, state, claim.Gate);

    /// <summary>Its approver has decided, or the gate has ended.</summary>
    public static ApprovalEndModel Used(PageFrame frame, ApprovalView view, ReleaseState state) => Standing(new ApprovalEndModel
    {
        Frame = frame,
        Heading = view.Door == ApprovalDoor.Decided ? "You have decided already" : "This is decided already",
        What = view.Door == ApprovalDoor.Decided
            ? $"{view.Approver} decided about {view.Gate} of {view.Release}; a decision counts once, and no link changes it. Nothing was recorded."
            : $"{view.Gate} of {view.Release} is no longer open. Nothing was recorded.",
        Next = state.IsTerminal ? "The release is over and never changes; its page shows how it ended." : "Follow it on the release's page. Whoever has second thoughts asks an operator to pause it or to roll it back.",
        Release = view.Release,
    }, state, view.Gate);

    /// <summary>Newer evidence is asked about.</summary>
    public static ApprovalEndModel Superseded(PageFrame frame, ApprovalView view, ReleaseState state) => Standing(new ApprovalEndModel
    {
        Frame = frame,
        Heading = "This link was for older evidence",
        What = $"Since this mail was sent, {view.Gate} of {view.Release} was asked again with newer evidence. A decision about the old one does not count. Nothing was recorded.",
        Next = $"{Newest} It is open until {Moments.People(view.Deadline)}.",
        Release = view.Release,
    }, state, view.Gate);

    /// <summary>Somebody else is signed in, or the link's person may not decide.</summary>
    public static ApprovalEndModel NotYou(PageFrame frame, ApprovalView view, ReleaseState state, string? signedIn, string signInPath) => Standing(new ApprovalEndModel
    {
        Frame = frame,
        Heading = "This is not yours to decide",
        What = view.Door == ApprovalDoor.NotListed
            ? $"{view.Approver} may not decide about {view.Gate} of {view.Release}: only members of {view.Group} do, and never who asked for or started the release. Nothing was recorded."
            : string.Equals(signedIn, view.Approver, StringComparison.OrdinalIgnoreCase)
                ? $"You are signed in as {signedIn}, with a key that does not have the role approver. Nothing was recorded."
                : $"The link is for {view.Approver}, and you are signed in as {signedIn}. Nothing was recorded.",
        Next = view.Door == ApprovalDoor.NotListed ? $"Ask a member of {view.Group}." : $"Sign in as {view.Approver} with a key that has the role approver, or leave the decision to them.",
        Release = view.Release,
        SignInPath = view.Door == ApprovalDoor.NotListed ? null : signInPath,
    }, state, view.Gate);

    /// <summary>The signature is not of this server. Nothing that the link says is believed, or shown.</summary>
    public static ApprovalEndModel Forged(PageFrame frame) => new()
    {
        Frame = frame,
        Heading = "This link was not signed by this server",
        What = "It was changed on its way, or the key that signed it is no longer in use. Nothing was recorded, and nothing that it says counts.",
        Next = "Open the link of the newest mail as it is. If you did not expect this mail at all, tell whoever runs this server.",
    };

    /// <summary>No approval link.</summary>
    public static ApprovalEndModel Malformed(PageFrame frame) => new()
    {
        Frame = frame,
        Heading = "This is not a whole approval link",
        What = "A part of it is missing, perhaps cut off by a mail program. Nothing was recorded.",
        Next = "Copy the whole link from the mail's text part, from http up to the last character.",
    };

    /// <summary>Signed here, but nothing like it is asked.</summary>
    public static ApprovalEndModel NotAsked(PageFrame frame, ApprovalClaim claim) => new()
    {
        Frame = frame,
        Heading = "Nothing like this is asked here",
        What = $"{claim.Gate} of {claim.Release} is not asked on this server. Nothing was recorded.",
        Next = "Check which server sent the mail.",
    };

    private static ApprovalEndModel Standing(ApprovalEndModel model, ReleaseState? state, string gate) => state is null ? model : model with
    {
        Phase = state.Phase,
        Exposure = state.Exposure.ToString(),
        Why = state.PhaseReason,
        Decisions = state.Approvals.GetValueOrDefault(gate) is { } fact ? DecisionLine.Of(fact) : [],
        Outcome = state.Approvals.GetValueOrDefault(gate) is { Ended: { } ended } asked ? Outcome(ended, asked) : "",
    };

    private static string Outcome(ApprovalEnded ended, ApprovalFact fact) => ended.Outcome switch
    {
        ApprovalOutcome.Approved => $"The gate is approved: {ended.Reason}.",
        ApprovalOutcome.Rejected => $"The gate is rejected: {ended.Reason}.",
        ApprovalOutcome.TimedOut => $"The gate timed out at {Moments.People(fact.Asked.Deadline)}: {ended.Reason}.",
        _ => $"The question was withdrawn: {ended.Reason}.",
    };
}
