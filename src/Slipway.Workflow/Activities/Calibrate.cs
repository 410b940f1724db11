using Slipway.Core.Analysis.Calibrating;
using Slipway.Core.Planning;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Ports;

namespace Slipway.Workflow.Activities;

/// <summary>Input of <see cref="ReleaseActivities.Calibrate"/>.</summary>
/// <param name="Watch">Whose telemetry counts, and how it is read.</param>
/// <param name="Cohorts">Which cohorts are compared; has at least one.</param>
/// <param name="Until">End of the last closed interval, a multiple of the plan's interval.</param>
public sealed record CalibrateInput(WatchPlan Watch, CalibrationPlan Cohorts, DateTimeOffset Until);

/// <summary>What was learnt.</summary>
public sealed record CalibrateOutput(Calibration Calibration);

/// <summary>Compares the users that each stage will expose with the others while nobody is exposed. Telemetry that does not answer leaves
/// it unknown, which is a result too.</summary>
public sealed class Calibrate(IMetricSource metrics) : IActivity<CalibrateInput, CalibrateOutput>
{
    /// <inheritdoc/>
    public async Task<CalibrateOutput> RunAsync(CalibrateInput input, CancellationToken cancellation)
    {
        try
        {
            var cohorts = new List<StageCohort>();
            foreach (var percentage in input.Cohorts.Percentages)
            {
                // The memory of noise needs more intervals than the offset, and is looked for in one cohort only.
                var back = cohorts.Count == 0 ? Calibrator.LookBack(input.Watch.Interval) : Calibrator.OffsetSpan(input.Watch.Interval);
                var reading = await metrics.ReadCohortAsync(input.Watch, new CohortQuery(input.Cohorts.Flag, percentage), input.Until - back, input.Until, cancellation);
                cohorts.Add(new StageCohort(percentage, reading));
                if (reading.Sight is CohortSight.NoRows or CohortSight.NoUsers or CohortSight.OtherFlag) break;
            }

            return new CalibrateOutput(Calibrator.Measure(input.Cohorts, cohorts, input.Watch.Interval, input.Until));
        }
        catch (PortUnavailableException error)
        {
            return new CalibrateOutput(Calibration.Unmeasured($"telemetry did not answer ({error.Message})"));
        }
    }
}
