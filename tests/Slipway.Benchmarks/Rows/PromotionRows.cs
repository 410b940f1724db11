using Slipway.Benchmarks.Reporting;
using Slipway.Benchmarks.Statistics;
using Slipway.Benchmarks.Streams;
using Slipway.Core.Analysis.Power;
using Slipway.Core.Analysis.Promotion;

namespace Slipway.Benchmarks.Rows;

/// <summary>
/// Promotions at the end of a bake, wherever power finds a margin: of releases with a regression of just the margin's size, and of healthy
/// ones. Over base rates of 0.1, 0.5 and 2 %, 10 to 1,000 requests a second, stages of 5, 25 and 50 %, bakes of 15 and 60 minutes.
/// </summary>
internal static class PromotionRows
{
    private const string Section = "Promotion, where a margin can be proven";

    private static readonly (string Name, double Variation)[] Noises = [("clean", 0), ("cv 0.3", 0.3), ("cv 1.0", 1.0)];

    /// <summary>The rows.</summary>
    public static IEnumerable<Row> All(RunSizes sizes)
    {
        foreach (var tolerated in new[] { 1.25, 1.0 })
        {
            foreach (var (name, variation) in Noises) yield return False(sizes, tolerated, name, variation);
            foreach (var (name, variation) in Noises) yield return Healthy(sizes, tolerated, name, variation);
        }
    }

    private static Row False(RunSizes sizes, double tolerated, string name, double variation)
    {
        var cells = Measure(sizes, tolerated, name, variation, margin => margin);
        var worst = cells.MaxBy(cell => cell.Promoted.Rate);
        worst.Promoted = worst.Promoted.WorstOf(cells.Length);
        var all = Sum(cells);
        return Row($"false: regression of the margin's size, {name}", tolerated, all, worst) with
        {
            Goals = [Goal.AtMost("", all, 0.03), Goal.WorstAtMost(worst.Promoted, 0.03)],
        };
    }

    private static Row Healthy(RunSizes sizes, double tolerated, string name, double variation)
    {
        var cells = Measure(sizes, tolerated, name, variation, _ => 1);
        var worst = cells.MinBy(cell => cell.Promoted.Rate);
        worst.Promoted = worst.Promoted.WorstOf(cells.Length);
        var all = Sum(cells);
        return Row($"healthy releases promoted, {name}", tolerated, all, worst) with
        {
            Goals = variation > 0.3 ? [] : [Wanted("", all, variation), Wanted("worst ", worst.Promoted, variation)],
        };
    }

    private static Goal Wanted(string what, Share promoted, double variation) => Goal.AtLeast(what, promoted, variation > 0 ? 0.75 : 0.80);

    private static Row Row(string name, double tolerated, Share all, (string Name, Share Promoted) worst) => new()
    {
        Section = Section,
        Case = name,
        Tolerance = tolerated,
        Runs = (int)all.Of,
        Result = all,
        Worst = worst.Promoted,
        WorstCell = worst.Name,
    };

    private static Share Sum(IEnumerable<(string Name, Share Promoted)> cells) => cells.Aggregate(default(Share), (sum, cell) => sum + cell.Promoted);

    private static (string Name, Share Promoted)[] Measure(RunSizes sizes, double tolerated, string name, double variation, Func<double, double> ratioOf) =>
    [
        .. from rate in new[] { 0.001, 0.005, 0.02 }
           from rps in new[] { 10.0, 100, 1000 }
           from percentage in new[] { 5.0, 25, 50 }
           from bake in new[] { 15, 60 }
           let margin = MarginFinder.Find(new StageTraffic(rps * 60, percentage / 100, rate, bake), tolerated)
           where margin is not null
           let ratio = ratioOf(margin.Ratio)
           let kind = new StreamCase
           {
               Name = FormattableString.Invariant($"promotion {name} {ratio:0.###} {rate} {rps} {percentage} {bake}"),
               Base = rate,
               Rps = rps,
               Ratio = ratio,
               Variation = variation,
               Stages = [(percentage, bake)],
           }
           select (
               FormattableString.Invariant($"{rate * 100} %, {rps} rps, {percentage} % x {bake} min, M {margin.Ratio:0.00}{(margin.AlsoLastHalf ? "" : " whole")}"),
               Promoted(sizes.Promotion, kind, margin)),
    ];

    private static Share Promoted(int runs, StreamCase kind, StageMargin margin)
    {
        var promoted = 0;
        Parallel.For(0, runs, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, run =>
        {
            var series = MinuteStream.Draw(kind, run).Minutes.Aggregate(StageSeries.Empty, (sum, minute) => sum.Add(minute));
            var passes = PromotionRule.Check(series.Whole(), margin.Ratio, 0, PromotionRule.Whole).Excluded
                && (!margin.AlsoLastHalf || PromotionRule.Check(series.LastHalf(), margin.Ratio, 0, PromotionRule.LastHalf).Excluded);
            if (passes) Interlocked.Increment(ref promoted);
        });
        return new Share(promoted, runs);
    }
}
