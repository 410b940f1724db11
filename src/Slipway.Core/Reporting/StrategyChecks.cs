using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Core.Reporting.Contract;
using Slipway.Core.Requests;

namespace Slipway.Core.Reporting;

/// <summary>The checks that only some strategies and speeds have.</summary>
internal static class StrategyChecks
{
    public static IEnumerable<PreDeploymentCheck> Of(ReportView view)
    {
        if (view.Plan.Strategy == RolloutStrategy.Shadow) yield return Shadow(view);
        var shorter = view.Plan.Stages.Where(stage => stage.AcceleratedFrom is not null).ToList();
        if (shorter.Count > 0)
        {
            yield return new PreDeploymentCheck(QualityGates.Acceleration, GateStatus.Pass, "low risk, waits shorter than the default profile's: "
                + string.Join(", ", shorter.Select(stage => $"{stage.Percentage} {DurationText.Format(stage.Bake)} instead of {DurationText.Format(stage.AcceleratedFrom!.Value)}")));
        }
    }

    private static PreDeploymentCheck Shadow(ReportView view)
    {
        var stage = view.State.Stages[0];
        var evidence = stage.Evidence.Canary.Requests > 0 ? $"{stage.Evidence.Canary.Requests} shadow answers, {stage.Evidence.Control.Requests} answers to users: " : "";
        var failed = stage.Status != StageStatus.Completed && view.State.Rollback is { Automated: true };
        return stage switch
        {
            { Status: StageStatus.Completed, Verdict: Verdict.Pass } => Check(GateStatus.Pass, evidence + stage.Sentence),
            { Status: StageStatus.Completed } => Check(GateStatus.Warning, $"{evidence}gone on without a pass: {stage.Sentence}"),
            { Status: StageStatus.Pending } => Check(GateStatus.Warning, view.State.IsTerminal ? "not run: the release was stopped before" : "not run yet"),
            _ when failed => Check(GateStatus.Fail, evidence + view.State.Rollback!.Reason),
            _ => Check(GateStatus.Warning, view.State.IsTerminal ? $"{evidence}stopped before its end" : $"{evidence}running, nobody is exposed"),
        };
    }

    private static PreDeploymentCheck Check(GateStatus status, string details) => new(QualityGates.Shadow, status, ReportText.OrElse(details, "no details"));
}
