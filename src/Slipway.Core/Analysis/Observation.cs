using System.Collections.ObjectModel;

namespace Slipway.Core.Analysis;

/// <summary>
/// What one region reported for one closed interval: both arms at the same time. An arm is null when it sent no row at all, which is not
/// the same as a row with zero requests.
/// </summary>
/// <param name="Start">Start of the interval, inclusive.</param>
/// <param name="Length">Its length; the end is exclusive.</param>
/// <param name="Region">The region; <c>global</c> when telemetry names none.</param>
/// <param name="Canary">Users that got the new version.</param>
/// <param name="Control">Users that got the old version in the same interval.</param>
public sealed record Observation(DateTimeOffset Start, TimeSpan Length, string Region, ArmSample? Canary, ArmSample? Control)
{
    /// <summary>The first moment after the interval.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public DateTimeOffset End => Start + Length;
}

/// <summary>One arm's counts in one interval and region. Rows of one arm, interval and region add up.</summary>
public sealed record ArmSample
{
    /// <summary>Requests, 0 or more.</summary>
    public long Requests { get; init; }

    /// <summary>Failed requests, 0 to <see cref="Requests"/>.</summary>
    public long Errors { get; init; }

    /// <summary>Latencies of the requests.</summary>
    public LatencyHistogram Latency { get; init; } = LatencyHistogram.Empty;

    /// <summary>Distinct users; null where telemetry has no user ids.</summary>
    public long? Users { get; init; }

    /// <summary>
    /// Distinct users with at least one failed request; a failed request of nobody known counts as a user of its own. 0 to
    /// <see cref="Errors"/>; null where telemetry does not say whose requests failed.
    /// </summary>
    public long? FailedUsers { get; init; }

    /// <summary>Kinds of errors that were seen, for the report.</summary>
    public IReadOnlyList<string> ErrorTypes { get; init; } = [];

    /// <summary>Failed calls by dependency, for the report.</summary>
    public IReadOnlyDictionary<string, long> DependencyFailures { get; init; } = ReadOnlyDictionary<string, long>.Empty;

    /// <summary>Business metrics by name.</summary>
    public IReadOnlyDictionary<string, KpiSample> Kpis { get; init; } = ReadOnlyDictionary<string, KpiSample>.Empty;

    /// <summary>Requests slower than the plan's thresholds, counted exactly as far as the rows tell; empty where none was asked for.</summary>
    public IReadOnlyList<SlowCount> Slower { get; init; } = [];

    /// <summary>What else was measured, by name; one that is not there was not seen.</summary>
    public IReadOnlyDictionary<string, MeasurementSample> Measurements { get; init; } = ReadOnlyDictionary<string, MeasurementSample>.Empty;

    /// <summary>Requests slower than a threshold: exactly where it was asked for, otherwise those that are for certain, by whole buckets.</summary>
    /// <param name="milliseconds">The threshold.</param>
    public long SlowerThan(double milliseconds)
    {
        foreach (var slow in Slower)
        {
            if (slow.Above == milliseconds) return slow.Count;
        }

        return Latency.SlowerThan(milliseconds);
    }

    /// <summary>Whether requests slower than a threshold are counted exactly.</summary>
    /// <param name="milliseconds">The threshold.</param>
    public bool CountsAbove(double milliseconds) => Slower.Any(slow => slow.Above == milliseconds);

    /// <summary>Rows of the same arm, added in their order as <see cref="Add"/> does; null of none.</summary>
    public static ArmSample? Sum(IReadOnlyList<ArmSample> rows)
    {
        if (rows.Count < 2) return rows.Count == 0 ? null : rows[0];
        var first = rows[0];
        for (var i = 0; i < rows.Count; i++)
        {
            // Whole numbers alone add up in any way; for the rest, the order of additions is part of the result.
            if (!rows[i].IsPlain || !rows[i].HasEdgesOf(first)) return rows.Aggregate((left, right) => left.Add(right));
        }

        var (requests, errors, users, failed) = (0L, 0L, (long?)null, (long?)null);
        var slower = new SlowCount[first.Slower.Count];
        for (var i = 0; i < slower.Length; i++) slower[i] = first.Slower[i] with { Count = 0 };
        foreach (var row in rows)
        {
            if (row.FailedUsers is not null || failed is not null) failed = (failed ?? errors) + (row.FailedUsers ?? row.Errors);
            if (row.Users is not null) users = (users ?? 0) + row.Users;
            (requests, errors) = (requests + row.Requests, errors + row.Errors);
            for (var i = 0; i < slower.Length; i++) slower[i] = slower[i] with { Count = slower[i].Count + row.Slower[i].Count };
        }

        return new ArmSample
        {
            Requests = requests,
            Errors = errors,
            Latency = LatencyHistogram.Sum(rows),
            Users = users,
            FailedUsers = failed,
            Slower = slower,
        };
    }

