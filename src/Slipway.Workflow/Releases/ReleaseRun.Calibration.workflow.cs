using Slipway.Core.Analysis.Calibrating;
using Slipway.Core.Ledgers;
using Slipway.Core.Reporting;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Watch;

namespace Slipway.Workflow.Releases;

/// <summary>
/// What telemetry says of the users before anybody is exposed. Nothing here can stop a release: what could not be measured is a note, and
/// is waited for no longer than for a gate.
/// </summary>
internal sealed partial class ReleaseRun
{
    /// <summary>Asks the gates that look at the world, and beside them, once the baseline is good, for the calibration of each environment.</summary>
    private async Task<WorldSeen> LookAtTheWorld()
    {
        var to = WatchWorkflow.LastClosed(context.Now, _plan.Watch.IngestionDelay, _plan.Watch.Interval);
        var baseline = Baselines(to - (_plan.Watch.Interval * BaselineIntervals), to);
        var others = Task.WhenAll(LiveGates());
        var found = await baseline;
        var calibrations = found.Status == GateStatus.Fail ? [] : await Task.WhenAll(_environments.Select(environment => Calibrated(environment, to)));
        return new WorldSeen([found, .. await others], calibrations);
    }

    private async Task<Calibration> Calibrated(EnvironmentWatch environment, DateTimeOffset until)
    {
        var cohorts = CalibrationPlan.Of(_plan, environment.Environment, _request.Guardrails);
        if (cohorts.Why.Length > 0) return Calibration.WithoutCohort(cohorts.Why);
        var answer = await Attempt(context.RunActivity(ReleaseActivities.Calibrate, new CalibrateInput(environment.Environment.Watch, cohorts, until)), ForwardTimeout);
        return answer.Value?.Calibration ?? Calibration.Unmeasured($"it could not be read ({answer.Problem})");
    }

    /// <summary>Keeps and records what was measured; returns the check that people read.</summary>
    private IEnumerable<GateChecked> Keep(IReadOnlyList<Calibration> calibrations)
    {
        if (calibrations.Count == 0) return [];
        foreach (var (environment, calibration) in _environments.Zip(calibrations))
        {
            environment.Calibration = calibration;
            Record(new CalibrationMeasured(environment.Environment.Index, calibration));
        }

        var details = _environments.Zip(calibrations, (environment, calibration) =>
            $"{(_environments.Count > 1 ? $"{environment.Environment.Word}: " : "")}{string.Join("; ", calibration.Notes)}");
        return [new GateChecked(
            QualityGates.Calibration, calibrations.All(calibration => calibration.IsComplete) ? GateStatus.Pass : GateStatus.Warning, false, string.Join("; ", details), GateKind.Quality, null)];
    }

    /// <summary>What was seen of the world outside.</summary>
    /// <param name="Gates">The gates, the baseline first.</param>
    /// <param name="Calibrations">One an environment, in their order; empty where the baseline is not good.</param>
    private sealed record WorldSeen(IReadOnlyList<GateChecked> Gates, IReadOnlyList<Calibration> Calibrations);
}
