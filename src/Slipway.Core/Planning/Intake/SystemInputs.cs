using Slipway.Core.Requests;
using static Slipway.Core.Planning.Intake.IntakeInput;
using static Slipway.Core.Planning.Intake.IntakeNeed;
using static Slipway.Core.Planning.Intake.IntakeView;

namespace Slipway.Core.Planning.Intake;

/// <summary>The system, how it is delivered and kept, and what the release was planned from: <c>system</c>, <c>delivery</c>, <c>sources</c>.</summary>
internal static class SystemInputs
{
    /// <summary>Where nothing may be left running, so that the first request can be slow; also where it is not said what it runs on.</summary>
    private static readonly string[] ScalesToZero = ["", "azure_functions", "container_apps", "serverless", "containers"];

    public static IReadOnlyList<IntakeInput> All { get; } =
    [
        Of(Strict, "system.services", "the affected services", "Which services does the change affect?",
            view => !view.IsListed("system.services", view.Request.System?.Services) || view.Request.SaysNone("system.services")),
        Of(Strict, "system.integrations", "the integration points", "With what is it integrated? None is an answer.",
            view => !view.IsAnswered("system.integrations", view.Request.System?.Integrations)),
        Of(Strict, "system.critical_flows", "the critical flows", "What must users always be able to do? None is an answer.",
            view => !view.IsAnswered("system.critical_flows", view.Request.System?.CriticalFlows)),
        Of(Strict, "system.customer_facing", "whether customers see it", "Do customers see the service?",
            view => view.Request.System?.CustomerFacing is null),
        Of(Strict, "system.expected_downtime", "the downtime that is expected", "How long is the service expected to be down? 0s for not at all.",
            view => view.Request.System?.ExpectedDowntime is null),
        Of(Strict, "system.allowed_downtime", "the downtime that is acceptable", "How long may the service be down? 0s for not at all.",
            view => view.Request.System?.AllowedDowntime is null),
        Delivery("pipeline", "the tool of the pipeline", "Which tool builds and deploys?", delivery => delivery.Pipeline),
        Delivery("secrets", "where secrets are kept", "In which store are secrets kept?", delivery => delivery.Secrets),
        Of(Open, "delivery.infrastructure_code", "the infrastructure as code", "With which tool, and where, is the infrastructure described? None is an answer.",
            view => view.Request.Delivery?.InfrastructureCode is null && !view.Request.SaysNone("delivery.infrastructure_code")),
        Of(Open, "delivery.backups.automatic", "the backup schedule", "How often are the data stores backed up, and how long are the backups kept? None is an answer.",
            view => view.Request.Delivery?.Backups?.Automatic is null && !view.Request.SaysNone("delivery.backups")),
        Of(Open, "delivery.disaster_recovery", "the region for disaster recovery", "Which region takes over when one is lost? None is an answer.",
            view => view.Request.Delivery?.DisasterRecovery is null && !view.Request.SaysNone("delivery.disaster_recovery")),
        Retention("logs", delivery => delivery.Logs),
        Retention("metrics", delivery => delivery.Metrics),
        Retention("traces", delivery => delivery.Traces),
        Delivery("budget_alerts", "the budget alerts", "At which thresholds does a budget alert go off?", delivery => delivery.BudgetAlerts),
        Delivery("edge_protection", "the protection at the edge", "What protects the service at the edge: a web application firewall, a CDN? None is an answer.", delivery => delivery.EdgeProtection),
        Of(Open, "delivery.cold_start", "the cold-start latency", "How slow is the first request after a scale to zero, and does that matter?",
            view => view.Request.Environments.Any(environment => ScalesToZero.Contains(environment.Infrastructure)) && !IsStated(view.Request.Delivery?.ColdStart)),
        Delivery("cost", "the cost of the change", "What does the release change in the running cost?", delivery => delivery.Cost),
        Of(Open, "sources.rules", "the project's rules", "Which rules of the project does a release have to keep? None is an answer.",
            view => !view.IsAnswered("sources.rules", view.Request.Sources?.Rules)),
        Source("specification", "the technical specification", "Where is the technical specification?", sources => sources.Specification),
        Source("implementation_plan", "the implementation plan", "Where is the implementation plan?", sources => sources.ImplementationPlan),
        Source("code", "the existing code", "In which repository is the code?", sources => sources.Code),
    ];

    private static IntakeInput Delivery(string key, string missing, string question, Func<DeliverySpec, string> text) =>
        Of(Open, $"delivery.{key}", missing, question, view => !IsStated(view.Request.Delivery is { } delivery ? text(delivery) : null));

    private static IntakeInput Retention(string key, Func<DeliverySpec, SignalSpec?> signal) =>
        Of(Open, $"delivery.{key}.retention", $"how long {key} are kept", $"Which tool keeps {key}, and for how long?",
            view => (view.Request.Delivery is { } delivery ? signal(delivery) : null)?.Retention is null && !view.Request.SaysNone($"delivery.{key}"));

    private static IntakeInput Source(string key, string missing, string question, Func<SourceSpec, string> text) =>
        Of(Open, $"sources.{key}", missing, question, view => !IsStated(view.Request.Sources is { } sources ? text(sources) : null));
}
