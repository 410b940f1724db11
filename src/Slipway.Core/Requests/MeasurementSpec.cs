using Slipway.Core.Releases;

namespace Slipway.Core.Requests;

/// <summary>
/// Something that telemetry measures beside the requests. A gauge (memory, connections, a hit rate …) has limits for its mean over an
/// interval; a counter (<see cref="IsCounter"/>) has a number of events an hour. One that does not report is unseen, never zero: it blocks a
/// promotion, and makes nobody blind.
/// </summary>
public sealed record MeasurementSpec
{
    /// <summary>Its name in telemetry.</summary>
    public required string Name { get; init; }

    /// <summary>What it measures.</summary>
    public MeasurementKind Kind { get; init; } = MeasurementKind.Custom;

    /// <summary>The unit, for people; may be empty.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Which way is better. Default: lower, and higher for a hit rate.</summary>
    public KpiDirection Direction { get; init; } = KpiDirection.LowerIsBetter;

    /// <summary>Beyond this value people are told; null: never.</summary>
    public decimal? Warning { get; init; }

    /// <summary>Beyond this value <see cref="Action"/> follows; null: never.</summary>
    public decimal? Limit { get; init; }

    /// <summary>The steepest tolerated change for the worse in an hour, in the unit: a leak is steeper. Null: the slope does not matter.</summary>
    public decimal? MaxSlope { get; init; }

    /// <summary>Over how long the slope is measured, and how much of a stage has to be seen for it. Default 1 hour.</summary>
    public TimeSpan SlopeOver { get; init; } = TimeSpan.FromHours(1);

    /// <summary>For a counter: events an hour when everybody has the new version; a stage expects its share of them. Null: nothing is expected.</summary>
    public decimal? ExpectedPerHour { get; init; }

    /// <summary>How far the expected events may be missed either way. Default 50 %.</summary>
    public Percentage Tolerance { get; init; } = new(50);

    /// <summary>For a counter: so many events within an hour are too many. Null: any number is fine.</summary>
    public decimal? LimitPerHour { get; init; }

    /// <summary>The stages, by their percentage, in which it counts; empty: all.</summary>
    public IReadOnlyList<Percentage> Stages { get; init; } = [];

    /// <summary>What follows from a crossed limit or slope. Default: pause.</summary>
    public TriggerAction Action { get; init; } = TriggerAction.Pause;

    /// <summary>Whether events are counted: what rows report in an hour adds up, where a gauge has a mean.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsCounter => ExpectedPerHour is not null || LimitPerHour is not null;

    /// <summary>Which way is better where a request does not say so.</summary>
    public static KpiDirection UsualDirection(MeasurementKind kind) =>
        kind == MeasurementKind.CacheHitRate ? KpiDirection.HigherIsBetter : KpiDirection.LowerIsBetter;
}

/// <summary>What a measurement is about.</summary>
public enum MeasurementKind
{
    /// <summary>Anything else.</summary>
    Custom,

    /// <summary>Memory of the application.</summary>
    Memory,

    /// <summary>Processor time of the application.</summary>
    Cpu,

    /// <summary>Connections of a pool that are in use.</summary>
    ConnectionPool,

    /// <summary>Share of reads that a cache answers.</summary>
    CacheHitRate,

    /// <summary>How much is logged; the report compares it with the control arm.</summary>
    LogVolume,

    /// <summary>Share of the capacity in use, percent: computed from the requests where <c>operations.capacity_rps</c> is stated.</summary>
    Capacity,
}
