using System.Globalization;
using Slipway.Core.Analysis;

namespace Slipway.Azure.Metrics;

/// <summary>Reads the table of a query. Pure; throws <see cref="LogTableException"/> on anything that is not as the query promises: half of an
/// answer would be judged as if it were all.</summary>
internal sealed class ObservationReader
{
    private const string Canary = "canary";
    private const string Control = "control";

    /// <summary>30 days in seconds.</summary>
    private const double LongestLate = 30 * 24 * 60 * 60;

    private readonly Dictionary<(DateTimeOffset Start, string Region), (ArmCounts? Canary, ArmCounts? Control)> _cells = [];
    private readonly WatchQuery _query;

    private ObservationReader(WatchQuery query) => _query = query;

    /// <summary>What the query of a poll gave.</summary>
    public static LogReading Read(LogTable table, WatchQuery query)
    {
        var rows = LogRow.Of(table);
        var reader = new ObservationReader(query);
        foreach (var row in rows.Where(row => row.Kind is not (ObservationTable.Watermark or ObservationTable.Measurement))) reader.Add(row);
        foreach (var row in rows.Where(row => row.Kind == ObservationTable.Measurement)) reader.Measure(row);
        var watermark = rows.FirstOrDefault(row => row.Kind == ObservationTable.Watermark);
        return new LogReading(
            reader.ToObservations(),
            watermark is null ? null : new IngestionWatermark(watermark.Start, Late(watermark)),
            0,
            0,
            false);
    }

    /// <summary>What the query of a cohort gave.</summary>
    public static LogReading ReadCohort(LogTable table, WatchQuery query)
    {
        var rows = LogRow.Of(table);
        var reader = new ObservationReader(query);
        foreach (var row in rows.Where(row => row.Kind is not (ObservationTable.Exposed or ObservationTable.Seen or ObservationTable.Known))) reader.Add(row);
        return new LogReading(
            reader.ToObservations(),
            null,
            rows.Where(row => row.Kind == ObservationTable.Seen).Sum(row => row.Count()),
            rows.Where(row => row.Kind == ObservationTable.Known).Sum(row => row.Count()),
            rows.Any(row => row.Kind == ObservationTable.Exposed));
    }

    private void Add(LogRow row)
    {
        CheckStart(row);
        var arm = Arm(row.Start, row.Region, row.Arm switch
        {
            Canary => true,
            Control => false,
            _ => throw row.Wrong("Arm", row.Arm, "canary or control"),
        });
        switch (row.Kind)
        {
            case ObservationTable.Requests: arm.Requests += row.Count(); break;
            case ObservationTable.Errors: arm.Errors += row.Count(); break;
            case ObservationTable.Users: arm.Users = (arm.Users ?? 0) + row.Count(); break;
            case ObservationTable.FailedUsers: arm.FailedUsers = (arm.FailedUsers ?? 0) + row.Count(); break;
            case ObservationTable.Bucket: Sum(arm.Buckets, Bucket(row), row.Count()); break;
            case ObservationTable.Slower: Sum(arm.Slower, row.Name, row.Count()); break;
            case ObservationTable.ErrorType: arm.ErrorTypes.Add(row.Name); break;
            case ObservationTable.Dependency: Sum(arm.Dependencies, row.Name, row.Count()); break;
            case ObservationTable.Kpi:
                var value = new KpiSample(row.Count(), row.Sum(), row.Squares());
                arm.Kpis[row.Name] = arm.Kpis.TryGetValue(row.Name, out var kpi) ? kpi.Add(value) : value;
                break;
            default: throw row.Wrong("Kind", row.Kind, "one of the kinds that the query asks for");
        }
    }

    /// <summary>A value of an arm is that arm's; a value of none is a shared resource's, and goes to whichever arm there is. Without a request in
    /// the interval there is nothing to judge it with.</summary>
    private void Measure(LogRow row)
    {
        CheckStart(row);
        var value = new MeasurementSample(row.Count(), row.Sum());
        if (value.Count == 0) return;
        var cells = _cells.Keys.Where(cell => cell.Start == row.Start).OrderBy(cell => cell.Region == row.Region ? 0 : 1).ThenBy(cell => cell.Region, StringComparer.Ordinal);
        if (!cells.Any()) return;
        var (canary, control) = _cells[cells.First()];
        var arm = row.Arm switch
        {
            Canary => canary,
            Control => control,
            "" => canary ?? control,
            _ => throw row.Wrong("Arm", row.Arm, "canary, control or nothing"),
        };
        if (arm is not null) arm.Measurements[row.Name] = arm.Measurements.TryGetValue(row.Name, out var measured) ? measured.Add(value) : value;
    }

    /// <summary>How late requests come in; a table that says more than it could keep is not understood.</summary>
    private static TimeSpan Late(LogRow watermark) => Math.Max(0, watermark.Sum()) is <= LongestLate and var seconds
        ? TimeSpan.FromSeconds(seconds)
        : throw watermark.Wrong("Sum", watermark.Sum().ToString("R", CultureInfo.InvariantCulture), $"at most {LongestLate} seconds");

    private void CheckStart(LogRow row)
    {
        if (row.Start < _query.From || row.Start >= _query.To || (row.Start - DateTimeOffset.UnixEpoch).Ticks % _query.Watch.Interval.Ticks != 0)
            throw row.Wrong("Start", row.Start.ToString("O", CultureInfo.InvariantCulture), "the start of one of the intervals asked for");
    }

    private ArmCounts Arm(DateTimeOffset start, string region, bool canary)
    {
        var key = (start, region.Length == 0 ? "global" : region);
        var cell = _cells.GetValueOrDefault(key);
        var arm = (canary ? cell.Canary : cell.Control) ?? new ArmCounts();
        _cells[key] = canary ? (arm, cell.Control) : (cell.Canary, arm);
        return arm;
    }

    private IReadOnlyList<Observation> ToObservations() =>
    [
        .. _cells.OrderBy(cell => cell.Key.Start).ThenBy(cell => cell.Key.Region, StringComparer.Ordinal).Select(cell => new Observation(
            cell.Key.Start,
            _query.Watch.Interval,
            cell.Key.Region,
            cell.Value.Canary?.ToSample(_query.Watch.Edges),
            cell.Value.Control?.ToSample(_query.Watch.Edges))),
    ];

    private static int Bucket(LogRow row) =>
        int.TryParse(row.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var bucket) && bucket <= LatencyHistogram.LastBucket
            ? bucket
            : throw row.Wrong("Name", row.Name, $"a bucket from 0 to {LatencyHistogram.LastBucket}");

    private static void Sum<TKey>(Dictionary<TKey, long> counts, TKey key, long count)
        where TKey : notnull => counts[key] = counts.GetValueOrDefault(key) + count;
}
