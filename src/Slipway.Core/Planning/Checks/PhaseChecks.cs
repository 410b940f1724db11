using Slipway.Core.Gates;
using Slipway.Core.Planning.Canonical;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Requests;
using Slipway.Core.Strategies;

namespace Slipway.Core.Planning.Checks;

/// <summary>
/// What is checked before a release leaves each of the five phases, by <see cref="CheckNames"/>, told from request and plan alone: what the
/// documents list. What the workflow really looked at is in the ledger (<see cref="CheckedPhases"/>); the two are the same. Pure.
/// </summary>
public static class PhaseChecks
{
    /// <summary>The names, in the order in which documents list them; empty for a phase that is not run.</summary>
    /// <param name="request">The request.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="phase">One of <see cref="CanonicalSequence.Of"/>.</param>
    public static IReadOnlyList<string> Of(ReleaseRequest request, ReleasePlan plan, CanonicalStage phase)
    {
        IEnumerable<string> names = phase.RunsAs switch
        {
            StageRunsAs.NotRun => [],
            StageRunsAs.Capture => BeforeExposure,
            StageRunsAs.DeployStep or StageRunsAs.Preflight => [.. Preflight(request, plan), .. OfDarkStage(plan) ? BeforeExposure : [], .. Deployed(plan)],
            _ => phase.Steps.SelectMany(step => OfStage(request, plan, step)),
        };
        return [.. names.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>What is looked at right before the first user is exposed; a phase of its own where the plan has no stage at 0 %.</summary>
    internal static IReadOnlyList<string> BeforeExposure { get; } = [QualityGates.Baseline, QualityGates.Calibration, CheckNames.Captured];

    private static bool OfDarkStage(ReleasePlan plan) => CanonicalSequence.Of(plan)[1].RunsAs == StageRunsAs.DarkStage;

    /// <summary>Every gate of preflight but those of <see cref="BeforeExposure"/>.</summary>
    private static IEnumerable<string> Preflight(ReleaseRequest request, ReleasePlan plan)
    {
        var preflight = request.Preflight;
        return
        [
            .. StaticGates.Check(request, plan).Select(gate => gate.Gate),
            QualityGates.Notice,
            QualityGates.ChangeWindow,
            QualityGates.KillSwitch,
            .. preflight.StagingTests is null ? Array.Empty<string>() : [QualityGates.StagingTests],
            .. preflight.SecurityScan is null ? Array.Empty<string>() : [QualityGates.SecurityScan],
            .. preflight.Smoke.Select(smoke => QualityGates.Smoke(smoke.Name)),
            .. Integrations.Of(request).Select(gate => gate.CheckName),
            .. preflight.Evidence.Infrastructure.Select(part => QualityGates.Infrastructure(part.Name)),
            .. EvidenceGates.Of(request).Select(gate => gate.Name),
        ];
    }

    /// <summary>The deploy hook's very first step, which is phase 1 where the pipeline deploys without users.</summary>
    private static IEnumerable<string> Deployed(ReleasePlan plan) => FirstDeploy(plan) is { } step ? [CheckNames.Hook(step)] : [];

    /// <summary>The step that brings the version there for nobody; null: the plan has none.</summary>
    internal static HookStep? FirstDeploy(ReleasePlan plan) =>
        plan.Stages.FirstOrDefault(stage => stage.Environment == plan.Environments.Count - 1)?.Steps.FirstOrDefault(step => step is { Action: DeployAction.Deploy, IsRegional: false });

    private static IEnumerable<string> OfStage(ReleaseRequest request, ReleasePlan plan, PlannedStage step)
    {
        var kind = StageSight.KindOf(plan, step);
        var full = step.Percentage == Percentage.Full;
        foreach (var taken in step.Steps.Where(taken => taken != FirstDeploy(plan)))
        {
            yield return CheckNames.Hook(taken);
            if (taken.Action == DeployAction.Deploy)
                foreach (var smoke in request.Preflight.Smoke) yield return QualityGates.Smoke(smoke.Name);
        }

        foreach (var trigger in plan.Triggers.Where(trigger => !trigger.OnlyExposed || step.Percentage > Percentage.Zero)) yield return CheckNames.Trigger(trigger.Name);
        foreach (var band in plan.Evidence.Bands)
        {
            if (band.Target is not null && kind != StageKind.Dark) yield return CheckNames.Target(band.Metric);
            if (band is { Within: not null, Metric: MetricNames.LatencyP95 } && kind != StageKind.Dark) yield return CheckNames.Within(band.Metric);
            if (band is { Baseline: not null, Metric: MetricNames.ErrorRate } && (kind == StageKind.Dark || full)) yield return CheckNames.NoIncrease(band.Metric);
        }

        foreach (var measurement in plan.Evidence.Measurements.Where(one => one.Stages.Count == 0 || one.Stages.Contains(step.Percentage))) yield return CheckNames.Measurement(measurement.Name);
        if (plan.Evidence.StageToStage is not null && HasStageBefore(plan, step)) yield return CheckNames.StageBefore;
        if (plan.Evidence.QuietFor is not null) yield return CheckNames.Quiet;
        yield return CheckNames.Guardrail(MetricNames.ErrorRate);
        yield return CheckNames.Guardrail(MetricNames.LatencyP95);
        if (!full && plan.Strategy != RolloutStrategy.Rolling && kind != StageKind.Dark)
            foreach (var kpi in plan.Evidence.Kpis) yield return CheckNames.Kpi(kpi.Name);
        yield return CheckNames.OpenAlerts;
        if (step.Percentage == Percentage.Zero && step.Steps.Any(taken => taken.Action == DeployAction.Deploy)) yield return QualityGates.NewErrors;
        foreach (var gate in plan.Gates.Where(gate => gate.Stage is null || gate.Stage == step.Percentage)) yield return gate.CheckName;
        if (step.Approval is { } group) yield return CheckNames.Approval(group);
        if (!full) yield break;
        foreach (var smoke in request.Preflight.Smoke) yield return QualityGates.Smoke(smoke.Name);
        if (plan.Flags.Count > 0) yield return CheckNames.FlagsReadBack;
    }

    private static bool HasStageBefore(ReleasePlan plan, PlannedStage step) =>
        step.Index > 0 && step.Percentage > Percentage.Zero && plan.Stages[step.Index - 1] is var before && before.Environment == step.Environment && before.Percentage > Percentage.Zero;
}
