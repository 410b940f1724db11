using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Strategies;
using Slipway.Workflow.Activities;

namespace Slipway.Workflow.Releases;

/// <summary>What is looked at once the deploy hook put a version in place: that the application starts, and that it makes no new kinds of errors.</summary>
internal sealed partial class ReleaseRun
{
    /// <summary>How long an application may take to start before the release goes back.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan StartPeriod = TimeSpan.FromSeconds(10);

    /// <summary>How long before a deployment a kind of error counts as known.</summary>
    private static readonly TimeSpan ErrorMemory = TimeSpan.FromHours(6);

    /// <summary>When the shift under way began.</summary>
    private DateTimeOffset _shiftBegan;

    /// <summary>Asks every smoke check, from the moment at which the step took effect, until all of them answer. False: the release has to stop.</summary>
    private async Task<bool> Started(HookStep step)
    {
        if (_request.Preflight.Smoke.Count == 0) return true;
        var limit = context.Now + StartPatience;
        while (true)
        {
            var checks = Task.WhenAll(_request.Preflight.Smoke.Select(Smoke));
            await Pump(() => checks.IsCompleted, checks, null);
            if (_stop is not null) return false;
            var results = await checks;
            var failed = results.FirstOrDefault(gate => gate.Status == GateStatus.Fail);
            if (failed is not null && context.Now < limit)
            {
                await Pump(() => false, null, context.Now + StartPeriod);
                if (_stop is not null) return false;
                continue;
            }

            foreach (var gate in results) Record(gate);
            if (failed is null) return true;
            _stop = new StopCause(ReleaseTrigger.ShiftFailed, "slipway", $"the application has not started within {StartPatience.TotalMinutes:0} min of '{step.Sentence}': {failed.Gate}: {failed.Details}");
            return false;
        }
    }

    /// <summary>Over a stage without users behind a deployment: the kinds of errors that nobody saw in the hours before. Null: none.</summary>
    private async Task<string?> NewErrors()
    {
        if (Stage.Percentage > Percentage.Zero || !Stage.Steps.Any(step => step.Action == DeployAction.Deploy)) return null;
        var answer = await Forward(context.RunActivity(
            ReleaseActivities.ErrorTypes, new ErrorTypesInput(Here.Plan, Closed(_shiftBegan - ErrorMemory), Closed(_shiftBegan), Closed(context.Now - Here.Plan.Watch.IngestionDelay))));
        var result = answer.Value ?? new GateOutput(GateStatus.Warning, $"could not be compared: {answer.Problem}");
        if (_stop is not null) return null;
        Record(new GateChecked(QualityGates.NewErrors, result.Status, true, result.Details, GateKind.Quality, null));
        return result.Status == GateStatus.Fail ? result.Details : null;
    }

    /// <summary>The begin of the interval that a moment lies in.</summary>
    private DateTimeOffset Closed(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % Here.Plan.Watch.Interval.Ticks), TimeSpan.Zero);
}
