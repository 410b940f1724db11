using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Calibrating;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Workflow.Ports;

namespace Slipway.Scenarios.World;

/// <summary>
/// The applications of all environments, each with telemetry of its own: a write to a flag reaches those that read it. The last environment
/// runs the world's main service; a flag that no plan names is that one's.
/// </summary>
internal sealed class SimulatedFleet(DateTimeOffset start, SimulatedService main) : IMetricSource
{
    private readonly Dictionary<string, SimulatedService> _services = new(StringComparer.Ordinal);
    private readonly List<(FlagKey Flag, SimulatedService Service, string? Region)> _readers = [];

    /// <summary>The service of an earlier environment, by the name under which its telemetry counts.</summary>
    public SimulatedService Of(string service)
    {
        if (!_services.TryGetValue(service, out var found)) _services[service] = found = new SimulatedService(start);
        return found;
    }

    /// <summary>Lets the applications of a plan read its flags.</summary>
    public void Serve(ReleasePlan plan)
    {
        foreach (var environment in plan.Environments)
        {
            var last = environment.Index == plan.Environments.Count - 1;
            if (last) _services[environment.Watch.Service] = main;
            var service = last ? main : Of(environment.Watch.Service);
            if (environment.Regions.Count > 1) service.Regions = environment.Regions;
            var each = environment.Flags.Select(flag => flag.Label).Distinct().Count() > 1;
            _readers.AddRange(environment.Flags.Select(flag => (flag.Key, service, each ? RegionOf(environment, flag.Label) : null)));
        }
    }

    public void Changed(DateTimeOffset at, FlagState flag)
    {
        var readers = _readers.Where(reader => reader.Flag == flag.Key).ToList();
        if (readers.Count == 0) main.Expose(at, flag.Exposure);
        foreach (var (_, service, region) in readers) service.Expose(at, flag.Exposure, region);
    }

    public Task<IReadOnlyList<Observation>> ReadAsync(WatchPlan watch, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation) =>
        (_services.GetValueOrDefault(watch.Service) ?? main).ReadAsync(watch, from, to, cancellation);

    public Task<IngestionWatermark?> WatermarkAsync(WatchPlan watch, CancellationToken cancellation) =>
        (_services.GetValueOrDefault(watch.Service) ?? main).WatermarkAsync(watch, cancellation);

    public Task<CohortReading> ReadCohortAsync(WatchPlan watch, CohortQuery cohort, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation) =>
        (_services.GetValueOrDefault(watch.Service) ?? main).ReadCohortAsync(watch, cohort, from, to, cancellation);

    private static string RegionOf(PlannedEnvironment environment, string label) =>
        environment.Regions.Single(region => label == region || label.EndsWith($"/{region}", StringComparison.Ordinal));
}
