using Slipway.Benchmarks.Judges;
using Slipway.Benchmarks.Measuring;
using Slipway.Benchmarks.Reporting;
using Slipway.Benchmarks.Streams;
using Slipway.Core.Analysis.Power;

namespace Slipway.Benchmarks.Rows;

/// <summary>What power foretells against what happens: regressions that begin with a stage after healthy stages before it.</summary>
internal static class PowerRows
{
    private const string Section = "Power: foretold and simulated";

    private static readonly double[] Percentages = [5, 25, 50];

    /// <summary>The rows.</summary>
    public static IEnumerable<Row> All(RunSizes sizes)
    {
        (double Rps, double Ratio, int Stage, int Bake)[] kinds =
        [
            (1000, 2, 0, 15), (1000, 3, 0, 15), (1000, 1.5, 2, 15),
            (100, 3, 0, 15), (100, 5, 0, 15), (100, 10, 0, 15), (100, 2, 0, 60), (100, 2, 1, 15), (100, 3, 1, 15), (100, 2, 2, 15),
            (10, 10, 0, 15), (10, 5, 0, 60), (10, 5, 1, 15), (10, 3, 2, 15),
        ];
        foreach (var tolerated in new[] { 1.25, 1.0 })
            foreach (var (rps, ratio, stage, bake) in kinds)
                yield return Measure(sizes, tolerated, rps, ratio, stage, bake);
    }

    private static Row Measure(RunSizes sizes, double tolerated, double rps, double ratio, int stage, int bake)
    {
        var traffics = Percentages.Select(percentage => new StageTraffic(rps * 60, percentage / 100, 0.005, bake)).ToArray();
        var planned = bake * Percentages.Length;
        var foretold = DetectionPower.Expect(new PlannedTest(tolerated, RatioJudge.Alpha, planned), traffics[..stage], traffics[stage], ratio);

        // The stage is the release's last here: what is not found within its bake is not found.
        var kind = new StreamCase
        {
            Name = FormattableString.Invariant($"power {rps} {ratio} {stage} {bake}"),
            Rps = rps,
            Ratio = ratio,
            From = stage * bake,
            Stages = [.. Percentages.Take(stage + 1).Select(percentage => (percentage, bake))],
        };
        var found = Detections.Of(
            Judging.Run(sizes.Power, kind.From, run => MinuteStream.Draw(kind, run), [RatioJudge.Ours(tolerated, planned)])[0], kind.From);
        return new Row
        {
            Section = Section,
            Case = FormattableString.Invariant($"{ratio}x at {Percentages[stage]} % of {rps} rps, {bake} min"),
            Tolerance = tolerated,
            Runs = sizes.Power,
            Result = found.Caught,
            Detections = found,
            Figures = [("foretold minutes", foretold.Intervals ?? double.PositiveInfinity), ("foretold %", Math.Round(100 * foretold.Chance)), ("foretold harm", Math.Round(foretold.Harmed))],
            Goals = [Agrees(foretold, found, bake)],
        };
    }

    /// <summary>Within 15 % of the median, or the one minute to which it is rounded; where about half are found, either may be "never".</summary>
    private static Goal Agrees(ExpectedDetection foretold, Detections found, int bake)
    {
        var (told, seen) = (foretold.Intervals ?? bake + 1.0, Math.Min(found.Median, bake + 1));
        return new Goal("+-15 % or 1 min", Math.Abs(told - seen) <= Math.Max(1, 0.15 * seen) ? GoalState.Met : GoalState.Missed);
    }
}
