using System.Collections.Immutable;
using Slipway.Core.Approvals;

namespace Slipway.Core.Ledgers;

/// <summary>A gate was put to its group.</summary>
/// <param name="Gate">What is asked, of whom, with which quorum.</param>
/// <param name="Evidence">What was shown.</param>
/// <param name="EvidenceHash">Its hash; a decision counts only for this one.</param>
/// <param name="AskedAt">When.</param>
/// <param name="Deadline">When a missing answer becomes a denial.</param>
public sealed record ApprovalRequested(ApprovalGate Gate, string Evidence, string EvidenceHash, DateTimeOffset AskedAt, DateTimeOffset Deadline) : LedgerBody;

/// <summary>An approver decided. Followed by <see cref="CommandApplied"/> or <see cref="CommandRefused"/> with the decision's id.</summary>
public sealed record ApprovalDecided(ApprovalDecision Decision) : LedgerBody;

/// <summary>How a gate ended.</summary>
public enum ApprovalOutcome
{
    /// <summary>By its quorum.</summary>
    Approved,

    /// <summary>By one rejection.</summary>
    Rejected,

    /// <summary>By its deadline, which is a denial.</summary>
    TimedOut,

    /// <summary>The release stopped for another reason.</summary>
    Withdrawn,
}

/// <summary>A gate is no longer open.</summary>
/// <param name="Gate">Its id.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Reason">In one sentence.</param>
public sealed record ApprovalEnded(string Gate, ApprovalOutcome Outcome, string Reason) : LedgerBody;

/// <summary>A gate and what happened to it.</summary>
/// <param name="Asked">What was asked.</param>
/// <param name="Evidence">What was shown.</param>
/// <param name="Decisions">The decisions, in the order in which they were received.</param>
/// <param name="Ended">How it ended; null while it is open.</param>
public sealed record ApprovalFact(AskedGate Asked, string Evidence, ImmutableList<DecisionFact> Decisions, ApprovalEnded? Ended);

/// <summary>A decision and its answer.</summary>
/// <param name="Received">The decision.</param>
/// <param name="Sequence">The ledger sequence that records it.</param>
/// <param name="Applied">True: it counts; false: it does not; null: not yet answered.</param>
/// <param name="Answer">What it did, or why it does not count; empty before the answer.</param>
public sealed record DecisionFact(ReceivedDecision Received, long Sequence, bool? Applied, string Answer);

/// <summary>What approvals change in the state.</summary>
internal static class ApprovalFold
{
    public static ReleaseState Ask(ReleaseState state, ApprovalRequested asked) => state with
    {
        Approvals = state.Approvals.SetItem(
            asked.Gate.Id, new ApprovalFact(new AskedGate(asked.Gate, asked.EvidenceHash, asked.AskedAt), AuditTrail.Cut(asked.Evidence), [], null)),
    };

    public static ReleaseState Decide(ReleaseState state, LedgerEntry entry, ApprovalDecision decision) =>
        state.Approvals.GetValueOrDefault(decision.Gate) is { } fact && !fact.Decisions.Exists(known => known.Received.Decision.Id == decision.Id)
            ? state with
            {
                Approvals = state.Approvals.SetItem(
                    decision.Gate, fact with { Decisions = fact.Decisions.Add(new DecisionFact(new ReceivedDecision(decision, entry.At), entry.Sequence, null, "")) }),
            }
            : state;

    public static ReleaseState Answer(ReleaseState state, string id, bool applied, string answer)
    {
        foreach (var (gate, fact) in state.Approvals)
        {
            var index = fact.Decisions.FindIndex(known => known.Received.Decision.Id == id);
            if (index < 0) continue;
            var decisions = fact.Decisions.SetItem(index, fact.Decisions[index] with { Applied = applied, Answer = AuditTrail.Cut(answer) });
            return state with { Approvals = state.Approvals.SetItem(gate, fact with { Decisions = decisions }) };
        }

        return state;
    }

    public static ReleaseState End(ReleaseState state, ApprovalEnded ended) => state.Approvals.GetValueOrDefault(ended.Gate) is { } fact
        ? state with { Approvals = state.Approvals.SetItem(ended.Gate, fact with { Ended = fact.Ended ?? ended }) }
        : state;
}
