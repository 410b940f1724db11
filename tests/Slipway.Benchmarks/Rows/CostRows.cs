using System.Diagnostics;
using Slipway.Benchmarks.Judges;
using Slipway.Benchmarks.Reporting;
using Slipway.Benchmarks.Streams;
using Slipway.Core.Analysis.Power;
using Slipway.Core.Analysis.Promotion;
using Slipway.Core.Analysis.Sequential;

namespace Slipway.Benchmarks.Rows;

/// <summary>What one interval costs: the update of the test with its check; and the promotion rule.</summary>
internal static class CostRows
{
    private const string Section = "Cost, on one core";

    private static readonly StreamCase Kind = new() { Name = "cost", Variation = 0.3 };

    /// <summary>The rows. Everything has run often enough to be compiled in full before it is timed; the best of five parts counts, since
    /// other programs on the machine only ever add time.</summary>
    public static IEnumerable<Row> All(RunSizes sizes)
    {
        var minutes = MinuteStream.Draw(Kind, 0).Minutes;
        var test = new RatioTest(RatioJudge.Alpha, minutes.Length);
        var state = new RatioTestState();
        var offset = Math.Log(1.25);
        var rejected = 0;
        var (micros, bytes) = Time(sizes.Updates, i =>
        {
            test.Update(state, minutes[i % minutes.Length], offset);
            if (test.Rejects(state)) rejected++;
        });
        yield return Row("one update with its check", sizes.Updates, micros, bytes) with
        {
            Goals = [Goal.AtMost("microseconds ", micros, 15), Goal.AtMost("bytes ", bytes, 0)],
        };

        var series = minutes.Take(15).Aggregate(StageSeries.Empty, (sum, minute) => sum.Add(minute));
        (micros, bytes) = Time(sizes.Updates / 10, i => PromotionRule.Check(series.Whole(), 2, 0, PromotionRule.Whole));
        yield return Row("one check of the promotion rule", sizes.Updates / 10, micros, bytes);

        var stage = new StageTraffic(6000, 0.25, 0.005, 60);
        (micros, bytes) = Time(Math.Max(20, sizes.Updates / 5000), _ => DetectionPower.Smallest(new PlannedTest(1.25, 0.004, 180), [stage], stage));
        yield return Row("power of one stage of an hour", Math.Max(20, sizes.Updates / 5000), micros, bytes);
    }

    private static Row Row(string name, int times, double micros, double bytes) => new()
    {
        Section = Section,
        Case = name,
        Runs = times,
        Figures = [("microseconds", Math.Round(micros, 2)), ("bytes", Math.Round(bytes, 1))],
    };

    private static (double Micros, double Bytes) Time(int times, Action<int> work)
    {
        for (var i = 0; i < times / 4; i++) work(i);
        Thread.Sleep(200);
        for (var i = 0; i < times / 4; i++) work(i);
        var best = TimeSpan.MaxValue;
        var part = times / 5;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var repeat = 0; repeat < 5; repeat++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < part; i++) work(i);
            var took = Stopwatch.GetElapsedTime(start);
            if (took < best) best = took;
        }

        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        return (best.TotalMicroseconds / part, bytes / (5.0 * part));
    }
}
