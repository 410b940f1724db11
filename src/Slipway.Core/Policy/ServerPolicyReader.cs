using Slipway.Core.Approvals;
using Slipway.Core.Planning.Intake;
using Slipway.Core.Requests;
using Slipway.Core.Requests.Reading;

namespace Slipway.Core.Policy;

/// <summary>What reading a policy gave.</summary>
/// <param name="Policy">The policy; null exactly when there are problems.</param>
/// <param name="Problems">Every problem of the file, in file order.</param>
public sealed record PolicyReading(ServerPolicy? Policy, IReadOnlyList<RequestProblem> Problems);

/// <summary>
/// Reads <c>slipway.policy.yaml</c> with the same care as a request: <c>approver_groups</c>, <c>allowed_urls</c>,
/// <c>minimum_guardrails</c>, <c>operators</c>, <c>keys</c>, <c>approver_identity</c>, <c>inline_approvers</c>, <c>calendar_rules</c> and <c>intake</c>. An empty file is the default policy.
/// </summary>
public static class ServerPolicyReader
{
    private static readonly ScalarKind<UrlPattern> Pattern = new(
        "loopback, or a pattern such as https://*.example.com/hooks",
        scalar => UrlPattern.TryParse(scalar.Text) is { } pattern ? Parsed<UrlPattern>.Good(pattern) : Parsed<UrlPattern>.Bad());

    private static readonly ScalarKind<IntakeProfile> Profile = new("one of standard, strict", scalar => scalar.Text switch
    {
        "standard" => Parsed<IntakeProfile>.Good(IntakeProfile.Standard),
        "strict" => Parsed<IntakeProfile>.Good(IntakeProfile.Strict),
        _ => Parsed<IntakeProfile>.Bad(suggestion: NearestName.Of(scalar.Text, ["standard", "strict"])),
    });

    private static readonly ScalarKind<string> Sha256 = new("64 hex digits, as `slipway key NAME` prints them", scalar =>
        scalar.Text.Length == 64 && scalar.Text.All(char.IsAsciiHexDigit) ? Parsed<string>.Good(scalar.Text.ToLowerInvariant()) : Parsed<string>.Bad());

    /// <summary>Reads a document that may itself be unreadable, in which case its problems are passed on.</summary>
    public static PolicyReading Read(RequestDocument document) =>
        document.Root is null ? new PolicyReading(null, document.Problems) : Read(document.Root);

    /// <summary>Reads a tree.</summary>
    public static PolicyReading Read(RequestNode root)
    {
        var context = new ReadingContext();
        ServerPolicy? policy = null;
        if (root is RequestMapping mapping)
        {
            var section = new SectionReader(context, mapping);
            policy = Policy(section);
            section.Close();
        }
        else
        {
            context.Report("", root, ReadingContext.Describe(root), "a mapping");
        }

        var problems = context.Problems();
        return new PolicyReading(problems.Count == 0 ? policy : null, problems);
    }

    private static ServerPolicy Policy(SectionReader section)
    {
        section.MaybeText("$schema", Scalars.Line);
        return new ServerPolicy
        {
            ApproverGroups = section.NamedLists("approver_groups", Scalars.Mail),
            AllowedUrls = section.Has("allowed_urls") ? new UrlAllowList(section.Values("allowed_urls", Pattern)) : UrlAllowList.LoopbackOnly,
            MinimumGuardrails = section.Section("minimum_guardrails", Minimum) ?? new MinimumGuardrails(),
            Operators = section.Values("operators", Scalars.Name),
            Keys = section.Sections("keys", Key, key => key.Name),
            ApproverIdentity = section.Get("approver_identity", Scalars.Word<ApproverIdentity>(), ApproverIdentity.Link),
            InlineApprovers = section.Get("inline_approvers", Scalars.Bool, false),
            CalendarRules = section.Get("calendar_rules", Scalars.Bool, true),
            Intake = section.Get("intake", Profile, IntakeProfile.Standard),
        };
    }

    private static PolicyKey Key(SectionReader section)
    {
        var roles = section.Values("roles", Scalars.Word<PolicyRole>());
        if (roles.Count == 0) section.Missing("roles", "at least one of viewer, operator, approver, telemetry");
        return new PolicyKey(section.Need("name", Scalars.Name, ""), [.. roles.Distinct()], section.Need("sha256", Sha256, ""));
    }

    private static MinimumGuardrails Minimum(SectionReader section) => new()
    {
        ErrorRate = section.Maybe("error_rate", Scalars.ShareAboveZero),
        LatencyP95 = section.Maybe("latency_p95", Scalars.Latency),
        Availability = section.Maybe("availability", Scalars.ShareAboveZero),
    };
}
