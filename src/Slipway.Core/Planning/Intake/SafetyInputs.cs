using Slipway.Core.Requests;
using static Slipway.Core.Planning.Intake.IntakeInput;
using static Slipway.Core.Planning.Intake.IntakeNeed;
using static Slipway.Core.Planning.Intake.IntakeView;

namespace Slipway.Core.Planning.Intake;

/// <summary>What must hold and what leads back: guardrails, preflight, dependencies and rollback.</summary>
internal static class SafetyInputs
{
    public static IReadOnlyList<IntakeInput> All { get; } =
    [
        Of(Strict, "guardrails.error_rate", "the error rate limit (0.5 % is taken)", "Which share of requests may fail? Without an answer it is 0.5 %.",
            view => view.Request.Guardrails.ErrorRate is null),
        Of(Strict, "guardrails.latency_p95", "the latency budget (500 ms is taken)", "How slow may the 95th percentile be? Without an answer it is 500 ms.",
            view => view.Request.Guardrails.LatencyP95 is null),
        Of(Strict, "guardrails.availability", "the availability objective (99.5 % is taken)", "Which availability is promised? Without an answer it is 99.5 %.",
            view => view.Request.Guardrails.Availability is null),
        Of(Open, "guardrails.error_rate.target", "the values beside the limits (only the limits act)", "What do error rate, latency and availability have now (baseline), what must a stage reach to be promoted (target), and from when on are people told (warning)?",
            view => view.Request.Guardrails.ErrorRate is not null && PlannedBand.Of(view.Request.Guardrails).Count == 0),
        Of(Open, "guardrails.measurements", "what is measured beside the requests", "Which of memory, processor, connection pools, caches, capacity and expected events does telemetry carry, and what are their limits? None is an answer.",
            view => !view.IsListed("guardrails.measurements", view.Request.Guardrails.Measurements.Count)),
        Of(Strict, "guardrails.kpis", "the business metrics", "Which business metrics must not drop? None is an answer.",
            view => !view.IsListed("guardrails.kpis", view.Request.Guardrails.Kpis.Count)),
        Of(Strict, "preflight.smoke", "smoke checks", "Which URLs show that the service works?",
            view => !view.IsListed("preflight.smoke", view.Request.Preflight.Smoke.Count) || view.Request.SaysNone("preflight.smoke")),
        Of(StrictBeyondDev, "preflight.staging_tests", "the staging tests' result", "Where is the result of the staging tests read?",
            view => view.Request.Preflight.StagingTests is null),
        Of(StrictBeyondDev, "preflight.tests", "the results of unit, integration and E2E tests", "What did the unit, the integration and the E2E tests find? None is an answer for each.",
            view => view.Request.Preflight.Evidence.Tests is null),
        Of(StrictBeyondDev, "preflight.security_review", "the security review's result", "Who reviewed its security, and what was found?",
            view => view.Request.Preflight.Evidence.SecurityReview is null),
        Of(StrictBeyondDev, "preflight.backups", "a fresh backup that was tried", "Which backup was made and tried before the migration, when, and how?",
            view => view.Request.Preflight.Evidence.Backups.Count == 0 && view.Request.Preflight.Dependencies.Databases.Any(database => database.Migration is not null)),
        Of(Strict, "preflight.security_scan", "the security scan's result", "What did the security scan find?",
            view => view.Request.Preflight.SecurityScan is null),
        Of(Strict, "preflight.dependencies.services", "the services that it depends on", "Which services does it call, and how is their health asked? None is an answer.",
            view => !view.IsListed("preflight.dependencies.services", view.Request.Preflight.Dependencies.Services.Count)),
        new("preflight.dependencies.services[].health", Strict, view => Unprobed(
            "preflight.dependencies.services", view.Request.Preflight.Dependencies.Services.Select(service => (service.Name, service.Health)))),
        Of(Strict, "preflight.dependencies.databases", "databases with their migrations", "Which databases does it use, and which of them are migrated? None is an answer.",
            view => !view.IsListed("preflight.dependencies.databases", view.Request.Preflight.Dependencies.Databases.Count)),
        Of(Strict, "preflight.dependencies.external_apis", "the external APIs that it depends on", "Which APIs of others does it call? None is an answer.",
            view => !view.IsListed("preflight.dependencies.external_apis", view.Request.Preflight.Dependencies.ExternalApis.Count)),
        new("preflight.dependencies.external_apis[].health", Strict, view => Unprobed(
            "preflight.dependencies.external_apis", view.Request.Preflight.Dependencies.ExternalApis.Select(api => (api.Name, api.Health)))),
        Of(StrictBeyondDev, "rollback.rehearsal", "evidence that the way back was tried", "When was the way back last tried, and where is the result?",
            view => view.Request.Rollback?.Rehearsal is not { } rehearsal || !IsStated(rehearsal.Evidence)),
        Of(Strict, "rollback.configuration", "the configuration keys that a way back restores", "Which configuration keys does the change touch? Level 2 brings them back, before any code.",
            view => view.Request.Release.ChangeType == ChangeType.Configuration && view.Request.Rollback is not { Configuration.Count: > 0 }),
        Of(Strict, "rollback.caches", "the caches that a way back must empty", "Which caches could outlive the release? None is an answer.",
            view => !view.IsListed("rollback.caches", view.Request.Rollback?.Caches?.Count ?? 0)),
        Of(Strict, "telemetry.dashboards", "the dashboards", "Which dashboards show the system? None is an answer.",
            view => view.Request.Telemetry is { } telemetry && !view.IsListed("telemetry.dashboards", telemetry.Dashboards.Count)),
    ];

    private static IEnumerable<IntakeFinding> Unprobed(string path, IEnumerable<(string Name, Uri? Health)> dependencies) =>
        dependencies.Index().Where(dependency => dependency.Item.Health is null).Select(dependency => new IntakeFinding(
            $"{path}[{dependency.Index}].health", $"the health check of {dependency.Item.Name}", $"Under which URL does {dependency.Item.Name} tell whether it is healthy?"));
}
