using Slipway.Benchmarks.Measuring;
using Slipway.Benchmarks.Reporting;
using Slipway.Benchmarks.Statistics;
using Slipway.Benchmarks.Streams;
using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Judging;

namespace Slipway.Benchmarks.Rows;

/// <summary>
/// The shipped product whole: the default plan, its decision matrix and triggers, errors and latencies, judged by what the server judges
/// with. Everything is left to its defaults, and so are the limits: 0.5 % of errors, a p95 of 500 ms.
/// </summary>
internal static class ProductRows
{
    private const string Section = "The shipped product whole: 10 % for 2 h, 50 % for 4 h";

    private static readonly IReleaseJudge Judge = new EvidenceJudge();

    private static readonly double[] Below = [0.001, 0.003], UpToTheLimit = [0.001, 0.003, 0.005], AtTheLimit = [0.005];

    /// <summary>The rows. A base rate of 0.5 % is the limit itself: with noise it is beyond it half of the time, and no goal is set.</summary>
    public static IEnumerable<Row> All(RunSizes sizes)
    {
        yield return Null(sizes, "clean", UpToTheLimit, stream => stream, true);
        yield return Null(sizes, "own noise cv 0.3", Below, stream => stream with { Variation = 0.3 }, true);
        yield return Null(sizes, "20x shock in the canary alone, one minute", Below, stream => stream with { Shock = true }, true);
        yield return Null(sizes, "own noise cv 0.3 at the limit", AtTheLimit, stream => stream with { Variation = 0.3 }, false);
        yield return Found(sizes, "2x errors, 100 rps, 0.3 %", new ProductStream("product 2x", 100, 0.003) { Ratio = 2 });
        yield return Found(sizes, "5x errors, 100 rps, 0.3 %", new ProductStream("product 5x", 100, 0.003) { Ratio = 5 });
        yield return Found(sizes, "50x errors, 100 rps, 0.3 %", new ProductStream("product 50x", 100, 0.003) { Ratio = 50 });
        yield return Found(sizes, "2x latency, 100 rps", new ProductStream("product slower", 100, 0.003) { Slower = 2 });
    }

    private static Row Null(RunSizes sizes, string name, double[] bases, Func<ProductStream, ProductStream> change, bool goal)
    {
        var cells = (
            from rate in bases
            from rps in sizes.Product > 5 ? new[] { 10.0, 100, 1000 } : [100.0]
            let cell = FormattableString.Invariant($"{rate * 100} %, {rps} rps")
            select (Name: cell, Results: Run(sizes.Product, 2, change(new ProductStream($"product {name} {cell}", rps, rate))))).ToArray();
        var all = Failed([.. cells.SelectMany(cell => cell.Results)]);
        var worst = cells.Select(cell => (cell.Name, Share: Failed(cell.Results))).MaxBy(cell => cell.Share.Rate);
        return new Row
        {
            Section = Section,
            Case = $"healthy, {name}",
            Runs = (int)all.Of,
            Result = all,
            Worst = worst.Share.WorstOf(cells.Length),
            WorstCell = worst.Name,
            Goals = goal ? [Goal.AtMost("", all, 0.01)] : [],
        };
    }

    private static Share Failed(ProductRun[] results) => new(results.Count(run => run.Failed is not null), results.Length);

    private static Row Found(RunSizes sizes, string name, ProductStream stream)
    {
        var found = Detections.Of([.. Run(sizes.Product, 2, stream).Select(run => new JudgedRun(run.Failed, Harm(stream, run.Failed)))], 0);
        return new Row { Section = Section, Case = name, Runs = sizes.Product, Result = found.Caught, Detections = found };
    }

    /// <summary>Expected bad requests above the healthy rate, until the verdict or through the first stage.</summary>
    private static double Harm(ProductStream stream, int? failed) =>
        (Math.Min(failed ?? 119, 119) + 1) * stream.Rps * 60 * 0.1 * stream.Base * (stream.Ratio - 1);

    private static ProductRun[] Run(int runs, int stages, ProductStream stream)
    {
        var results = new ProductRun[runs];
        Parallel.For(0, runs, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, run =>
            results[run] = ProductRun.Of(Judge, ProductRun.DefaultPlan, stages, stream, run));
        return results;
    }
}
