using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Calibrating;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Strategies;
using Slipway.Workflow.Ports;

namespace Slipway.Rehearsal.Traffic;

/// <summary>The applications of all environments of a plan: what flags and pipeline do reaches those that read them.</summary>
public sealed class SimulatedFleet : IMetricSource
{
    private readonly ReleasePlan _plan;
    private readonly List<(FlagKey Flag, SimulatedApplication Application, string? Region)> _readers = [];

    internal SimulatedFleet(ReleasePlan plan, ServiceProfile profile, ulong seed, TimeProvider time)
    {
        _plan = plan;
        Applications = [.. plan.Environments.Select(environment => new SimulatedApplication(profile, environment, seed, time))];
        foreach (var (environment, application) in plan.Environments.Zip(Applications))
        {
            var perRegion = environment.Flags.Select(flag => flag.Label).Distinct(StringComparer.Ordinal).Count() > 1;
            _readers.AddRange(environment.Flags.Select(flag => (flag.Key, application, perRegion ? RegionOf(environment, flag.Label) : null)));
        }
    }

    /// <summary>In the order of the environments.</summary>
    public IReadOnlyList<SimulatedApplication> Applications { get; }

    /// <summary>The largest share of users of an environment, 0 to 1, that had the new version at one time.</summary>
    public double Peak => Applications.Max(application => application.Peak);

    /// <summary>Whether anybody has the new version.</summary>
    public bool IsExposed => Applications.Any(application => application is { Peak: > 0, SafeSince: null });

    /// <summary>Somebody wrote a flag.</summary>
    public void Changed(FlagState flag)
    {
        foreach (var (key, application, region) in _readers)
        {
            if (key == flag.Key) application.Expose(flag.Exposure, region);
        }
    }

    /// <summary>The pipeline did a step. Where a flag carries the exposure, a swap to the new version adds nothing to it.</summary>
    public void Route(HookStep step)
    {
        var application = Applications[^1];
        var byFlags = _plan.Environments[^1].Flags.Count > 0;
        switch (step.Action)
        {
            case DeployAction.Shift or DeployAction.Swap when !byFlags || step.Percentage == Percentage.Zero || step.Percentage > application.Exposure:
                application.Expose(step.Percentage);
                break;
            case DeployAction.Deploy or DeployAction.Rollback when step.IsRegional:
                application.Expose(step.Action == DeployAction.Deploy ? Percentage.Full : Percentage.Zero, step.Region);
                break;
            case DeployAction.Rollback:
                foreach (var each in Applications) each.Expose(Percentage.Zero);
                break;
            case DeployAction.ShadowStart or DeployAction.ShadowStop:
                application.Mirror(step.Action == DeployAction.ShadowStart);
                break;
            default:
                break;
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Observation>> ReadAsync(WatchPlan watch, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation) =>
        Task.FromResult(Of(watch).Read(watch, from, to));

    /// <inheritdoc/>
    public Task<CohortReading> ReadCohortAsync(WatchPlan watch, CohortQuery cohort, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation) =>
        Task.FromResult(Of(watch).ReadCohort(watch, cohort, from, to));

    private SimulatedApplication Of(WatchPlan watch)
    {
        for (var index = 0; index < Applications.Count; index++)
        {
            if (_plan.Environments[index].Watch.Service == watch.Service) return Applications[index];
        }

        return Applications[^1];
    }

    private static string RegionOf(PlannedEnvironment environment, string label) =>
        environment.Regions.Single(region => label == region || label.EndsWith($"/{region}", StringComparison.Ordinal));
}
