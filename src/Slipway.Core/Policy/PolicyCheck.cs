using System.Globalization;
using Slipway.Core.Gates;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Core.Policy;

/// <summary>Checks a request and its plan against the server's policy. Nothing of a request that fails here may start.</summary>
public static class PolicyCheck
{
    /// <summary>Every conflict; empty when the policy allows the release.</summary>
    public static IReadOnlyList<RequestProblem> Check(ReleaseRequest request, ReleasePlan plan, ServerPolicy policy) =>
        [.. Urls(request, policy), .. Guardrails(plan, policy.MinimumGuardrails), .. Approvals(request, plan, policy)];

    /// <summary>Every URL of a request that the server would call, with its path in the request.</summary>
    public static IEnumerable<(string Path, Uri Url)> CalledUrls(ReleaseRequest request)
    {
        if (request.Preflight.StagingTests is { } tests)
            yield return ("preflight.staging_tests.url", tests);
        if (request.Preflight.SecurityScan?.Url is { } scan)
            yield return ("preflight.security_scan.url", scan);
        foreach (var (smoke, index) in request.Preflight.Smoke.Select((smoke, index) => (smoke, index)))
            yield return ($"preflight.smoke[{index}].url", smoke.Url);
        foreach (var (service, index) in request.Preflight.Dependencies.Services.Select((service, index) => (service, index)))
        {
            if (service.Health is { } health)
                yield return ($"preflight.dependencies.services[{index}].health", health);
        }

        foreach (var (api, index) in request.Preflight.Dependencies.ExternalApis.Select((api, index) => (api, index)))
        {
            if (api.Health is { } health)
                yield return ($"preflight.dependencies.external_apis[{index}].health", health);
        }

        foreach (var called in EvidenceUrls(request).Where(called => called.Url is not null))
            yield return (called.Path, called.Url!);
        if (request.Deploy is { } deploy)
            yield return ("deploy.hook", deploy.Hook);
        if (request.Rollback?.Code is { } code && code.Hook != request.Deploy?.Hook)
            yield return ("rollback.code.hook", code.Hook);
        foreach (var (gate, index) in request.Gates.Select((gate, index) => (gate, index)))
            yield return ($"gates[{index}].url", gate.Url);
        foreach (var (webhook, index) in request.Communications.Webhooks.Select((webhook, index) => (webhook, index)))
            yield return ($"communications.webhooks[{index}].url", webhook.Url);
        if (request.Communications.IncidentWebhook is { } incident)
            yield return ("communications.incident_webhook.url", incident.Url);
        if (request.Communications.StatusWebhook is { } status)
            yield return ("communications.status_webhook.url", status.Url);
        if (request.Communications.TicketWebhook is { } ticket)
            yield return ("communications.ticket_webhook", ticket);
    }

    /// <summary>Where results of other systems are read.</summary>
    private static IEnumerable<(string Path, Uri? Url)> EvidenceUrls(ReleaseRequest request)
    {
        var evidence = request.Preflight.Evidence;
        return
        [
            ("artifacts.verification", request.Artifacts?.Verification),
            ("artifacts.sbom", request.Artifacts is { } artifact ? ArtifactGates.SbomUrl(artifact) : null),
            ("preflight.tests.unit.url", evidence.Tests?.Unit?.Url),
            ("preflight.tests.integration.url", evidence.Tests?.Integration?.Url),
            ("preflight.tests.e2e.url", evidence.Tests?.EndToEnd?.Url),
            ("preflight.security_review.url", evidence.SecurityReview?.Url),
            .. evidence.Performance.Select((one, index) => ($"preflight.performance[{index}].url", one.Url)),
            .. evidence.Backups.Select((one, index) => ($"preflight.backups[{index}].url", one.Url)),
            .. evidence.Infrastructure.Select((one, index) => ($"preflight.infrastructure[{index}].url", (Uri?)one.Url)),
            ("preflight.rollback_automation", evidence.RollbackAutomation),
            ("preflight.dashboard", evidence.Dashboard),
        ];
    }

