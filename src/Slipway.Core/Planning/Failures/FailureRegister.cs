using Slipway.Core.Decisions;
using Slipway.Core.Requests;

namespace Slipway.Core.Planning.Failures;

/// <summary>
/// Answers every scenario by the plan; pure. What is critical or high has a trigger and a compensation level (or is held, where the plan has
/// no way back and is therefore never started); what is moderate has a degradation and rolls nothing back.
/// </summary>
public static class FailureRegister
{
    /// <summary>One entry for each scenario of the assessment, in its order.</summary>
    /// <param name="scenarios">What can go wrong, as <see cref="FailureScenarios"/> found it before there was a plan.</param>
    /// <param name="plan">The plan.</param>
    public static IReadOnlyList<FailureMode> Of(IReadOnlyList<FailureScenario> scenarios, ReleasePlan plan) =>
        [.. scenarios.Select(scenario => scenario.Applicable ? new FailureMode(scenario, Watch(scenario, plan), Answer(scenario, plan)) : new FailureMode(scenario, null, null))];

    private static FailureWatch Watch(FailureScenario scenario, ReleasePlan plan) => scenario switch
    {
        { Severity: FailureSeverity.Moderate } => new(MatrixRow.Moderate, null, scenario.Kind == FailureKind.Notification
            ? "whether each message was accepted"
            : "its health before the start, and reports of a moderate incident after it"),
        { Kind: FailureKind.DataCorruption } => new(MatrixRow.DataLoss, null, "reports of lost or wrong data"),
        { Kind: FailureKind.Security } => new(MatrixRow.SecurityIncident, null, "reports of a security incident, and the security scan before the start"),
        { Kind: FailureKind.LostTelemetry } => new(MatrixRow.MetricsMissing, null, $"that telemetry comes; it may stay away for {DurationText.Format(plan.Watch.BlindHold)}"),
        { Kind: FailureKind.LatencySpike } => ByTrigger(plan, MetricNames.LatencyP95, MatrixRow.LatencyP95, "the 95th percentile at every interval"),
        { Kind: FailureKind.ExternalApi } => ByTrigger(plan, MetricNames.LatencyP95, MatrixRow.LatencyP95, "its health before the start; a timeout shows as latency and as errors"),
        { Kind: FailureKind.DbSchema } => ByTrigger(plan, MetricNames.ErrorRate, MatrixRow.ErrorRate, "the migration's way back before the start, and failed requests"),
        { Kind: FailureKind.PartialDeployment } => ByTrigger(plan, MetricNames.ErrorRate, MatrixRow.ErrorRate, "every write is read back, and flags are watched for drift"),
        { Kind: FailureKind.Dependency } => ByTrigger(plan, MetricNames.ErrorRate, MatrixRow.ErrorRate, "its health before the start, and failed requests"),
        _ => ByTrigger(plan, MetricNames.ErrorRate, MatrixRow.ErrorRate, "failed requests at every interval"),
    };

    private static FailureWatch ByTrigger(ReleasePlan plan, string metric, MatrixRow row, string check) =>
        new(row, plan.Triggers.FirstOrDefault(trigger => trigger.Metric == metric)?.Name, check);

    private static FailureAnswer Answer(FailureScenario scenario, ReleasePlan plan)
    {
        if (scenario.Severity == FailureSeverity.Moderate)
        {
            return new FailureAnswer(null, scenario.Kind switch
            {
                FailureKind.Notification => "the message is queued and sent again; the release is not blocked",
                FailureKind.ExternalApi => "the application's fallback answers; the release is not blocked",
                _ => "what needs it is queued for retry; the release is not blocked",
            });
        }

        if (scenario.Kind == FailureKind.LostTelemetry && plan.Watch.BlindThen == BlindAction.Pause)
            return new FailureAnswer(null, "the release is held, and a person decides");
        var level = scenario.Kind == FailureKind.Configuration ? plan.Levels.FirstOrDefault(candidate => candidate.Level == 2) ?? plan.Levels.FirstOrDefault() : plan.Levels.FirstOrDefault();
        return level is null
            ? new FailureAnswer(null, "the release is held and on-call is paged, as there is no way back")
            : new FailureAnswer(level.Level, $"level {level.Level} within {level.Budget.TotalMinutes:0} min: {string.Join(", ", level.Targets)}");
    }
}
