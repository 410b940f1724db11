using System.Security.Cryptography;
using System.Text;
using Slipway.Core.Approvals;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Requests;

namespace Slipway.Workflow.Releases;

/// <summary>Approvals: showing what a link asks, and recording what its approver decides.</summary>
public sealed partial class ReleaseDesk
{
    /// <summary>What a link asks and where that stands; changes nothing.</summary>
    /// <param name="token">The link's token.</param>
    /// <param name="who">Who is signed in; null: nobody.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public async Task<ApprovalAnswer> DescribeApprovalAsync(string token, ApprovalPrincipal? who, CancellationToken cancellation)
    {
        var (problem, state, claim) = await LookAsync(token, who, cancellation);
        return problem ?? new ApprovalAnswer.Found(View(state!, claim!, who), state!);
    }

    /// <summary>
    /// Records a decision and wakes the release; whether it counts follows in the ledger. The same decision by the same link is recorded
    /// once. A link that does not verify, a gate whose approver is not signed in, and a release that is over, record nothing.
    /// </summary>
    /// <param name="token">The link's token.</param>
    /// <param name="who">Who is signed in; null: nobody.</param>
    /// <param name="choice">Approve or reject.</param>
    /// <param name="comment">In the approver's words; may be empty.</param>
    /// <param name="confirm">The word that <see cref="ApprovalView.Confirm"/> names: nobody decides by opening a link.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public async Task<ApprovalAnswer> DecideAsync(
        string token, ApprovalPrincipal? who, ApprovalChoice choice, string comment, string confirm, CancellationToken cancellation)
    {
        var (problem, state, claim) = await LookAsync(token, who, cancellation);
        if (problem is not null) return problem;
        var view = View(state!, claim!, who);
        if (ApprovalDoors.Identity(state!.Approvals[claim!.Gate].Asked.Gate, claim, who) is not null) return new ApprovalAnswer.NotSignedIn(view, who);
        if (!string.Equals(confirm.Trim(), view.Confirm, StringComparison.OrdinalIgnoreCase)) return new ApprovalAnswer.NotConfirmed(view.Confirm);
        return await RecordAsync(state, claim, who, choice, comment, view, cancellation);
    }

    private async Task<ApprovalAnswer> RecordAsync(
        ReleaseState state, ApprovalClaim claim, ApprovalPrincipal? who, ApprovalChoice choice, string comment, ApprovalView view, CancellationToken cancellation)
    {
        var id = DecisionId(claim, choice);
        if (state.IsTerminal)
        {
            var known = state.Approvals[claim.Gate].Decisions.Find(fact => fact.Received.Decision.Id == id);
            return known is null ? new ApprovalAnswer.Ended(claim.Release, state.Phase) : new ApprovalAnswer.Recorded(id, known.Sequence, view);
        }

        var identity = who?.Is(claim.Approver) == true ? ApproverIdentity.SignIn : ApproverIdentity.Link;
        var decision = new ApprovalDecision(id, claim.Gate, claim.Approver, choice, comment, claim.EvidenceHash, identity);
        var entries = await journal.AppendAsync(claim.Release, [new LedgerDraft($"decision:{id}", time.GetUtcNow(), claim.Approver, new ApprovalDecided(decision))], cancellation);
        await TryWakeAsync(claim.Release, cancellation);
        return new ApprovalAnswer.Recorded(id, entries[^1].Sequence, view);
    }

    private async Task<(ApprovalAnswer? Problem, ReleaseState? State, ApprovalClaim? Claim)> LookAsync(string token, ApprovalPrincipal? who, CancellationToken cancellation)
    {
        if (options.ApprovalKeys is not { } keys) return (new ApprovalAnswer.Forged(), null, null);
        switch (ApprovalToken.Verify(token, keys, time.GetUtcNow()))
        {
            case ApprovalTokenCheck.Valid { Claim: var claim }:
                return await AskedAsync(claim, cancellation) is { } state ? (null, state, claim) : (new ApprovalAnswer.NotAsked(claim), null, null);
            case ApprovalTokenCheck.Expired { Claim: var claim }:
                var then = await AskedAsync(claim, cancellation);
                return (new ApprovalAnswer.Expired(claim, then is null ? null : View(then, claim, who), then), null, null);
            case ApprovalTokenCheck.Forged:
                return (new ApprovalAnswer.Forged(), null, null);
            default:
                return (new ApprovalAnswer.Malformed(), null, null);
        }
    }

    private async Task<ReleaseState?> AskedAsync(ApprovalClaim claim, CancellationToken cancellation) =>
        await journal.StateAsync(claim.Release, cancellation) is { } state && state.Approvals.ContainsKey(claim.Gate) ? state : null;

    private ApprovalView View(ReleaseState state, ApprovalClaim claim, ApprovalPrincipal? who)
    {
        var fact = state.Approvals[claim.Gate];
        var gate = fact.Asked.Gate;
        return new ApprovalView
        {
            Release = claim.Release,
            Title = state.Request.Release.Title,
            Version = state.Request.Release.Version,
            Environment = EnvironmentOf(state.Request),
            Phase = state.Phase,
            Gate = gate.Id,
            Percentage = gate.Percentage.Value,
            Group = gate.Group,
            Approver = claim.Approver,
            Identity = gate.Identity,
            Door = ApprovalDoors.Of(state, claim, who, time.GetUtcNow()),
            Evidence = fact.Evidence,
            Superseded = fact.Asked.EvidenceHash != claim.EvidenceHash,
            Quorum = gate.Quorum,
            ApprovedBy = [.. fact.Decisions.Where(one => one is { Applied: true, Received.Decision.Choice: ApprovalChoice.Approve }).Select(one => one.Received.Decision.Approver)],
            Deadline = fact.Asked.Deadline,
            Outcome = fact.Ended?.Outcome,
            Reason = fact.Ended?.Reason ?? "",
            Confirm = EnvironmentOf(state.Request),
            Decisions = [.. fact.Decisions.Where(one => string.Equals(one.Received.Decision.Approver, claim.Approver, StringComparison.OrdinalIgnoreCase)).Select(one =>
                new OwnDecision(
                one.Received.Decision.Id, one.Received.Decision.Choice, one.Received.At, one.Applied, one.Answer, one.Sequence, one.Received.Decision.Identity, one.Received.Decision.Comment))],
        };
    }

    private static string EnvironmentOf(ReleaseRequest request) =>
        request.Environments.Count > 0 ? request.Environments[^1].Name.ToString().ToLowerInvariant() : "production";

    /// <summary>The same link and choice is the same decision, however often it is sent.</summary>
    private static string DecisionId(ApprovalClaim claim, ApprovalChoice choice) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{claim.Gate}\n{claim.Approver}\n{claim.EvidenceHash}\n{claim.Nonce}\n{choice}")))[..32];

    private IEnumerable<RequestProblem> ApprovalProblems(ReleaseRequest request, ReleasePlan plan)
    {
        var gates = ApprovalGates.Of(request, plan, options.Policy, []);
        if (gates.Count > 0 && options.ApprovalKeys is null)
            return [RequestProblem.At("approvals", string.Join(", ", gates.Select(gate => gate.Group).Distinct()), "no approval: this server has no key to sign approval links with")];

        // An unknown group is named by the policy's own check.
        return Unreachable([.. gates.Where(gate => gate.Members.Count > 0)], plan);
    }

    private IReadOnlyList<RequestProblem> Unreachable(IReadOnlyList<ApprovalGate> gates, ReleasePlan plan) =>
        [.. ApprovalGates.Problems(gates), .. ApprovalGates.SignInProblems(gates, options.Policy, plan.Risk)];

    private static IEnumerable<string> InlineApprovers(ReleaseRequest request, IReadOnlyList<ApprovalGate> gates) => gates
        .Select(gate => gate.Group)
        .Distinct(StringComparer.Ordinal)
        .Where(group => request.Approvals.GetValueOrDefault(group) is { Approvers.Count: > 0 })
        .Select(group => $"Approvers of {group} are written in the request itself, as this server's policy allows: is that meant?");
}
