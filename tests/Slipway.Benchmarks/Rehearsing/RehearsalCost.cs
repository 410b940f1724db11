using System.Diagnostics;
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
    /// <summary>Processor time that is spent before anything is measured, so that what runs is compiled in full.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(8);

    /// <summary>Runs seeds one after the other; throws <see cref="InvalidOperationException"/> when one breaks a promise, since then something else is
    /// measured than what was meant.</summary>
    public static async Task<RehearsalCost> MeasureAsync(RehearsedPlan plan, string scenario, int runs)
    {
        var chosen = ScenarioLibrary.Find(scenario) ?? throw new InvalidOperationException($"There is no scenario {scenario}.");
        var seed = 0;
        for (var begun = Processor(); seed < 3 || Processor() - begun < WarmUp;) await RunAsync();

        var (took, hours) = (new List<double>(), 0.0);
        var bytes = GC.GetTotalAllocatedBytes();
        for (var run = 0; run < runs; run++)
        {
            var before = Processor();
            hours += await RunAsync();
            took.Add((Processor() - before).TotalMilliseconds);
        }

        bytes = GC.GetTotalAllocatedBytes() - bytes;
        took.Sort();
        return new RehearsalCost(runs, hours / runs, took.Average(), took[runs / 2], bytes / 1024.0 / runs);

        async Task<double> RunAsync()
        {
            var run = await Rehearsals.RunAsync(plan.Subject, chosen, ++seed, default);
            return run.Broken.Count == 0 ? run.Hours : throw new InvalidOperationException($"{plan.Name}, {scenario}, seed {seed}: {string.Join("; ", run.Broken)}");
        }
    }

    private static TimeSpan Processor()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }
}
