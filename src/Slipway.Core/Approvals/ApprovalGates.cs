using System.Text.RegularExpressions;
using Slipway.Core.Planning;
using Slipway.Core.Policy;
using Slipway.Core.Requests;

namespace Slipway.Core.Approvals;

/// <summary>
/// What has to be approved: the start when the counting risk is medium or higher or when an approval is to let the release pass the
/// calendar, and each stage that names a group.
/// </summary>
public static partial class ApprovalGates
{
    /// <summary>The gates of a release, the start first. From medium risk on, every group under <c>approvals</c> approves the start; where
    /// none is listed there, the groups that the stages name do.</summary>
    /// <param name="request">Names the groups and their rules.</param>
    /// <param name="plan">Risk and stages.</param>
    /// <param name="policy">Says who is in a group.</param>
    /// <param name="startedBy">The authenticated starter, and those of former attempts; barred, like <c>requested_by</c>. Of a name with a mail
    /// address in it, such as <c>Dana Lane &lt;dana@example.com&gt;</c>, the address is barred, since members are addresses.</param>
    public static IReadOnlyList<ApprovalGate> Of(ReleaseRequest request, ReleasePlan plan, ServerPolicy policy, IReadOnlyList<string> startedBy)
    {
        string[] barred = [.. new[] { request.Release.RequestedBy }.Concat(startedBy).SelectMany(Barred).Distinct(StringComparer.OrdinalIgnoreCase)];
        var first = plan.Stages.Count > 0 ? plan.Stages[0].Percentage : default;
        List<ApprovalGate> gates = [.. AtStart(request, plan).Select(group => Gate(request, plan, policy, barred, group, -1, first))];
        foreach (var stage in plan.Stages)
        {
            // What the start's approval already covers is not asked a second time in the same breath.
            if (stage.Approval is { } group && !(stage.Index == 0 && gates.Exists(gate => gate.Group == group)))
                gates.Add(Gate(request, plan, policy, barred, group, stage.Index, stage.Percentage));
        }

        return gates;
    }

    /// <summary>Why the gates could never be approved: too few members who may decide. Empty when they can.</summary>
    public static IEnumerable<RequestProblem> Problems(IReadOnlyList<ApprovalGate> gates) =>
        from gate in gates.DistinctBy(gate => gate.Group)
        let able = gate.Eligible().Count()
        where able < gate.Quorum
        select RequestProblem.At(
            $"approvals.{gate.Group}",
            $"{able} who may decide ({string.Join(", ", gate.Barred)} cannot: who asks for or starts a release does not approve it)",
            $"a group with {gate.Quorum} or more members other than these; the server policy says who is in it");

    /// <summary>Why the gates whose approvers have to sign in could never be approved: too few members have a key to sign in with. Empty when
    /// they can.</summary>
    /// <param name="gates">The gates.</param>
    /// <param name="policy">Has the keys.</param>
    /// <param name="risk">The counting risk, which is why they have to sign in from high on.</param>
    public static IEnumerable<RequestProblem> SignInProblems(IReadOnlyList<ApprovalGate> gates, ServerPolicy policy, RiskLevel risk) =>
        from gate in gates.Where(gate => gate.Identity == ApproverIdentity.SignIn).DistinctBy(gate => gate.Group)
        let missing = gate.Eligible().Where(member => !policy.CanSignIn(member)).ToList()
        let able = gate.Eligible().Count() - missing.Count
        where able < gate.Quorum && missing.Count > 0 && able + missing.Count >= gate.Quorum
        select RequestProblem.At(
            $"approvals.{gate.Group}",
            $"{able} who can sign in to decide (no key with the role approver: {string.Join(", ", missing)})",
            $"{gate.Quorum} or more: {Why(gate, policy, risk)}, so the server policy needs a key with the role approver, named by the mail address, for each of them (`slipway key NAME` makes one)");

    /// <summary>What a person should know about gates that can be approved: who cannot take part.</summary>
    public static IEnumerable<string> Remarks(IReadOnlyList<ApprovalGate> gates, ServerPolicy policy) =>
        from gate in gates.Where(gate => gate.Identity == ApproverIdentity.SignIn).DistinctBy(gate => gate.Group)
        let missing = gate.Eligible().Where(member => !policy.CanSignIn(member)).ToList()
        where missing.Count > 0
        select $"Approvers of {gate.Group} sign in, and {string.Join(", ", missing)} cannot: the server policy has no key with the role approver for them.";

    /// <summary>What a person should know when nobody is barred who could be a member: whose release it is cannot be told then.</summary>
    public static IEnumerable<string> Unknown(IReadOnlyList<ApprovalGate> gates) => gates.Count == 0 || gates.Any(gate => gate.Barred.Any(name => name.Contains('@', StringComparison.Ordinal)))
        ? []
        : [$"Nobody is kept from approving their own release: neither release.requested_by nor who started it ({(gates[0].Barred is { Count: > 0 } names ? string.Join(", ", names) : "unnamed")}) is a mail address."];

    /// <summary>The name as it stands, and each address in it, without the quotes that may stand around one.</summary>
    private static IEnumerable<string> Barred(string name) =>
        Address().Matches(name).SelectMany(match => new[] { match.Value, match.Value.TrimStart('\'') }).Prepend(name).Where(barred => barred.Length > 0);

    private static string Why(ApprovalGate gate, ServerPolicy policy, RiskLevel risk) => risk >= RiskLevel.High
        ? $"with {risk.ToString().ToLowerInvariant()} risk approvers sign in"
        : policy.ApproverIdentity == ApproverIdentity.SignIn ? "by the server policy approvers sign in" : $"approvals.{gate.Group}.identity is sign_in";

    private static IEnumerable<string> AtStart(ReleaseRequest request, ReleasePlan plan) =>
        ByRisk(request, plan).Concat(plan.Calendar is { Approval: { } group } ? [group] : []).Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> ByRisk(ReleaseRequest request, ReleasePlan plan) => plan.Risk < RiskLevel.Medium
        ? []
        : request.Approvals.Count > 0
            ? request.Approvals.Keys.Order(StringComparer.Ordinal)
            : plan.Stages.Select(stage => stage.Approval).OfType<string>().Distinct(StringComparer.Ordinal);

    private static ApprovalGate Gate(
        ReleaseRequest request, ReleasePlan plan, ServerPolicy policy, string[] barred, string group, int stage, Releases.Percentage percentage)
    {
        var spec = request.Approvals.GetValueOrDefault(group) ?? new ApprovalSpec();
        return new ApprovalGate
        {
            Id = stage < 0 ? $"start:{group}" : $"stage-{stage + 1}:{group}",
            Stage = stage,
            Percentage = percentage,
            Group = group,
            Members = [.. (policy.ApproverGroups.GetValueOrDefault(group) ?? []).Concat(policy.InlineApprovers ? spec.Approvers : []).Distinct(StringComparer.OrdinalIgnoreCase)],
            Barred = barred,
            Quorum = spec.Quorum,
            Timeout = spec.Timeout,
            Remind = spec.Remind,
            Identity = plan.Risk >= RiskLevel.High || policy.ApproverIdentity == ApproverIdentity.SignIn ? ApproverIdentity.SignIn : spec.Identity,
        };
    }

    [GeneratedRegex(MailAddressForm.Pattern)]
    private static partial Regex Address();
}