    private bool IsPlain => ErrorTypes.Count == 0 && DependencyFailures.Count == 0 && Kpis.Count == 0 && Measurements.Count == 0;

    /// <summary>Whether the same thresholds were counted exactly, ascending.</summary>
    private bool HasEdgesOf(ArmSample other)
    {
        if (Slower.Count != other.Slower.Count) return false;
        for (var i = 0; i < Slower.Count; i++)
        {
            if (Slower[i].Above != other.Slower[i].Above || (i > 0 && Slower[i].Above <= Slower[i - 1].Above)) return false;
        }

        return true;
    }

    /// <summary>Adds another row of the same arm. Distinct users of two rows are at least the larger and at most the sum: the sum is
    /// taken, and null stays null only when both are. Where only one row knows whose requests failed, each failure of the other counts.</summary>
    public ArmSample Add(ArmSample other) => new()
    {
        Requests = Requests + other.Requests,
        Errors = Errors + other.Errors,
        Latency = Latency.Add(other.Latency),
        Users = Users is null && other.Users is null ? null : (Users ?? 0) + (other.Users ?? 0),
        FailedUsers = FailedUsers is null && other.FailedUsers is null ? null : (FailedUsers ?? Errors) + (other.FailedUsers ?? other.Errors),
        ErrorTypes = [.. ErrorTypes.Union(other.ErrorTypes).Order(StringComparer.Ordinal)],
        DependencyFailures = DependencyFailures.Concat(other.DependencyFailures)
            .GroupBy(entry => entry.Key, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Sum(entry => entry.Value)),
        Kpis = Kpis.Concat(other.Kpis)
            .GroupBy(entry => entry.Key, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Select(entry => entry.Value).Aggregate((left, right) => left.Add(right))),
        Slower = Slower.Count == 0 && other.Slower.Count == 0 ? [] :
        [
            .. Slower.Concat(other.Slower).Select(slow => slow.Above).Distinct().Order().Select(above => new SlowCount(above, SlowerThan(above) + other.SlowerThan(above))),
        ],
        Measurements = other.Measurements.Count == 0 ? Measurements : Measurements.Concat(other.Measurements)
            .GroupBy(entry => entry.Key, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Select(entry => entry.Value).Aggregate((left, right) => left.Add(right))),
    };
}

/// <summary>A business metric's values in one arm and interval, as sums that add up.</summary>
/// <param name="Count">How many values.</param>
/// <param name="Sum">Their sum.</param>
/// <param name="SumOfSquares">The sum of their squares.</param>
public sealed record KpiSample(long Count, double Sum, double SumOfSquares)
{
    /// <summary>Adds another sample.</summary>
    public KpiSample Add(KpiSample other) => new(Count + other.Count, Sum + other.Sum, SumOfSquares + other.SumOfSquares);
}

/// <summary>Requests slower than a threshold.</summary>
/// <param name="Above">The threshold in milliseconds; a request of exactly that latency is not slower.</param>
/// <param name="Count">How many.</param>
public readonly record struct SlowCount(double Above, long Count);

/// <summary>What was measured beside the requests, of one name, in one arm and interval, as sums that add up.</summary>
/// <param name="Count">How many values, 1 or more.</param>
/// <param name="Sum">Their sum; of a counter, the events.</param>
public sealed record MeasurementSample(long Count, double Sum)
{
    /// <summary>The mean of the values.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public double Mean => Count > 0 ? Sum / Count : 0;

    /// <summary>Adds another sample.</summary>
    public MeasurementSample Add(MeasurementSample other) => new(Count + other.Count, Sum + other.Sum);
}
