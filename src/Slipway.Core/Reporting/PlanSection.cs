using System.Globalization;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Reporting.Contract;
using Slipway.Core.Requests;

namespace Slipway.Core.Reporting;

/// <summary>What was planned, and how far the environments are.</summary>
internal static class PlanSection
{
    public static DeploymentPlan Of(ReportView view)
    {
        // Canary and validation are the last environment's; what lies before and between is the rollout.
        var all = view.Plan.Stages;
        var stages = all.Skip(view.Plan.Environments[^1].FirstStage).ToList();
        var canary = stages.Count > 1 ? stages[0].Bake.TotalMinutes : 0;
        var validation = stages.Count > 0 ? stages[^1].Bake.TotalMinutes : 0;
        return new DeploymentPlan(
            StrategyOf(view.Plan.Strategy),
            Environments(view),
            new TimelineReport(
                view.State.BegunAt ?? view.Request.Release.StartAt ?? view.State.CreatedAt,
                canary,
                all.Sum(stage => stage.Bake.TotalMinutes) - canary - validation,
                validation),
            [.. view.Plan.Triggers.Select(Trigger), .. view.Plan.Evidence.Measurements.SelectMany(MeasurementSection.Triggers), Blind(view.Plan.Watch)]);
    }

    /// <summary>A trigger's threshold in words, for example <c>above 1 % for 10 min</c>.</summary>
    public static string Threshold(PlannedTrigger trigger)
    {
        var unit = trigger.Metric.StartsWith("latency", StringComparison.Ordinal) ? " ms"
            : trigger.Metric is "error_rate" or "success_rate" or "availability" ? " %" : "";
        var sustained = trigger.For > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $" for {trigger.For.TotalMinutes:0.##} min") : ", at once";
        return trigger.Above is { } above
            ? string.Create(CultureInfo.InvariantCulture, $"above {above:0.######}{unit}{sustained}")
            : string.Create(CultureInfo.InvariantCulture, $"below {trigger.Below ?? 0:0.######}{unit}{sustained}");
    }

    private static ReportStrategy StrategyOf(RolloutStrategy strategy) => strategy switch
    {
        RolloutStrategy.BlueGreen => ReportStrategy.BlueGreen,
        RolloutStrategy.Rolling => ReportStrategy.Rolling,
        // The contract knows no shadow: it is a canary whose first stage exposes nobody, with a check of its own.
        RolloutStrategy.Canary or RolloutStrategy.Shadow => ReportStrategy.Canary,
        _ => ReportStrategy.FeatureFlag,
    };

    private static IReadOnlyList<EnvironmentReport> Environments(ReportView view)
    {
        var orders = view.Request.Environments.ToDictionary(environment => environment.Name, environment => environment.Order);
        return
        [
            .. view.Plan.Environments.SelectMany(environment => environment.Regions.Select(region => new EnvironmentReport(
                environment.Name,
                ReportText.OrElse(region, "global"),
                orders.GetValueOrDefault(environment.Name, environment.Index + 1),
                StatusOf(view, environment)))),
        ];
    }

    // The contract has no word for an environment that was brought back: it has failed. One that was never reached is still pending.
    private static EnvironmentStatus StatusOf(ReportView view, PlannedEnvironment environment)
    {
        var exposed = view.State.ExposedEnvironments.Contains(environment.Index);
        return view.Status == ReportStatus.Completed ? EnvironmentStatus.Deployed
            : view.RollbackRequired ? exposed || environment.Index == view.Environment.Index ? EnvironmentStatus.Failed : EnvironmentStatus.Pending
            : !exposed ? EnvironmentStatus.Pending
            : view.Status == ReportStatus.Failed ? EnvironmentStatus.Failed
            : environment.LastStage < view.Plan.Stages.Count - 1 && view.State.Stages[environment.LastStage].Status == StageStatus.Completed ? EnvironmentStatus.Deployed
            : EnvironmentStatus.Deploying;
    }

    private static RollbackTrigger Trigger(PlannedTrigger trigger) =>
        new(ReportText.OrElse(trigger.Metric, "unnamed metric"), Threshold(trigger), Math.Max(0, trigger.Window.TotalMinutes), ContractAction(trigger.Action));

    // An evaluation holds and asks, which is the contract's pause.
    private static TriggerAction ContractAction(TriggerAction action) => action == TriggerAction.Evaluate ? TriggerAction.Pause : action;

    // Lost sight is a trigger of every plan, so that the list is never empty.
    private static RollbackTrigger Blind(WatchPlan watch) => new(
        "telemetry",
        string.Create(CultureInfo.InvariantCulture, $"no usable telemetry for {watch.BlindHold.TotalMinutes:0.##} min"),
        Math.Max(0, watch.BlindHold.TotalMinutes),
        watch.BlindThen == BlindAction.Rollback ? TriggerAction.AutoRollback : TriggerAction.Pause);
}
