using System.Diagnostics;
using Slipway.Benchmarks.Judges;
using Slipway.Benchmarks.Measuring;
using Slipway.Benchmarks.Reporting;
using Slipway.Benchmarks.Streams;
using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Judging;
using Slipway.Core.Analysis.Sequential;

namespace Slipway.Benchmarks.Speed;

/// <summary>What judging costs: the update of one test, and a whole release's look at its next minute among many releases. How good the verdicts are is
/// another table (<c>verdicts</c>).</summary>
internal static class VerdictSpeed
{
    private static readonly StreamCase Kind = new() { Name = "speed", Variation = 0.3 };

    /// <summary>The rows.</summary>
    public static async IAsyncEnumerable<SpeedRow> MeasureAsync(SpeedRun run)
    {
        var update = await UpdatesAsync(run);
        yield return new SpeedRow
        {
            What = "one update of a test, with its check",
            Result = update.Nanoseconds,
            Unit = "ns",
            Goal = new SpeedGoal(15_000),
            Ratio = new SpeedRatio("work of the runtime", update.Ratio),
            Repetitions = run.Repetitions,
        };
        yield return new SpeedRow { What = "allocated by it", Result = update.Bytes, Unit = "bytes", Goal = new SpeedGoal(0), Repetitions = run.Repetitions };

        var judged = await ReleasesAsync(run);
        yield return new SpeedRow
        {
            What = "releases under way that are judged each minute",
            Result = judged.AMinute,
            Unit = "releases",
            Goal = new SpeedGoal(10_000, AtLeast: true),
            Ratio = new SpeedRatio("work of the runtime", judged.Ratio),
            Repetitions = run.Repetitions,
            Note = FormattableString.Invariant($"{judged.Releases:#,0} held, in minutes 1 to {judged.Minutes} of their first stage; {judged.KiloBytes:0} KB allocated each"),
        };
        if (!run.Quick) yield return Quality();
    }

    /// <summary>Of the table that <c>verdicts</c> prints, in how many rows the goal is missed at its quick sizes: for information, since few runs tell little.</summary>
    private static SpeedRow Quality()
    {
        var states = VerdictsCommand.Parts.Where(part => part.Key != "cost").SelectMany(part => part.Value(RunSizes.Quick)).Where(row => row.Goals.Count > 0)
            .GroupBy(row => row.State).ToDictionary(group => group.Key, group => group.Count());
        return new SpeedRow
        {
            What = "rows of the table of verdicts (verdicts --quick) whose goal is missed",
            Result = states.GetValueOrDefault(GoalState.Missed),
            Unit = "rows",
            Note = FormattableString.Invariant($"{states.GetValueOrDefault(GoalState.Met)} met, {states.GetValueOrDefault(GoalState.Open)} open: too few runs to tell"),
        };
    }

    private static async Task<(double Nanoseconds, double Bytes, double Ratio)> UpdatesAsync(SpeedRun run)
    {
        var minutes = MinuteStream.Draw(Kind, 0).Minutes;
        var test = new RatioTest(RatioJudge.Alpha, minutes.Length);
        var state = new RatioTestState();
        var offset = Math.Log(1.25);
        var (times, rejected, bytes) = (run.Size(200_000, 40_000), 0, 0.0);
        Pass();
        await Task.Delay(300); // The runtime compiles what ran often, in the background.
        Pass();
        var (nanoseconds, _, ratio) = await run.SideBySideAsync(() => Task.FromResult(Pass()), () => Task.FromResult(ReferenceWork.Microseconds() * 1000));
        return (nanoseconds, bytes, ratio);

        double Pass()
        {
            var (before, start) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
            for (var i = 0; i < times; i++)
            {
                test.Update(state, minutes[i % minutes.Length], offset);
                if (test.Rejects(state)) rejected++;
            }

            var took = Stopwatch.GetElapsedTime(start);
            bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / times;
            return took.TotalNanoseconds / times;
        }
    }

    /// <summary>
    /// Many releases are held, each somewhere in its first stage, and each is judged for its next minute, one after the other on this thread: what a host
    /// with so many releases does each minute.
    /// </summary>
    private static async Task<(double AMinute, double Ratio, int Releases, int Minutes, double KiloBytes)> ReleasesAsync(SpeedRun run)
    {
        var (releases, minutes) = (run.Size(10_000, 300), run.Size(60, 20));
        var plan = ProductRun.DefaultPlan;
        var judge = new EvidenceJudge();
        var streams = Enumerable.Range(0, Math.Min(releases, 100))
            .Select(stream => new ProductStream("speed", 100, 0.005) { Variation = 0.2 }.Rows(plan, 1, stream).Take(minutes + run.Repetitions + 1).ToArray()).ToArray();
        var states = new JudgeState?[releases];
        var next = new int[releases];
        for (var release = 0; release < releases; release++)
        {
            for (var minute = 0; minute < release % minutes; minute++) Judge(release);
        }

        var bytes = 0.0;
        var (micros, _, ratio) = await run.SideBySideAsync(() => Task.FromResult(Round()), () => Task.FromResult(ReferenceWork.Microseconds()));
        return (60e6 / micros, ratio, releases, minutes, bytes / 1024);

        double Round()
        {
            var (before, start) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
            for (var release = 0; release < releases; release++) Judge(release);
            var took = Stopwatch.GetElapsedTime(start);
            bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)releases;
            return took.TotalMicroseconds / releases;
        }

        void Judge(int release)
        {
            var (stage, row) = streams[release % streams.Length][next[release]++];
            states[release] = judge.Judge(plan, states[release], stage, [row], row.End).State;
        }
    }
}
