using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Calibrating;
using Slipway.Core.Planning;
using Slipway.Workflow.Ports;

namespace Slipway.Workflow.Tests.Fakes;

/// <summary>Telemetry that has certain rows.</summary>
internal sealed class FakeMetrics(params Observation[] rows) : IMetricSource
{
    /// <summary>When set, the source does not answer.</summary>
    public bool Away { get; init; }

    public int Reads { get; private set; }

    /// <summary>What is said of each cohort; null: this source has no users.</summary>
    public Func<CohortQuery, CohortReading>? Cohort { get; init; }

    /// <summary>The cohorts that were asked for, with their ranges.</summary>
    public List<(CohortQuery Cohort, DateTimeOffset From, DateTimeOffset To)> Cohorts { get; } = [];

    public Task<IReadOnlyList<Observation>> ReadAsync(WatchPlan watch, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        Reads++;
        return Away
            ? throw new PortUnavailableException("telemetry", "no answer")
            : Task.FromResult<IReadOnlyList<Observation>>([.. rows.Where(row => row.Start >= from && row.Start < to)]);
    }

    public Task<CohortReading> ReadCohortAsync(WatchPlan watch, CohortQuery cohort, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        Cohorts.Add((cohort, from, to));
        return Away ? throw new PortUnavailableException("telemetry", "no answer") : Task.FromResult(Cohort?.Invoke(cohort) ?? CohortReading.None(CohortSight.NoUsers));
    }

    /// <summary>A minute of the present version in one region.</summary>
    public static Observation Row(DateTimeOffset start, string region, long requests, long errors) => new(
        start, TimeSpan.FromMinutes(1), region, null,
        new ArmSample { Requests = requests, Errors = errors, Latency = new LatencyHistogram(new Dictionary<int, long> { [LatencyHistogram.BucketOf(100)] = requests }) });
}
