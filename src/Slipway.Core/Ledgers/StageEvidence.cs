using System.Collections.Immutable;
using Slipway.Core.Analysis;

namespace Slipway.Core.Ledgers;

/// <summary>Totals of one arm over many intervals; bounded, whatever the length of the release.</summary>
public sealed record ArmTotals
{
    /// <summary>Nothing yet.</summary>
    public static ArmTotals Empty { get; } = new();

    /// <summary>Requests.</summary>
    public long Requests { get; init; }

    /// <summary>Failed requests.</summary>
    public long Errors { get; init; }

    /// <summary>Latencies.</summary>
    public LatencyHistogram Latency { get; init; } = LatencyHistogram.Empty;

    /// <summary>The most distinct users that one region reported for one interval; null where telemetry has no user ids.</summary>
    public long? PeakUsers { get; init; }

    /// <summary>Business metrics by name.</summary>
    public ImmutableSortedDictionary<string, KpiSample> Kpis { get; init; } = ImmutableSortedDictionary<string, KpiSample>.Empty;

    /// <summary>Adds other totals.</summary>
    public ArmTotals Add(ArmTotals other) => new()
    {
        Requests = Requests + other.Requests,
        Errors = Errors + other.Errors,
        Latency = Latency.Add(other.Latency),
        PeakUsers = PeakUsers is { } users ? Math.Max(users, other.PeakUsers ?? 0) : other.PeakUsers,
        Kpis = other.Kpis.Aggregate(Kpis, (sum, kpi) =>
            sum.SetItem(kpi.Key, sum.TryGetValue(kpi.Key, out var before) ? before.Add(kpi.Value) : kpi.Value)),
        Measurements = other.Measurements.Aggregate(Measurements, (sum, measured) =>
            sum.SetItem(measured.Key, sum.TryGetValue(measured.Key, out var before) ? before.Add(measured.Value) : measured.Value)),
    };

    /// <summary>What else was measured, by name.</summary>
    public ImmutableSortedDictionary<string, MeasurementSample> Measurements { get; init; } = ImmutableSortedDictionary<string, MeasurementSample>.Empty;

    /// <summary>Failed requests in percent; null without requests.</summary>
    public double? ErrorRate => Requests > 0 ? 100.0 * Errors / Requests : null;

    /// <summary>Adds one sample.</summary>
    public ArmTotals Add(ArmSample? sample) => sample is null ? this : new ArmTotals
    {
        Requests = Requests + sample.Requests,
        Errors = Errors + sample.Errors,
        Latency = Latency.Add(sample.Latency),
        PeakUsers = sample.Users is { } users ? Math.Max(users, PeakUsers ?? 0) : PeakUsers,
        Kpis = sample.Kpis.Aggregate(Kpis, (sum, kpi) =>
            sum.SetItem(kpi.Key, sum.TryGetValue(kpi.Key, out var before) ? before.Add(kpi.Value) : kpi.Value)),
        Measurements = sample.Measurements.Aggregate(Measurements, (sum, measured) =>
            sum.SetItem(measured.Key, sum.TryGetValue(measured.Key, out var before) ? before.Add(measured.Value) : measured.Value)),
    };
}

/// <summary>What was judged in one stage: totals of both arms over the regions and intervals.</summary>
public sealed record StageEvidence
{
    /// <summary>Nothing yet.</summary>
    public static StageEvidence Empty { get; } = new();

    /// <summary>Users with the new version.</summary>
    public ArmTotals Canary { get; init; } = ArmTotals.Empty;

    /// <summary>Users with the old version at the same time.</summary>
    public ArmTotals Control { get; init; } = ArmTotals.Empty;

    /// <summary>Intervals with at least one row.</summary>
    public int Intervals { get; init; }

    /// <summary>Their length together.</summary>
    public TimeSpan Analysed { get; init; }

    /// <summary>Start of the newest interval; null before the first.</summary>
    public DateTimeOffset? NewestStart { get; init; }

    /// <summary>Adds one region's interval; regions of one interval count as one interval.</summary>
    public StageEvidence Add(Observation observation)
    {
        var fresh = NewestStart is not { } newest || observation.Start > newest;
        return new StageEvidence
        {
            Canary = Canary.Add(observation.Canary),
            Control = Control.Add(observation.Control),
            Intervals = Intervals + (fresh ? 1 : 0),
            Analysed = Analysed + (fresh ? observation.Length : TimeSpan.Zero),
            NewestStart = fresh ? observation.Start : NewestStart,
        };
    }
}

/// <summary>One interval over all regions.</summary>
/// <param name="Start">Its start, inclusive.</param>
/// <param name="Length">Its length.</param>
/// <param name="Canary">Users with the new version; null when that arm sent no row.</param>
/// <param name="Control">Users with the old version; null when that arm sent no row.</param>
public sealed record IntervalPool(DateTimeOffset Start, TimeSpan Length, ArmSample? Canary, ArmSample? Control)
{
    /// <summary>Both arms together; null when neither sent a row.</summary>
    public ArmSample? Both => Canary is null ? Control : Control is null ? Canary : Canary.Add(Control);

    /// <summary>Adds another region of the same interval.</summary>
    public IntervalPool Add(Observation observation) => this with
    {
        Canary = Sum(Canary, observation.Canary),
        Control = Sum(Control, observation.Control),
    };

    private static ArmSample? Sum(ArmSample? left, ArmSample? right) => left is null ? right : right is null ? left : left.Add(right);
}
