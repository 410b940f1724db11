using System.Diagnostics;
using Slipway.Benchmarks.Reporting;
using Slipway.Benchmarks.Rows;

namespace Slipway.Benchmarks;

/// <summary>Measures everything and prints it.</summary>
internal static class VerdictsCommand
{
    /// <summary>The parts of the table, in order.</summary>
    public static IReadOnlyDictionary<string, Func<RunSizes, IEnumerable<Row>>> Parts { get; } =
        new OrderedDictionary<string, Func<RunSizes, IEnumerable<Row>>>
        {
            ["healthy"] = NullRows.All,
            ["errors"] = DetectionRows.All,
            ["latency"] = LatencyRows.All,
            ["promotion"] = PromotionRows.All,
            ["triggers"] = TriggerRows.All,
            ["product"] = ProductRows.All,
            ["power"] = PowerRows.All,
            ["cost"] = CostRows.All,
        };

    /// <summary>Runs all rows, tells about progress on the error stream, and prints the report.</summary>
    /// <param name="quick">With few runs.</param>
    /// <param name="json">As JSON.</param>
    /// <param name="only">Only the part of this name; null: all.</param>
    public static int Run(bool quick, bool json, string? only)
    {
        var sizes = quick ? RunSizes.Quick : RunSizes.Full;
        var start = Stopwatch.GetTimestamp();
        List<Row> rows = [];
        foreach (var row in Parts.Where(part => only is null || part.Key == only).SelectMany(part => part.Value(sizes)))
        {
            rows.Add(row);
            Console.Error.WriteLine(FormattableString.Invariant($"{Stopwatch.GetElapsedTime(start).TotalSeconds,6:0.0} s  {row.Case}, {row.Tolerance}"));
        }

        var report = new Report(rows, quick ? "quick" : "full", Stopwatch.GetElapsedTime(start));
        Console.WriteLine(json ? JsonReport.Write(report) : TextReport.Write(report));
        return 0;
    }
}
