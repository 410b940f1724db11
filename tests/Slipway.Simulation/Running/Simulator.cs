using System.Collections.Concurrent;
using Slipway.Simulation.Cases;
using Slipway.Simulation.Reporting;
using Slipway.Simulation.World;

namespace Slipway.Simulation.Running;

/// <summary>Runs many seeds side by side; what comes out does not depend on which ends first.</summary>
internal static class Simulator
{
    /// <summary>Runs the seeds from <paramref name="first"/> on.</summary>
    /// <param name="first">The first seed.</param>
    /// <param name="runs">How many, 1 or more.</param>
    /// <param name="mutation">A planted bug; null: none.</param>
    /// <param name="mostFindings">After so many findings the rest is not run.</param>
    /// <param name="until">Nothing more is begun after this; null: all are run.</param>
    /// <param name="progress">Told of how many runs are done, now and then; null: nobody.</param>
    /// <param name="found">Told of each finding when it is made, hours before the last run perhaps; null: nobody.</param>
    public static async Task<SimulationReport> RunAsync(
        long first, int runs, Mutation? mutation, int mostFindings, Func<bool>? until, Action<SimulationReport>? progress, Action<Finding>? found = null)
    {
        var report = new SimulationReport { First = first };
        var findings = new ConcurrentBag<Finding>();
        var gate = new Lock();
        await Parallel.ForAsync(0, runs, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, async (index, _) =>
        {
            if (findings.Count >= mostFindings || until?.Invoke() == true) return;
            var seed = first + index;
            var run = await SimulationRun.BeforeItHangsAsync(CaseGenerator.Draw(seed), mutation);
            lock (gate)
            {
                report.Add(run);
                if (run.Violations.Count > 0)
                {
                    findings.Add(new Finding(seed, run.Violations));
                    found?.Invoke(new Finding(seed, run.Violations));
                }

                if (report.Runs % 1000 == 0) progress?.Invoke(report);
            }
        });
        report.Findings.AddRange(findings.OrderBy(one => one.Seed).Take(mostFindings));
        return report;
    }
}
