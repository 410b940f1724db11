using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Calibrating;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Scenarios.World;
using Slipway.Workflow.Ports;

namespace Slipway.Faults.Crowds;

/// <summary>The services of many releases; each is named like the flag that carries it.</summary>
internal sealed class CrowdServices : IMetricSource
{
    private readonly Dictionary<string, SimulatedService> _services = new(StringComparer.Ordinal);

    public void Add(string name, SimulatedService service) => _services.Add(name, service);

    public void Remove(string name) => _services.Remove(name);

    /// <summary>Somebody wrote a flag: its service's traffic splits by it.</summary>
    public void Changed(DateTimeOffset at, FlagState flag)
    {
        if (_services.TryGetValue(flag.Key.Name, out var service)) service.Expose(at, flag.Exposure);
    }

    public Task<IReadOnlyList<Observation>> ReadAsync(WatchPlan watch, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation) =>
        _services[watch.Service].ReadAsync(watch, from, to, cancellation);

    public Task<IngestionWatermark?> WatermarkAsync(WatchPlan watch, CancellationToken cancellation) => _services[watch.Service].WatermarkAsync(watch, cancellation);

    public Task<CohortReading> ReadCohortAsync(WatchPlan watch, CohortQuery cohort, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation) =>
        _services[watch.Service].ReadCohortAsync(watch, cohort, from, to, cancellation);
}
