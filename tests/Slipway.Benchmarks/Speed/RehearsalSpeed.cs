using Slipway.Benchmarks.Rehearsing;

namespace Slipway.Benchmarks.Speed;

/// <summary>What a rehearsal costs: processor time of the whole process, with compiler and collector, when it is warm.</summary>
internal static class RehearsalSpeed
{
    /// <summary>The rows: a quick run measures the day alone.</summary>
    public static async IAsyncEnumerable<SpeedRow> MeasureAsync(SpeedRun run)
    {
        foreach (var plan in RehearsedPlan.All.Where(plan => !run.Quick || plan.GoalMilliseconds is not null))
        {
            foreach (var scenario in plan.Scenarios)
            {
                var cost = await RehearsalCost.MeasureAsync(plan, scenario, run.Size(40, 9), TimeSpan.FromSeconds(run.Size(25, 12)));
                yield return new SpeedRow
                {
                    What = $"{plan.Name}, {scenario}",
                    Result = cost.Median,
                    Unit = "ms",
                    Goal = plan.GoalMilliseconds is { } limit ? new SpeedGoal(limit) : null,
                    Ratio = new SpeedRatio("work of the runtime", ReferenceWork.Microseconds() / 1000 / cost.Median),
                    Repetitions = cost.Runs,
                    Note = FormattableString.Invariant($"{1000 / cost.Mean:0.0} a second, {cost.Hours * 1000 / cost.Mean:#,0} simulated hours a second, {cost.KiloBytes:#,0} KB allocated"),
                };
            }
        }
    }
}
