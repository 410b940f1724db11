using Slipway.Core.Requests;

namespace Slipway.Core.Planning;

/// <summary>What would leave a release that reads Log Analytics without sight is refused before it starts.</summary>
internal static class LogsRules
{
    public static IEnumerable<RequestProblem> Check(ReleaseRequest request, ReleasePlan plan)
    {
        if (request.Telemetry is not { Source: TelemetrySource.LogAnalytics } telemetry || plan.Watch.Logs is not { } logs) yield break;
        if (telemetry.Workspace.Length > 0 && !Guid.TryParse(telemetry.Workspace, out _))
            yield return RequestProblem.At("telemetry.workspace", telemetry.Workspace, "the workspace's id, such as 3f0c2a8e-0000-4000-8000-000000000000, and not its name");

        IReadOnlyList<string> names = [TelemetrySpec.RequestsQuery, .. logs.Kpis, .. logs.Measurements];
        foreach (var name in telemetry.Queries.Keys.Where(name => !names.Contains(name)))
            yield return RequestProblem.At($"telemetry.queries.{name}", "a query of nothing that is judged", $"one of {string.Join(", ", names)}", NearestName.Of(name, names));
        foreach (var kpi in logs.Kpis.Where(kpi => kpi == TelemetrySpec.RequestsQuery || logs.Measurements.Contains(kpi)))
            yield return RequestProblem.At("guardrails.kpis", kpi, "names that are not requests and not those of measurements, since a query goes by its name");

        if (logs.Flag.Length == 0 && logs.ArmProperty is null && !telemetry.Queries.ContainsKey(TelemetrySpec.RequestsQuery))
            yield return RequestProblem.At("telemetry.arm_property", "nothing that says which version a request got", "the property that says it, a flag, or a query named requests");
    }
}
