using Slipway.Core.Approvals;
using Slipway.Core.Policy;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;

namespace Slipway.Rehearsal.World;

/// <summary>How approvers answer.</summary>
public enum ApproverTemper
{
    /// <summary>Each approves <see cref="RehearsalPeople.AnswersAfter"/> after the mail.</summary>
    Approves,

    /// <summary>Each rejects.</summary>
    Rejects,

    /// <summary>Nobody answers.</summary>
    Silent,
}

/// <summary>
/// The people of a rehearsal. Who is in an approver group is the server's policy and not the request's, so that every group has members of the
/// rehearsal's own. Whoever is on call looks at a release that is held after <see cref="OnCallAfter"/>: takes it back where the new version is at
/// fault or the scenario says so, and otherwise lets it go on.
/// </summary>
internal sealed class RehearsalPeople(ReleaseRequest request, TimeProvider time, ApproverTemper temper)
{
    /// <summary>Who starts the release.</summary>
    public const string Starter = "rehearsal@slipway.invalid";

    /// <summary>Who is on call.</summary>
    private const string OnCall = "on-call@slipway.invalid";

    public static readonly TimeSpan AnswersAfter = TimeSpan.FromMinutes(5);

    public static readonly TimeSpan OnCallAfter = TimeSpan.FromMinutes(20);

    private readonly Queue<(DateTimeOffset Due, string Approver, string Token)> _asked = [];
    private int _commands;

    /// <summary>What the server of the rehearsal allows: whatever the request asks for, with approvers for each of its groups.</summary>
    public ServerPolicy Policy { get; } = new()
    {
        ApproverGroups = Groups(request).ToDictionary(group => group, group => Members(request, group), StringComparer.Ordinal),
        Keys =
        [
            .. Groups(request).SelectMany(group => Members(request, group)).Concat(request.Approvals.Values.SelectMany(spec => spec.Approvers))
                .Distinct(StringComparer.OrdinalIgnoreCase).Select(member => new PolicyKey(member, [PolicyRole.Approver], "")),
        ],
        InlineApprovers = true,
        AllowedUrls = new UrlAllowList([UrlPattern.Loopback, .. Hosts(request)]),
    };

    /// <summary>When the next of them does something; null: nobody was asked.</summary>
    public DateTimeOffset? NextAnswer => _asked.Count > 0 ? _asked.Peek().Due : null;

    /// <summary>A mail arrives: whoever is asked something by it puts it on the pile.</summary>
    public void Receive(OutgoingMail mail)
    {
        if (temper == ApproverTemper.Silent || mail.Text.IndexOf("/approvals/", StringComparison.Ordinal) is not (>= 0 and var at)) return;
        var token = mail.Text[(at + "/approvals/".Length)..];
        var end = token.AsSpan().IndexOfAny(" \r\n");
        _asked.Enqueue((time.GetUtcNow() + AnswersAfter, mail.To, end < 0 ? token : token[..end]));
    }

    /// <summary>Everybody who is due answers.</summary>
    public async Task AnswerAsync(ReleaseDesk desk)
    {
        while (_asked.Count > 0 && _asked.Peek().Due <= time.GetUtcNow())
        {
            var (_, approver, token) = _asked.Dequeue();
            var choice = temper == ApproverTemper.Rejects ? ApprovalChoice.Reject : ApprovalChoice.Approve;
            await desk.DecideAsync(token, new ApprovalPrincipal(approver, true), choice, "rehearsed", Environment(request), default);
        }
    }

    /// <summary>Whoever is on call decides.</summary>
    public Task CommandAsync(ReleaseDesk desk, ReleaseId release, ReleaseCommandKind kind, string why) =>
        desk.CommandAsync(release, new ReleaseCommand($"rehearsal-{++_commands}", kind, OnCall, why), default);

    private static IEnumerable<string> Groups(ReleaseRequest request) => request.Approvals.Keys
        .Concat(request.ListedStages().Select(listed => listed.Stage.Approval).OfType<string>())
        .Concat(request.Operations.CalendarApproval is { } calendar ? [calendar] : [])
        .Where(group => group.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    private static IReadOnlyList<string> Members(ReleaseRequest request, string group) =>
        [.. Enumerable.Range(1, request.Approvals.GetValueOrDefault(group)?.Quorum ?? 1).Select(number => $"{group}-{number}@slipway.invalid")];

    private static IEnumerable<UrlPattern> Hosts(ReleaseRequest request) =>
        PolicyCheck.CalledUrls(request).Select(called => UrlPattern.TryParse($"{called.Url.Scheme}://{called.Url.IdnHost}:*")).OfType<UrlPattern>().DistinctBy(pattern => pattern.Text);

    private static string Environment(ReleaseRequest request) => request.Environments.Count > 0 ? EnvironmentSpec.Word(request.Environments[^1].Name) : "production";
}
