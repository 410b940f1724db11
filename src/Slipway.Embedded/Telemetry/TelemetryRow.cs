using Slipway.Core.Analysis;

namespace Slipway.Embedded.Telemetry;

/// <summary>Which version a request got.</summary>
public enum TelemetryArm
{
    /// <summary>The new one.</summary>
    Canary,

    /// <summary>The old one.</summary>
    Control,
}

/// <summary>What one sender counted in one arm and region during one second (or from that second on, where it sends less often).</summary>
public sealed record TelemetryRow
{
    /// <summary>Unique among the rows of one service and second: a row that is sent again under the same id counts once.</summary>
    public required string Id { get; init; }

    /// <summary>The service that reports, as the release's plan names it.</summary>
    public required string Service { get; init; }

    /// <summary>Which version the requests got.</summary>
    public required TelemetryArm Arm { get; init; }

    /// <summary>The region. Default: <c>global</c>.</summary>
    public string Region { get; init; } = "global";

    /// <summary>When the counts begin; stored by whole second, rounded down.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>Requests, 0 or more.</summary>
    public required long Requests { get; init; }

    /// <summary>Failed requests, 0 to <see cref="Requests"/>.</summary>
    public long Errors { get; init; }

    /// <summary>Latencies of the requests.</summary>
    public LatencyHistogram Latency { get; init; } = LatencyHistogram.Empty;

    /// <summary>
    /// Distinct users as 64-bit hashes (<see cref="UserHash"/>), which are counted right over rows, seconds and senders; null where the
    /// sender knows no users.
    /// </summary>
    public IReadOnlyList<ulong>? Users { get; init; }

    /// <summary>Distinct users as a mere number, for senders that keep ids to themselves. Such numbers add up over rows, so a user who is
    /// active in two of them counts twice. Null: not stated.</summary>
    public long? UserCount { get; init; }

    /// <summary>
    /// The users with at least one failed request as 64-bit hashes (<see cref="UserHash"/>): each counts once an interval, however many of
    /// its requests failed. Null where the sender does not say whose requests failed.
    /// </summary>
    public IReadOnlyList<ulong>? FailedUsers { get; init; }

    /// <summary>Failed requests that belong to none of <see cref="FailedUsers"/>, 0 to <see cref="Errors"/>: each counts by itself.</summary>
    public long FailuresOfNobody { get; init; }

    /// <summary>The flag whose rollout <see cref="Positions"/> is about; null exactly where that is.</summary>
    public string? Flag { get; init; }

    /// <summary>The requests of known users by their place in the rollout of <see cref="Flag"/>, ascending; null where the sender does not say.</summary>
    public IReadOnlyList<PositionCounts>? Positions { get; init; }

    /// <summary>Kinds of errors that were seen.</summary>
    public IReadOnlyList<string> ErrorTypes { get; init; } = [];

    /// <summary>Failed calls by dependency.</summary>
    public IReadOnlyDictionary<string, long> DependencyFailures { get; init; } = new Dictionary<string, long>();

    /// <summary>Single latencies in tenths of a millisecond, rounded up, with how many there are; null where the sender has counts by bucket.</summary>
    public IReadOnlyDictionary<int, long>? Exact { get; init; }

    /// <summary>Requests slower than thresholds that the sender counts by, in milliseconds.</summary>
    public IReadOnlyDictionary<string, long> Slower { get; init; } = new Dictionary<string, long>();

    /// <summary>What else was measured, by name.</summary>
    public IReadOnlyDictionary<string, MeasurementSample> Measurements { get; init; } = new Dictionary<string, MeasurementSample>();

    /// <summary>Business metrics by name.</summary>
    public IReadOnlyDictionary<string, KpiSample> Kpis { get; init; } = new Dictionary<string, KpiSample>();
}
