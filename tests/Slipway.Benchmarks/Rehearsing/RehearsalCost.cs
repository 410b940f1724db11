using Slipway.Benchmarks.Speed;
using Slipway.Rehearsal.Running;
using Slipway.Rehearsal.Scenarios;

namespace Slipway.Benchmarks.Rehearsing;

/// <summary>What one rehearsal of a plan costs.</summary>
/// <param name="Runs">How many were measured.</param>
/// <param name="Hours">Simulated hours of each, mean.</param>
/// <param name="Mean">Milliseconds of processor time of each, mean.</param>
/// <param name="Median">The same, median.</param>
/// <param name="KiloBytes">Allocated by each, mean.</param>
internal sealed record RehearsalCost(int Runs, double Hours, double Mean, double Median, double KiloBytes)
{
    /// <summary>Runs seeds one after the other; throws <see cref="InvalidOperationException"/> when one breaks a promise, since then something else is
    /// measured than what was meant.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="scenario">A scenario of the library.</param>
    /// <param name="runs">How many are measured.</param>
    /// <param name="warmUp">Processor time that is spent before anything is measured, so that what runs is compiled in full.</param>
    public static async Task<RehearsalCost> MeasureAsync(RehearsedPlan plan, string scenario, int runs, TimeSpan warmUp)
    {
        var chosen = ScenarioLibrary.Find(scenario) ?? throw new InvalidOperationException($"There is no scenario {scenario}.");
        var seed = 0;
        for (var begun = SpeedRun.Processor(); seed < 3 || SpeedRun.Processor() - begun < warmUp;) await RunAsync();

        var (took, hours) = (new List<double>(), 0.0);
        var bytes = GC.GetTotalAllocatedBytes();
        for (var run = 0; run < runs; run++)
        {
            var before = SpeedRun.Processor();
            hours += await RunAsync();
            took.Add((SpeedRun.Processor() - before).TotalMilliseconds);
        }

        bytes = GC.GetTotalAllocatedBytes() - bytes;
        took.Sort();
        return new RehearsalCost(runs, hours / runs, took.Average(), took[runs / 2], bytes / 1024.0 / runs);

        async Task<double> RunAsync()
        {
            var run = await Rehearsals.RunAsync(plan.Subject, chosen, ++seed, heads: false, default);
            return run.Broken.Count == 0 ? run.Hours : throw new InvalidOperationException($"{plan.Name}, {scenario}, seed {seed}: {string.Join("; ", run.Broken)}");
        }
    }
}
