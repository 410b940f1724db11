using System.Diagnostics;
using System.Globalization;
using Slipway.Benchmarks.Rehearsing;

namespace Slipway.Benchmarks;

/// <summary>Measures what rehearsals cost and prints it.</summary>
internal static class RehearsalsCommand
{
    /// <summary>Measures the plans one after the other, each on one core, and prints a line each.</summary>
    /// <param name="quick">With few runs.</param>
    public static async Task<int> RunAsync(bool quick)
    {
        var start = Stopwatch.GetTimestamp();
        Console.WriteLine($"Rehearsals, {(quick ? "quick" : "full")}: one after the other, processor time of the whole process (with compiler and collector), warm");
        Console.WriteLine($"{"plan",-28} {"scenario",-10} {"runs",5} {"hours each",11} {"ms each",9} {"median ms",10} {"kB each",9} {"runs/s",8} {"sim. hours/s",13}  goal");
        foreach (var plan in RehearsedPlan.All)
        {
            foreach (var scenario in plan.Scenarios)
            {
                var cost = await RehearsalCost.MeasureAsync(plan, scenario, quick ? 5 : 40);
                var goal = plan.GoalMilliseconds is { } limit ? string.Create(CultureInfo.InvariantCulture, $"<= {limit:0} ms: {(cost.Median <= limit ? "met" : "MISSED")}") : "";
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{plan.Name,-28} {scenario,-10} {cost.Runs,5} {cost.Hours,11:0.0} {cost.Mean,9:0.0} {cost.Median,10:0.0} {cost.KiloBytes,9:0} {1000 / cost.Mean,8:0.0} {cost.Hours * 1000 / cost.Mean,13:0}  {goal}"));
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"took {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s"));
        return 0;
    }
}
