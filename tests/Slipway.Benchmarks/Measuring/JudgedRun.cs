using Slipway.Benchmarks.Judges;
using Slipway.Benchmarks.Streams;

namespace Slipway.Benchmarks.Measuring;

/// <summary>What one judge did in one run.</summary>
/// <param name="Alarm">The minute after which it rolled back, 0 first; null: never.</param>
/// <param name="Harmed">Bad canary requests above the healthy rate from the regression's start until then, or until the end.</param>
internal readonly record struct JudgedRun(int? Alarm, double Harmed);

/// <summary>Runs judges over streams, on all cores; the results do not depend on how many there are.</summary>
internal static class Judging
{
    /// <summary>By judge, by run.</summary>
    /// <param name="runs">How many runs.</param>
    /// <param name="from">The first minute of the regression.</param>
    /// <param name="draw">Draws the stream of one run.</param>
    /// <param name="judges">The judges; each sees the same streams.</param>
    /// <param name="ours">So many of them, from the first, see all runs.</param>
    /// <param name="rivalRuns">The others see only the first so many.</param>
    public static JudgedRun[][] Run(
        int runs, int from, Func<int, ReleaseStream> draw, IReadOnlyList<IStreamJudge> judges, int ours = int.MaxValue, int rivalRuns = int.MaxValue)
    {
        var results = judges.Select((_, judge) => new JudgedRun[judge < ours ? runs : Math.Min(runs, rivalRuns)]).ToArray();
        Parallel.For(0, runs, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, run =>
        {
            var stream = draw(run);
            for (var judge = 0; judge < judges.Count; judge++)
            {
                if (run >= results[judge].Length) break;
                var alarm = judges[judge].FirstAlarm(stream);
                results[judge][run] = new JudgedRun(alarm, Harm(stream, from, alarm));
            }
        });
        return results;
    }

    private static double Harm(ReleaseStream stream, int from, int? alarm)
    {
        double harm = 0;
        for (var minute = from; minute <= (alarm ?? stream.Minutes.Length - 1); minute++)
            harm += stream.Minutes[minute].CanaryBad - (stream.HealthyRate * stream.Minutes[minute].Canary);
        return harm;
    }
}
