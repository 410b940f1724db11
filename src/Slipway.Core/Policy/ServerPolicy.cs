using Slipway.Core.Approvals;
using Slipway.Core.Planning.Intake;
using Slipway.Core.Releases;

namespace Slipway.Core.Policy;

/// <summary>
/// What the server allows, whatever a request says (<c>slipway.policy.yaml</c>): who approves, who operates, which URLs are called, and
/// how strict guardrails must be at least.
/// </summary>
public sealed record ServerPolicy
{
    /// <summary>Mail addresses of the members by group name. A request only names groups. Default: none.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> ApproverGroups { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>The URLs that probes, hooks and webhooks may have. Default: this machine only.</summary>
    public UrlAllowList AllowedUrls { get; init; } = UrlAllowList.LoopbackOnly;

    /// <summary>The loosest guardrails that are accepted. Default: no bound.</summary>
    public MinimumGuardrails MinimumGuardrails { get; init; } = new();

    /// <summary>Who may send commands; empty: everyone whom the server has authenticated.</summary>
    public IReadOnlyList<string> Operators { get; init; } = [];

    /// <summary>API keys of people and pipelines, each with its own name and roles. Default: none.</summary>
    public IReadOnlyList<PolicyKey> Keys { get; init; } = [];

    /// <summary>How approvers are known at least: with <see cref="ApproverIdentity.SignIn"/> every approver signs in, whatever the risk.
    /// Default: by the link.</summary>
    public ApproverIdentity ApproverIdentity { get; init; } = ApproverIdentity.Link;

    /// <summary>Whether approvers written into a request count. Only for one machine. Default: false.</summary>
    public bool InlineApprovers { get; init; }

    /// <summary>
    /// Whether the calendar counts (<see cref="Planning.Calendars.CalendarRules"/>): Friday afternoon, weekends, holidays and evenings. Off only
    /// where no users are exposed, as on a machine for rehearsals; a request's own windows, peak hours and freezes count anyway. Default: true.
    /// </summary>
    public bool CalendarRules { get; init; } = true;

    /// <summary>How much a request must say before it may start: standard or strict. Default: standard.</summary>
    public IntakeProfile Intake { get; init; } = IntakeProfile.Standard;

    /// <summary>The policy of a server without a policy file: loopback URLs only, nothing else restricted, no approver groups.</summary>
    public static ServerPolicy Default { get; } = new();

    /// <summary>Whether the platform in front of the server signs people in by their mail address, so that every approver can sign in. Said by the
    /// host, never by the policy's file. Default: false.</summary>
    public bool PlatformSignsIn { get; init; }

    /// <summary>Why nobody knows what the server allows; null: it is known. Said by the host, which then has the rest of this policy at its defaults:
    /// nothing starts, and releases under way go on and can only be held or taken back. Default: null.</summary>
    public string? Unknown { get; init; }

    /// <summary>Whether a URL of a request may be called. While the policy is unknown every http or https URL may, since nothing new starts then, and
    /// those of a release under way were allowed when it started: its way back must not end at a policy that is lost.</summary>
    public bool MayCall(Uri url) => Unknown is null ? AllowedUrls.Allows(url) : UrlAllowList.IsCallable(url);

    /// <summary>Whether a command may be given at all, whoever gives it: while the policy is unknown only what holds a release or takes it back.</summary>
    public bool Takes(ReleaseCommandKind command) =>
        Unknown is null || command is ReleaseCommandKind.Pause or ReleaseCommandKind.RollBack or ReleaseCommandKind.Abort;

    /// <summary>Whether somebody can sign in as approver: the platform does it, or a key of that name, compared without regard to case, has the role.</summary>
    public bool CanSignIn(string approver) =>
        PlatformSignsIn || Keys.Any(key => key.Roles.Contains(PolicyRole.Approver) && string.Equals(key.Name, approver, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a principal may send commands. Names are compared without regard to case.</summary>
    public bool MayOperate(string principal) =>
        Operators.Count == 0 || Operators.Contains(principal, StringComparer.OrdinalIgnoreCase);
}

/// <summary>The loosest guardrails that a server accepts; a null part has no bound.</summary>
public sealed record MinimumGuardrails
{
    /// <summary>The highest error-rate limit.</summary>
    public Percentage? ErrorRate { get; init; }

    /// <summary>The highest p95 latency limit in milliseconds.</summary>
    public decimal? LatencyP95 { get; init; }

    /// <summary>The lowest availability objective.</summary>
    public Percentage? Availability { get; init; }
}
