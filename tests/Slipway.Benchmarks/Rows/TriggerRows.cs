using Slipway.Benchmarks.Measuring;
using Slipway.Benchmarks.Reporting;
using Slipway.Benchmarks.Statistics;
using Slipway.Benchmarks.Streams;
using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Triggers;
using Slipway.Core.Requests;
using Slipway.Core.Strategies;

namespace Slipway.Benchmarks.Rows;

/// <summary>
/// The default plan's triggers alone, without any evidence of a sequential test, over the first stage of 10 % for two hours; beside them a
/// plain "error rate above 0.5 %" on samples of one minute.
/// </summary>
internal static class TriggerRows
{
    private const string Section = "False crossings of the triggers in a healthy canary of 2 h";

    private static readonly double[] Below = [0.001, 0.003], UpToTheLimit = [0.001, 0.003, 0.005], AtTheLimit = [0.005];

    /// <summary>The rows. A base rate of 0.5 % is the limit itself: with noise it is beyond it half of the time, and no goal is set.</summary>
    public static IEnumerable<Row> All(RunSizes sizes)
    {
        yield return Null(sizes, "clean", UpToTheLimit, stream => stream, true);
        yield return Null(sizes, "own noise cv 0.3", Below, stream => stream with { Variation = 0.3 }, true);
        yield return Null(sizes, "20x shock in the canary alone, one minute", Below, stream => stream with { Shock = true }, true);
        yield return Null(sizes, "own noise cv 0.3 at the limit", AtTheLimit, stream => stream with { Variation = 0.3 }, false);
    }

    private static Row Null(RunSizes sizes, string name, double[] bases, Func<ProductStream, ProductStream> change, bool goal)
    {
        var cells = (
            from rate in bases
            from rps in new[] { 10.0, 100, 1000 }
            let cell = FormattableString.Invariant($"{rate * 100} %, {rps} rps")
            select (Name: cell, Results: Run(sizes.Triggers, change(new ProductStream($"triggers {name} {cell}", rps, rate))))).ToArray();
        (bool Crossed, bool Plain)[] all = [.. cells.SelectMany(cell => cell.Results)];
        var worst = cells.Select(cell => (cell.Name, Share: Crossed(cell.Results))).MaxBy(cell => cell.Share.Rate);
        return new Row
        {
            Section = Section,
            Case = name,
            Runs = all.Length,
            Result = Crossed(all),
            Worst = worst.Share.WorstOf(cells.Length),
            WorstCell = worst.Name,
            Goals = goal ? [Goal.AtMost("", Crossed(all), 0.001)] : [],
            Figures = [("plain > 0.5 % each minute, %", Math.Round(100.0 * all.Count(run => run.Plain) / all.Length, 1))],
        };
    }

    private static Share Crossed((bool Crossed, bool Plain)[] results) => new(results.Count(run => run.Crossed), results.Length);

    private static (bool Crossed, bool Plain)[] Run(int runs, ProductStream stream)
    {
        var results = new (bool, bool)[runs];
        Parallel.For(0, runs, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, run => results[run] = Watch(stream, run));
        return results;
    }

    private static (bool Crossed, bool Plain) Watch(ProductStream stream, int run)
    {
        var plan = ProductRun.DefaultPlan;
        var longest = TriggerWatch.Longest(plan);
        var state = new JudgeState { JudgedUntil = ProductStream.Start };
        var (crossed, plain) = (false, false);
        foreach (var (stage, row) in stream.Rows(plan, 1, run))
        {
            plain |= row.Canary is { Requests: > 0 } canary && canary.Errors > 0.005 * canary.Requests;
            if (crossed) continue;
            state = state with { JudgedUntil = row.End, Recent = [.. state.Recent.Where(kept => kept.End > row.End - longest), row] };
            var look = TriggerWatch.Look(plan, state, stage, StageSight.Of(plan, stage), row.End, (_, _) => 0);
            state = state with { CrossedSince = look.Since, CrossedWindows = look.Windows };
            crossed = look.Due.Any(finding => finding.Action == TriggerAction.AutoRollback);
        }

        return (crossed, plain);
    }
}
