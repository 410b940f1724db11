namespace Slipway.Benchmarks.Speed.Engine;

/// <summary>The embedded engine over its file: how much it does, what its histories cost, and what it costs to have many releases that wait.</summary>
internal static class EngineSpeed
{
    /// <summary>A goal of the same cost within ten percent.</summary>
    private const double Flat = 110;

    /// <summary>The rows.</summary>
    public static async IAsyncEnumerable<SpeedRow> MeasureAsync(SpeedRun run)
    {
        var (orchestrations, activities) = (run.Size(200, 100), run.Size(50, 10));
        var completions = await Completions.MeasureAsync(run, orchestrations, activities);
        yield return new SpeedRow
        {
            What = "durable activity completions",
            Result = completions.ASecond,
            Unit = "a second",
            Goal = new SpeedGoal(2000, AtLeast: true),
            Ratio = new SpeedRatio("single commits of SQLite", completions.Ratio, Guarded: false),
            Repetitions = run.Repetitions,
            Note = FormattableString.Invariant($"{orchestrations} orchestrations, one activity after the other in each; SQLite alone: {completions.Commits:#,0} commits a second, all synchronous=FULL"),
        };

        await foreach (var row in HistoryRowsAsync(run)) yield return row;
        await foreach (var row in IdleRowsAsync(run)) yield return row;
    }

    private static async IAsyncEnumerable<SpeedRow> HistoryRowsAsync(SpeedRun run)
    {
        int[] lengths = run.Size<int[]>([10, 1000, 100_000], [10, 1000, 10_000]);
        var activities = run.Size(60, 40);
        await using var histories = new Histories();
        var longest = await histories.GrowAsync(lengths[^1]);
        var costs = lengths.Select(_ => new List<EventCost>()).ToArray();
        for (var repetition = -1; repetition < 4 * run.Repetitions; repetition++)
        {
            for (var i = 0; i < lengths.Length; i++)
            {
                // The longest is long enough to stay what it is; the others would grow by what they are measured with.
                var id = i == lengths.Length - 1 ? longest : await histories.GrowAsync(lengths[i]);
                var cost = await histories.CostAsync(id, activities);
                if (repetition >= 0) costs[i].Add(cost);
                if (id != longest) await histories.EndAsync(id);
            }
        }

        var medians = costs.Select(list => SpeedRun.Median(list.Select(cost => cost.Processor))).ToArray();
        var reference = ReferenceWork.Microseconds();
        for (var i = 0; i < lengths.Length; i++)
        {
            yield return new SpeedRow
            {
                What = FormattableString.Invariant($"one completion behind {lengths[i]:#,0} events"),
                Result = medians[i],
                Unit = "µs",
                Repetitions = costs[i].Count,
                Ratio = new SpeedRatio("work of the runtime", reference / medians[i], Guarded: false),
                Note = FormattableString.Invariant($"processor time of the process; {SpeedRun.Median(costs[i].Select(cost => cost.Elapsed)):0} µs with its commit, alone"),
            };
        }

        var flat = SpeedRun.Median(costs[0].Zip(costs[^1], (few, many) => few.Processor / many.Processor));
        yield return new SpeedRow
        {
            What = FormattableString.Invariant($"its cost behind {lengths[^1]:#,0} events, of that behind {lengths[0]}"),
            Result = 100 / flat,
            Unit = "%",
            Goal = new SpeedGoal(Flat),
            Ratio = new SpeedRatio(FormattableString.Invariant($"behind {lengths[0]} events"), flat),
            Repetitions = costs[0].Count,
        };

        var seconds = new List<double>();
        for (var repetition = 0; repetition < run.Repetitions; repetition++) seconds.Add(await histories.ReplayAsync(longest));
        var replay = SpeedRun.Median(seconds);
        yield return new SpeedRow
        {
            What = "replay",
            Result = lengths[^1] / replay,
            Unit = "events a second",
            Repetitions = run.Repetitions,
            Ratio = new SpeedRatio("work of the runtime, an event", ReferenceWork.Microseconds() / (replay * 1e6 / lengths[^1])),
            Note = FormattableString.Invariant($"a history of {lengths[^1]:#,0} events from the file until the next activity ran: {replay * 1000:0} ms"),
        };
    }

    private static async IAsyncEnumerable<SpeedRow> IdleRowsAsync(SpeedRun run)
    {
        var releases = run.Size(10_000, 1000);
        using (var idle = await IdleReleases.MakeAsync(releases))
        {
            // Memory is that of the first: what an earlier host leaves to be collected would be in the way of a later one.
            List<(double Start, double Open, double Bytes)> starts = [];
            for (var repetition = 0; repetition < run.Size(3, 1); repetition++) starts.Add(await idle.StartAsync());
            yield return new SpeedRow
            {
                What = "memory of an idle release",
                Result = starts[0].Bytes / 1024,
                Unit = "KB",
                Goal = new SpeedGoal(20),
                Note = FormattableString.Invariant($"{releases:#,0} in one process, each asked its approvers and waits; managed heap after a sweep"),
            };
            yield return new SpeedRow
            {
                What = FormattableString.Invariant($"start-up with {releases:#,0} releases in the file"),
                Result = SpeedRun.Median(starts.Select(one => one.Start)),
                Unit = "s",
                Goal = new SpeedGoal(2),
                Repetitions = starts.Count,
                Note = FormattableString.Invariant($"{idle.MegaBytes:#,0} MB; until one obeyed a command, {SpeedRun.Median(starts.Select(one => one.Open)):0.0} s of it until the file was checked and open"),
            };
        }

        var sleepers = run.Size(10_000, 1000);
        var (over, ahead) = (TimeSpan.FromSeconds(run.Size(60, 1)), TimeSpan.FromSeconds(run.Size(60, 6)));
        var late = await IdleTimers.MeasureAsync(sleepers, over, ahead);
        yield return new SpeedRow
        {
            What = FormattableString.Invariant($"how late timers wake {sleepers:#,0} idle orchestrations, p99"),
            Result = SpeedRun.Percentile(late, 0.99),
            Unit = "ms",
            Goal = new SpeedGoal(100),
            Note = FormattableString.Invariant($"p50 {SpeedRun.Percentile(late, 0.5):0.0} ms, latest {late.Max():0} ms; over {over.TotalSeconds:0} s, until the next activity ran"),
        };
    }
}
