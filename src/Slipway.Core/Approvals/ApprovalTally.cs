namespace Slipway.Core.Approvals;

/// <summary>Where a gate stands.</summary>
public abstract record ApprovalVerdict
{
    private ApprovalVerdict()
    {
    }

    /// <summary>Still open.</summary>
    /// <param name="NextReminder">When those who have not answered are reminded next; null: not again before the deadline.</param>
    /// <param name="Deadline">When a missing answer becomes a denial.</param>
    /// <param name="Silent">The members who may decide and have not.</param>
    public sealed record Pending(DateTimeOffset? NextReminder, DateTimeOffset Deadline, IReadOnlyList<string> Silent) : ApprovalVerdict;

    /// <summary>The quorum approved.</summary>
    /// <param name="By">Who, in the order of their decisions.</param>
    public sealed record Approved(IReadOnlyList<string> By) : ApprovalVerdict;

    /// <summary>One rejection stops the release.</summary>
    /// <param name="By">Who.</param>
    /// <param name="Comment">Why; may be empty.</param>
    public sealed record Rejected(string By, string Comment) : ApprovalVerdict;

    /// <summary>The deadline passed without a quorum, which is a denial.</summary>
    /// <param name="Deadline">When.</param>
    public sealed record TimedOut(DateTimeOffset Deadline) : ApprovalVerdict;
}

/// <summary>What became of one decision.</summary>
/// <param name="DecisionId">Which one.</param>
/// <param name="Accepted">Whether it counts.</param>
/// <param name="Why">What it did, or why it does not count.</param>
public sealed record ApprovalRuling(string DecisionId, bool Accepted, string Why);

/// <summary>A gate's verdict and a ruling for each decision, in their order.</summary>
public sealed record ApprovalStanding(ApprovalVerdict Verdict, IReadOnlyList<ApprovalRuling> Rulings);

/// <summary>
/// Counts decisions: once each, from a listed approver who is not the requester and is known as the gate asks, before the deadline, for the evidence that was shown.
/// Pure: whoever reads the same ledger finds the same.
/// </summary>
public static class ApprovalTally
{
    /// <summary>Decides about a gate.</summary>
    /// <param name="asked">The gate as it was asked.</param>
    /// <param name="decisions">Every decision received for it, oldest first.</param>
    /// <param name="now">The moment to decide for.</param>
    public static ApprovalStanding Decide(AskedGate asked, IReadOnlyList<ReceivedDecision> decisions, DateTimeOffset now)
    {
        var approved = new List<string>();
        var rulings = new List<ApprovalRuling>();
        ApprovalVerdict? verdict = null;
        foreach (var received in decisions)
        {
            var decision = received.Decision;
            if (Objection(asked, received, approved, verdict) is { } why)
            {
                rulings.Add(new ApprovalRuling(decision.Id, false, why));
                continue;
            }

            if (decision.Choice == ApprovalChoice.Reject)
            {
                verdict = new ApprovalVerdict.Rejected(decision.Approver, decision.Comment);
                rulings.Add(new ApprovalRuling(decision.Id, true, "rejected: the release stops"));
                continue;
            }

            approved.Add(decision.Approver);
            if (approved.Count >= asked.Gate.Quorum) verdict = new ApprovalVerdict.Approved([.. approved]);
            rulings.Add(new ApprovalRuling(decision.Id, true, $"approved: {approved.Count} of {asked.Gate.Quorum}"));
        }

        return new ApprovalStanding(verdict ?? Open(asked, approved, now), rulings);
    }

    private static ApprovalVerdict Open(AskedGate asked, List<string> approved, DateTimeOffset now)
    {
        if (now >= asked.Deadline) return new ApprovalVerdict.TimedOut(asked.Deadline);
        var periods = now < asked.At ? 0 : (now - asked.At).Ticks / asked.Gate.Remind.Ticks;
        var next = asked.At + ((periods + 1) * asked.Gate.Remind);
        return new ApprovalVerdict.Pending(
            next < asked.Deadline ? next : null,
            asked.Deadline,
            [.. asked.Gate.Eligible().Where(member => !approved.Contains(member, StringComparer.OrdinalIgnoreCase))]);
    }

    private static string? Objection(AskedGate asked, ReceivedDecision received, List<string> approved, ApprovalVerdict? verdict)
    {
        var decision = received.Decision;
        var gate = asked.Gate;
        if (gate.Barred.Contains(decision.Approver, StringComparer.OrdinalIgnoreCase)) return $"{decision.Approver} asked for or started this release, and whoever does cannot decide about it";
        if (!gate.Members.Contains(decision.Approver, StringComparer.OrdinalIgnoreCase)) return $"{decision.Approver} is not in the group {gate.Group}";
        if (gate.Identity == ApproverIdentity.SignIn && decision.Identity != ApproverIdentity.SignIn) return "it was decided by the mail link alone, and this gate asks for a signed-in approver";
        if (decision.EvidenceHash != asked.EvidenceHash) return "it was given for other evidence than what is asked now";
        if (received.At >= asked.Deadline) return $"it came after the deadline {asked.Deadline.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z";
        if (approved.Contains(decision.Approver, StringComparer.OrdinalIgnoreCase)) return $"{decision.Approver} has decided already; a decision counts once";
        return verdict switch
        {
            ApprovalVerdict.Approved => "the gate is decided already: approved",
            ApprovalVerdict.Rejected rejected => $"the gate is decided already: rejected by {rejected.By}",
            _ => null,
        };
    }
}
