using Slipway.Core.Planning.Risk;
using Slipway.Core.Requests;

namespace Slipway.Core.Planning;

/// <summary>
/// What a valid request may ask for that this version cannot carry out yet. It is refused before anything starts: a release that quietly
/// skips a gate would be worse than none. Each rule goes when its feature arrives.
/// </summary>
public static class SupportedFeatures
{
    private const string NextVersion = "(this version cannot carry it out yet)";

    /// <summary>Every feature of the request that this version refuses; empty when it can be run.</summary>
    /// <param name="request">The request.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="source">The telemetry that the server reads.</param>
    public static IReadOnlyList<RequestProblem> Check(ReleaseRequest request, ReleasePlan plan, TelemetrySource source = TelemetrySource.Embedded) =>
        [.. Refusals(request, plan), .. Source(request, plan, source)];

    /// <summary>What this version records and shows but does not judge yet: said in the plan, no reason to refuse.</summary>
    public static IReadOnlyList<string> Notes(ReleaseRequest request) =>
    [
        .. ApprovalNotes(request),
    ];

    private static IEnumerable<string> ApprovalNotes(ReleaseRequest request)
    {
        var risk = RiskAssessor.Assess(request).Counting;
        foreach (var group in request.Approvals.Keys.Where(group => risk == RiskLevel.Low && request.ListedStages().All(listed => listed.Stage.Approval != group) && group != request.Operations.CalendarApproval).Order(StringComparer.Ordinal))
            yield return $"Approvals: {group} is not asked, since the risk is low and no stage names it.";
        if (risk >= RiskLevel.High)
            yield return $"Approvals: approvers sign in to decide, as the risk is {EnumWord(risk)}; the mail's link alone does not do.";
    }

    private static IEnumerable<RequestProblem> Refusals(ReleaseRequest request, ReleasePlan plan)
    {
        if (request.Deploy is not null && plan.Environments.Count > 1)
            yield return RequestProblem.At("environments", $"{plan.Environments.Count} environments", $"one environment where a deploy hook moves the traffic {NextVersion}");
        if (plan.Risk >= RiskLevel.Medium && request.Approvals.Count == 0 && plan.Stages.All(stage => stage.Approval is null))
        {
            var found = request.Release.DeclaredRisk is { } declared && declared >= plan.Risk ? $"{EnumWord(plan.Risk)} risk"
                : request.Release.DeclaredRisk is null && RiskAssessor.Assess(request).Computed < plan.Risk ? "no declared risk, which counts as medium"
                : $"{EnumWord(plan.Risk)} risk, because {string.Join("; ", RiskAssessor.Assess(request).Reasons)}";
            yield return RequestProblem.At(
                "release.declared_risk", found, "low, or an approver group under approvals: this version starts nothing above low risk that nobody approves");
        }

        // The reader compares with stages that are listed; these are derived. A gate that belongs to no stage would never be asked.
        foreach (var (gate, index) in request.Gates.Select((gate, index) => (gate, index)))
        {
            if (gate.Stage is { } stage && plan.Stages.All(planned => planned.Percentage != stage))
                yield return RequestProblem.At($"gates[{index}].stage", stage.ToString(), $"one of the stages: {string.Join(", ", plan.Stages.Select(planned => planned.Percentage))}");
        }
    }

    private static IEnumerable<RequestProblem> Source(ReleaseRequest request, ReleasePlan plan, TelemetrySource source) => plan.Watch.Source == source
        ? LogsRules.Check(request, plan)
        : [RequestProblem.At("telemetry.source", EnumWord(plan.Watch.Source), $"{EnumWord(source)}: that is what this server reads")];

    private static string EnumWord<TEnum>(TEnum value)
        where TEnum : struct, Enum => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
