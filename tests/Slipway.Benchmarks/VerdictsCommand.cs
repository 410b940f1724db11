using System.Diagnostics;
using Slipway.Benchmarks.Reporting;
using Slipway.Benchmarks.Rows;

namespace Slipway.Benchmarks;

/// <summary>Measures everything and prints it.</summary>
internal static class VerdictsCommand
{
    /// <summary>Runs all rows, tells about progress on the error stream, and prints the report.</summary>
    public static int Run(bool quick, bool json)
    {
        var sizes = quick ? RunSizes.Quick : RunSizes.Full;
        var start = Stopwatch.GetTimestamp();
        List<Row> rows = [];
        foreach (var row in Rows(sizes))
        {
            rows.Add(row);
            Console.Error.WriteLine(FormattableString.Invariant($"{Stopwatch.GetElapsedTime(start).TotalSeconds,6:0.0} s  {row.Case}, {row.Tolerance}"));
        }

        var report = new Report(rows, quick ? "quick" : "full", Stopwatch.GetElapsedTime(start));
        Console.WriteLine(json ? JsonReport.Write(report) : TextReport.Write(report));
        return 0;
    }

    /// <summary>One after the other, so that each is reported when it is done.</summary>
    private static IEnumerable<Row> Rows(RunSizes sizes) => NullRows.All(sizes)
        .Concat(DetectionRows.All(sizes))
        .Concat(LatencyRows.All(sizes))
        .Concat(PromotionRows.All(sizes))
        .Concat(PowerRows.All(sizes))
        .Concat(CostRows.All(sizes));
}
