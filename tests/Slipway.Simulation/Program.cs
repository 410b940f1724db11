using System.Diagnostics;
using Slipway.Simulation;
using Slipway.Simulation.Cases;
using Slipway.Simulation.Planted;
using Slipway.Simulation.Reporting;
using Slipway.Simulation.Running;

// Random releases in random worlds. Exit code 1 when an invariant was broken (or a planted bug was not found), 2 for arguments that cannot be read.
var (arguments, problem) = Arguments.Read(args);
if (arguments is null)
{
    await Console.Error.WriteLineAsync(problem);
    return 2;
}

var watch = Stopwatch.StartNew();
if (arguments.Planted)
{
    var missed = 0;
    foreach (var bug in PlantedBugs.All)
    {
        var search = await Simulator.RunAsync(arguments.First, arguments.Runs, bug, 1, null, null);
        if (search.Findings is not [var found, ..])
        {
            missed++;
            Console.WriteLine(SimulationText.Missed(bug, search));
            continue;
        }

        var drawn = CaseGenerator.Draw(found.Seed);
        var (least, _, _) = await Shrinker.ShrinkAsync(drawn, await SimulationRun.BeforeItHangsAsync(drawn, bug), bug, mostTries: 30);
        Console.WriteLine(SimulationText.Found(bug, search, found, least));
    }

    return missed == 0 ? 0 : 1;
}

var report = await Simulator.RunAsync(
    arguments.First, arguments.Runs, null, arguments.Findings, () => watch.Elapsed.TotalSeconds > arguments.Seconds,
    sofar => Console.Error.WriteLine($"{sofar.Runs} of {arguments.Runs} runs, {watch.Elapsed:hh\\:mm\\:ss}"), found => Console.Error.WriteLine(SimulationText.Of(found)));
Console.Write(SimulationText.Of(report, watch.Elapsed));
foreach (var finding in report.Findings) Console.WriteLine(SimulationText.Of(finding));
foreach (var finding in report.Findings)
{
    var run = CaseGenerator.Draw(finding.Seed);
    var (small, broken, tries) = await Shrinker.ShrinkAsync(run, await SimulationRun.BeforeItHangsAsync(run), null);
    Console.WriteLine();
    Console.Write(SimulationText.Of(finding, small, broken, tries));
}

return report.Findings.Count == 0 ? 0 : 1;