    private static IEnumerable<RequestProblem> Urls(ReleaseRequest request, ServerPolicy policy)
    {
        var allowed = policy.AllowedUrls.Patterns.Count == 0 ? "no URL at all" : string.Join(", ", policy.AllowedUrls.Patterns);
        foreach (var (path, url) in CalledUrls(request).Where(called => !policy.AllowedUrls.Allows(called.Url)))
            yield return RequestProblem.At(path, path.Contains("webhook", StringComparison.Ordinal) ? ShownUrl.OfWebhook(url) : ShownUrl.Of(url), $"a URL that the server policy allows ({allowed}); the operator can add it to allowed_urls");
    }

    private static IEnumerable<RequestProblem> Guardrails(ReleasePlan plan, MinimumGuardrails minimum)
    {
        foreach (var trigger in plan.Triggers)
        {
            var problem = trigger.Name switch
            {
                GuardrailProfile.ErrorRateTrigger when trigger.Above > minimum.ErrorRate?.Value =>
                    Looser("guardrails.error_rate.limit", trigger.Above, "at most", minimum.ErrorRate.Value.Value, "%"),
                GuardrailProfile.LatencyTrigger when trigger.Above > minimum.LatencyP95 =>
                    Looser("guardrails.latency_p95.limit", trigger.Above, "at most", minimum.LatencyP95.Value, "ms"),
                GuardrailProfile.AvailabilityTrigger when trigger.Below < minimum.Availability?.Value =>
                    Looser("guardrails.availability.objective", trigger.Below, "at least", minimum.Availability.Value.Value, "%"),
                _ => null,
            };
            if (problem is not null)
                yield return problem;
        }
    }

    private static RequestProblem Looser(string path, decimal? found, string bound, decimal minimum, string unit) => RequestProblem.At(
        path,
        string.Create(CultureInfo.InvariantCulture, $"{found:0.######} {unit}"),
        string.Create(CultureInfo.InvariantCulture, $"{bound} {minimum:0.######} {unit}, as the server policy asks for"));

    private static IEnumerable<RequestProblem> Approvals(ReleaseRequest request, ReleasePlan plan, ServerPolicy policy)
    {
        foreach (var (name, spec) in request.Approvals.OrderBy(approval => approval.Key, StringComparer.Ordinal))
        {
            if (spec.Approvers.Count > 0 && !policy.InlineApprovers)
                yield return RequestProblem.At($"approvals.{name}.approvers", "approvers in the request", "only the group's name; the server policy says who is in it");
        }

        var named = request.Approvals.Keys.Order(StringComparer.Ordinal).Select(name => (Path: $"approvals.{name}", Name: name))
            .Concat(request.ListedStages().Select(listed => (Path: $"{listed.Path}.approval", Name: listed.Stage.Approval ?? "")))
            .Append((Path: "operations.calendar_approval", Name: plan.Calendar?.Approval ?? ""))
            .Where(group => group.Name.Length > 0);
        foreach (var (path, name) in named)
        {
            var spec = request.Approvals.GetValueOrDefault(name) ?? new ApprovalSpec();
            var inline = policy.InlineApprovers ? spec.Approvers : [];
            if (!policy.ApproverGroups.TryGetValue(name, out var members) && inline.Count == 0)
            {
                var known = policy.ApproverGroups.Count == 0 ? "the server policy has none" : string.Join(", ", policy.ApproverGroups.Keys.Order(StringComparer.Ordinal));
                yield return RequestProblem.At(path, $"the unknown group {name}", $"an approver group of the server policy ({known})", NearestName.Of(name, policy.ApproverGroups.Keys));
                continue;
            }

            var people = inline.Concat(members ?? []).Distinct(StringComparer.OrdinalIgnoreCase).Count();
            if (spec.Quorum > people && path.StartsWith("approvals", StringComparison.Ordinal))
                yield return RequestProblem.At($"{path}.quorum", string.Create(CultureInfo.InvariantCulture, $"{spec.Quorum}"), string.Create(CultureInfo.InvariantCulture, $"at most {people}, the number of the group's members"));
        }
    }
}
