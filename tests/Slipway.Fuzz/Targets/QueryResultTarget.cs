using Slipway.Azure.Metrics;
using Slipway.Core.Analysis;
using Slipway.Core.Planning;
using Slipway.Core.Requests;
using Slipway.Fuzz.Running;

namespace Slipway.Fuzz.Targets;

/// <summary>The reader of a query's table: observations whose counts can be, in the intervals asked for, or a refusal. The input's bytes choose columns
/// and values.</summary>
internal sealed class QueryResultTarget : IFuzzTarget
{
    private static readonly DateTimeOffset Nine = new(2026, 12, 1, 9, 0, 0, TimeSpan.Zero);

    private static readonly WatchQuery Query = new(
        new WatchPlan
        {
            Source = TelemetrySource.LogAnalytics,
            Service = "search",
            Interval = TimeSpan.FromMinutes(1),
            Edges = [300, 500.5],
            IngestionDelay = TimeSpan.FromMinutes(3),
            Propagation = TimeSpan.FromMinutes(1),
            BlindHold = TimeSpan.FromMinutes(10),
            BlindThen = BlindAction.Rollback,
        },
        new LogsPlan { Flag = "search-v2", Kpis = ["orders"], Measurements = ["heap_mb"] },
        Nine,
        Nine.AddMinutes(10));

    private static readonly string[] Kinds =
    [
        "requests", "requests", "errors", "users", "failed_users", "bucket", "slower", "error_type", "dependency", "kpi", "measurement", "watermark", "exposed", "seen", "known", "", "other",
    ];

    private static readonly string[] Arms = ["canary", "canary", "control", "control", "", "Canary"];
    private static readonly string[] Names = ["", "0", "81", "375", "376", "-1", "300", "500.5", "orders", "heap_mb", "catalog", "99999999999999999999", "\u202Ex", "é"];
    private static readonly object?[] Counts = [0L, 1L, 5L, 100L, 1_000_000_000L, long.MaxValue, long.MaxValue / 2, -1L, null, "7", 2.5];
    private static readonly object?[] Sums = [0.0, 1.5, -3.0, double.MaxValue, double.NaN, double.PositiveInfinity, 1e-300, null, "1", 4L];

    /// <inheritdoc/>
    public string Name => "query-result";

    /// <inheritdoc/>
    public IReadOnlyList<string> Words { get; } = ["\0\0\0\0\0\0\0\0", "\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b", "\u0001\0\0\0\u0001\u0003\u0001\u0001"];

    /// <inheritdoc/>
    public string Read(byte[] input)
    {
        var table = Table(input);
        return $"{Reading(() => ObservationReader.Read(table, Query))} {Reading(() => ObservationReader.ReadCohort(table, Query))}";
    }

    private static string Reading(Func<LogReading> read)
    {
        LogReading reading;
        try
        {
            reading = read();
        }
        catch (LogTableException problem)
        {
            return string.Join(' ', problem.Message.Split(' ').Where(word => word.All(letter => char.IsAsciiLetter(letter) || letter == ',')).Take(6));
        }

        foreach (var seen in reading.Observations)
        {
            if (seen.Start < Query.From || seen.End > Query.To) throw new BrokenPromiseException("an observation outside what was asked");
            if (new[] { seen.Canary, seen.Control }.OfType<ArmSample>().Any(arm => !IsPossible(arm))) throw new BrokenPromiseException("counts that cannot be");
        }

        if (reading.Seen < 0 || reading.Known < 0) throw new BrokenPromiseException("counts that cannot be");
        return $"{Math.Min(reading.Observations.Count, 4)} {reading.Watermark is null} {reading.Exposed} {reading.Seen > 0} {reading.Observations.FirstOrDefault()?.Canary?.Measurements.Count}";
    }

    private static bool IsPossible(ArmSample arm) =>
        arm.Requests >= 0 && arm.Errors >= 0 && arm.Errors <= arm.Requests && arm.Latency.Total >= 0 && arm.Latency.Total <= arm.Requests && arm.Users is null or >= 0 && arm.FailedUsers is null or >= 0
        && arm.DependencyFailures.Values.All(count => count >= 0) && arm.Slower.All(slow => slow.Count >= 0)
        && arm.Kpis.Values.All(kpi => kpi.Count >= 0 && double.IsFinite(kpi.Sum) && double.IsFinite(kpi.SumOfSquares)) && arm.Measurements.Values.All(one => one.Count >= 0 && double.IsFinite(one.Sum));

    /// <summary>The first byte says what is wrong with the columns, mostly nothing; then eight bytes a row.</summary>
    private static LogTable Table(byte[] input)
    {
        var columns = ObservationTable.Columns.ToList();
        var odd = input.Length == 0 ? (byte)0 : input[0];
        if (odd is > 100 and < 109) columns.RemoveAt(odd - 101);
        if (odd is > 110 and < 119) columns[odd - 111] = new LogColumn(columns[odd - 111].Name, "dynamic");
        if (odd is > 120 and < 128) (columns[odd - 121], columns[odd - 120]) = (columns[odd - 120], columns[odd - 121]);
        return new LogTable(columns, [.. input.Skip(1).Chunk(8).Where(row => row.Length == 8).Select(row => Row(row, columns))]);
    }

    private static IReadOnlyList<object?> Row(byte[] row, IEnumerable<LogColumn> columns) =>
    [
        .. columns.Select(column => column.Name switch
        {
            "Kind" => Kinds[row[0] % Kinds.Length],
            "Start" => Start(row[1]),
            "Region" => new[] { "", "westeurope", "northeurope" }[row[2] % 3],
            "Arm" => Arms[row[3] % Arms.Length],
            "Name" => Names[row[4] % Names.Length],
            "Count" => Counts[row[5] % Counts.Length],
            "Sum" => Sums[row[6] % Sums.Length],
            _ => Sums[row[7] % Sums.Length],
        }),
    ];

    private static object? Start(byte choice) => choice switch
    {
        < 200 => Nine.AddMinutes(choice % 10),
        < 210 => Nine.AddSeconds(choice),
        < 220 => Nine.AddDays(choice - 215),
        < 225 => DateTimeOffset.MinValue,
        < 230 => DateTimeOffset.MaxValue,
        < 240 => new DateTimeOffset(2026, 12, 1, 11, 3, 0, TimeSpan.FromHours(2)),
        < 245 => "2026-12-01T09:00:00Z",
        _ => null,
    };
}
