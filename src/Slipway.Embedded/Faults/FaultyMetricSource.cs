using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Calibrating;
using Slipway.Core.Planning;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Faults;

/// <summary>A metric source that fails, or goes silent, by plan.</summary>
public sealed class FaultyMetricSource(IMetricSource inner, FaultPlan plan) : IMetricSource
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<Observation>> ReadAsync(
        WatchPlan watch, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation) =>
        await plan.NextAsync(FaultOperations.MetricRead, watch.Service, cancellation) switch
        {
            FaultEffect.Unavailable => throw new PortUnavailableException("metric source", FaultPlan.Message(FaultOperations.MetricRead)),
            FaultEffect.Empty => [],
            _ => await inner.ReadAsync(watch, from, to, cancellation),
        };

    /// <inheritdoc/>
    public Task<IngestionWatermark?> WatermarkAsync(WatchPlan watch, CancellationToken cancellation) => inner.WatermarkAsync(watch, cancellation);

    /// <inheritdoc/>
    public async Task<CohortReading> ReadCohortAsync(
        WatchPlan watch, CohortQuery cohort, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation) =>
        await plan.NextAsync(FaultOperations.CohortRead, watch.Service, cancellation) switch
        {
            FaultEffect.Unavailable => throw new PortUnavailableException("metric source", FaultPlan.Message(FaultOperations.CohortRead)),
            FaultEffect.Empty => CohortReading.None(CohortSight.NoRows),
            _ => await inner.ReadCohortAsync(watch, cohort, from, to, cancellation),
        };
}
