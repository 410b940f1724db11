using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Calibrating;
using Slipway.Core.Planning;

namespace Slipway.Workflow.Ports;

/// <summary>Observations per arm, region and interval.</summary>
public interface IMetricSource
{
    /// <summary>
    /// The observations of the intervals in [<paramref name="from"/>, <paramref name="to"/>), both multiples of the plan's interval since
    /// the Unix epoch, ascending by start and then region. An interval and region without any row is left out. Throws
    /// <see cref="PortUnavailableException"/> when the source does not answer; a partial answer is no answer.
    /// </summary>
    Task<IReadOnlyList<Observation>> ReadAsync(WatchPlan watch, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation);

    /// <summary>
    /// How far the rows that <see cref="ReadAsync"/> reads have come in, as far as the source knows without another question of any cost. Default:
    /// null, the source does not say. Throws <see cref="PortUnavailableException"/> when it does not answer.
    /// </summary>
    Task<IngestionWatermark?> WatermarkAsync(WatchPlan watch, CancellationToken cancellation) => Task.FromResult<IngestionWatermark?>(null);

    /// <summary>
    /// Before anybody is exposed: the users that a flag's default rollout will expose, compared with all others, over the intervals in
    /// [<paramref name="from"/>, <paramref name="to"/>) as in <see cref="ReadAsync"/>. That a source cannot tell is an answer; throws
    /// <see cref="PortUnavailableException"/> when it does not answer. Default: this source has no users.
    /// </summary>
    Task<CohortReading> ReadCohortAsync(WatchPlan watch, CohortQuery cohort, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation) =>
        Task.FromResult(CohortReading.None(CohortSight.NoUsers));
}

/// <summary>HTTP checks.</summary>
public interface IProbe
{
    /// <summary>Asks with GET. Never throws for what the other side does: no answer is a result too.</summary>
    Task<ProbeResult> GetAsync(Uri url, TimeSpan timeout, CancellationToken cancellation);
}

/// <summary>What a probe saw.</summary>
/// <param name="Status">The HTTP status; null when there was no answer.</param>
/// <param name="LatencyMs">Time to the complete answer, or to giving up.</param>
/// <param name="Body">The first 4,000 characters of the answer.</param>
/// <param name="Error">Why there was no answer; empty when there was one.</param>
public sealed record ProbeResult(int? Status, double LatencyMs, string Body, string Error);
