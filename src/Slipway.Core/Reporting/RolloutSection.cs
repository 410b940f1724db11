using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Reporting.Contract;
using Slipway.Core.Requests;

namespace Slipway.Core.Reporting;

/// <summary>Stages and exposure of the environment that is shown. Once a rollback was decided and nobody is exposed any more, every stage that ran is rolled back.</summary>
internal static class RolloutSection
{
    public static ProgressiveRollout Of(ReportView view) => new(
        [.. view.Stages.Select(stage => Stage(view, view.Plan.Stages[stage.Index], stage))],
        (double)view.Exposure,
        Users(view) ?? 0,
        RiskTables.VelocityOf(view.Plan.Risk));

    /// <summary>Users exposed now: stated users times exposure, else the canary's distinct users of the newest interval; null when
    /// neither is known.</summary>
    public static long? Users(ReportView view)
    {
        if (view.Exposure == 0) return 0;
        return view.Request.Operations.ActiveUsers is { } users
            ? (long)Math.Ceiling(Math.Max(0, users) * view.Exposure / 100)
            : view.State.LastInterval?.Canary?.Users;
    }

    private static StageReport Stage(ReportView view, PlannedStage plan, StageState state)
    {
        var status = state.Status switch
        {
            StageStatus.Pending => ReportStageStatus.Pending,
            _ when view.RollbackRequired && view.Exposure == 0 => ReportStageStatus.RolledBack,
            StageStatus.Active => ReportStageStatus.Active,
            _ => ReportStageStatus.Completed,
        };
        return new StageReport(
            (double)plan.Percentage.Value,
            plan.Bake.TotalMinutes,
            Regions(view, plan),
            status,
            status == ReportStageStatus.Pending ? ReportJson.Never : state.StartedAt ?? view.State.UpdatedAt,
            Health(view, state));
    }

    private static IReadOnlyList<string> Regions(ReportView view, PlannedStage stage)
    {
        List<string> regional = [.. stage.Steps.Where(step => step.IsRegional).Select(step => step.Region)];
        return regional.Count > 0 ? regional : view.Environment.Regions;
    }

    private static HealthStatus Health(ReportView view, StageState stage)
    {
        if (stage.Status == StageStatus.Pending) return HealthStatus.Healthy;
        if (stage.Verdict == Verdict.Fail) return HealthStatus.Unhealthy;
        var last = stage.Index == view.Stages.LastOrDefault(other => other.Status != StageStatus.Pending)?.Index;
        if (last && view.Status != ReportStatus.Completed)
        {
            if (view.State.Rollback is { Automated: true } || view.State.Assessment is { Verdict: Verdict.Fail }) return HealthStatus.Unhealthy;
            if (view.State.Assessment is { Verdict: Verdict.Blind } or { Findings.Count: > 0 }) return HealthStatus.Degraded;
        }

        return stage.Verdict == Verdict.Blind ? HealthStatus.Degraded : HealthStatus.Healthy;
    }
}

/// <summary>The flags as read back from their store.</summary>
internal static class FlagSection
{
    public static IReadOnlyList<FeatureFlag> Of(ReportView view)
    {
        var killProven = view.Gate(QualityGates.KillSwitch) is { Last.Status: GateStatus.Pass };
        return [.. view.Plan.Flags.Select(flag => Flag(flag, view.State.FoundFlags.GetValueOrDefault(flag.Key) ?? view.State.Flags.GetValueOrDefault(flag.Key), killProven))];
    }

    private static FeatureFlag Flag(FlagSpec spec, Releases.FlagState? read, bool killProven)
    {
        var percentage = (double)(read?.Exposure.Value ?? 0);
        return new FeatureFlag(
            ReportText.OrElse(spec.Name.Length == 0 ? "" : spec.Key.ToString(), "unnamed flag"),
            spec.Type,
            percentage switch { <= 0 => FlagExposure.Off, >= 100 => FlagExposure.Full, _ => FlagExposure.Partial },
            percentage,
            new FlagTargeting(read?.Rules ?? [], read?.Segments ?? [], read?.Overrides ?? []),
            killProven && spec.KillSwitch == true);
    }
}
