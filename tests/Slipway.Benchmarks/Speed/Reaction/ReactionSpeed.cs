namespace Slipway.Benchmarks.Speed.Reaction;

/// <summary>From the observation, stored, that a release is taken back for, to every flag verified off, with nobody else to look after and with many.</summary>
internal static class ReactionSpeed
{
    /// <summary>The rows.</summary>
    public static async IAsyncEnumerable<SpeedRow> MeasureAsync(SpeedRun run)
    {
        var alone = new ReactionCase(1, TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(200));
        List<ReactionTime> single = [];
        for (var repetition = 0; repetition < run.Size(15, 1); repetition++)
        {
            await using var reactions = await Reactions.StartAsync(alone);
            single.AddRange(await reactions.BreakAsync(1));
        }

        foreach (var row in Rows(alone, single, 1, 1000)) yield return row;
        var few = new ReactionCase(run.Size(100, 20), TimeSpan.FromSeconds(run.Size(2, 1)), TimeSpan.FromMilliseconds(run.Size(500, 200)));
        await foreach (var row in CrowdAsync(few, run.Size(2, 1), run.Size(25, 2), limit: null, all: !run.Quick)) yield return row;
        if (run.Quick) yield break;
        await foreach (var row in CrowdAsync(new ReactionCase(1000, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1)), 10, 10, 5000, all: true)) yield return row;
    }

    /// <summary>A few of a crowd break in each interval; then, where that is asked for, all that are left at the same moment.</summary>
    private static async IAsyncEnumerable<SpeedRow> CrowdAsync(ReactionCase kind, int atATime, int times, double? limit, bool all)
    {
        await using var reactions = await Reactions.StartAsync(kind);
        List<ReactionTime> took = [];
        var rounds = new List<Task<IReadOnlyList<ReactionTime>>>();
        for (var time = 0; time < times; time++)
        {
            rounds.Add(reactions.BreakAsync(atATime));
            await Task.Delay(kind.Interval);
        }

        foreach (var round in rounds) took.AddRange(await round);
        foreach (var row in Rows(kind, took, atATime, limit)) yield return row;
        if (!all) yield break;
        var left = reactions.Healthy;
        double[] together = [.. (await reactions.BreakAsync(left)).Select(one => one.Decided)];
        yield return new SpeedRow
        {
            What = FormattableString.Invariant($"all that are left of {kind.Releases:#,0} at once, p99"),
            Result = SpeedRun.Percentile(together, 0.99),
            Unit = "ms",
            Note = FormattableString.Invariant($"{left:#,0} break in the same interval; p50 {SpeedRun.Percentile(together, 0.5):#,0} ms, last {together.Max():#,0} ms; the budget is 300,000 ms"),
        };
    }

    private static IEnumerable<SpeedRow> Rows(ReactionCase kind, IReadOnlyList<ReactionTime> took, int atATime, double? limit)
    {
        var of = kind.Releases == 1 ? "1 release" : FormattableString.Invariant($"1 of {kind.Releases:#,0} releases");
        double[] decided = [.. took.Select(one => one.Decided)];
        yield return new SpeedRow
        {
            What = $"{of}, p50",
            Result = SpeedRun.Percentile(decided, 0.5),
            Unit = "ms",
            Repetitions = took.Count,
            Note = FormattableString.Invariant($"intervals of {kind.Interval.TotalSeconds:0} s, judged {kind.Delay.TotalMilliseconds:0} ms after their end, which is in it; {atATime} in an interval; since the first bad observation, which a second one confirms: {SpeedRun.Percentile(took.Select(one => one.First), 0.5):#,0} ms"),
        };
        yield return new SpeedRow
        {
            What = $"{of}, p99",
            Result = SpeedRun.Percentile(decided, 0.99),
            Unit = "ms",
            Goal = limit is { } most ? new SpeedGoal(most) : null,
            Repetitions = took.Count,
        };
    }
}
