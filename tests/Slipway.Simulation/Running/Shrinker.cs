using System.Text.RegularExpressions;
using Slipway.Rehearsal.Traffic;
using Slipway.Simulation.Cases;
using Slipway.Simulation.World;

namespace Slipway.Simulation.Running;

/// <summary>
/// Makes a run that breaks something as small as it can: takes away incidents, releases, defects and the moods of people as long as the same kind of
/// violation stays (greedy, one after the other, until nothing more can go).
/// </summary>
internal static partial class Shrinker
{
    /// <summary>The smallest run found, how it went, and how many runs it took.</summary>
    public static async Task<(SimulationCase Case, SimulationRun Run, int Tries)> ShrinkAsync(SimulationCase run, SimulationRun broken, Mutation? mutation, int mostTries = 200)
    {
        var kind = KindOf(broken.Violations[0]);

        // Whether a run hangs takes long to see.
        if (broken.Log is null) mostTries = 5;
        var tries = 0;
        var smaller = true;
        while (smaller && tries < mostTries)
        {
            smaller = false;
            foreach (var candidate in Smaller(run))
            {
                if (++tries > mostTries) break;
                var outcome = await SimulationRun.BeforeItHangsAsync(candidate, mutation);
                if (!outcome.Violations.Any(violation => KindOf(violation) == kind)) continue;
                (run, broken, smaller) = (candidate, outcome, true);
                break;
            }
        }

        return (run, broken, tries);
    }

    private static IEnumerable<SimulationCase> Smaller(SimulationCase run)
    {
        if (run.Releases.Count > 1) yield return run with { Releases = [run.Releases[0]] };
        for (var index = run.Incidents.Count - 1; index >= 0; index--) yield return run with { Incidents = [.. run.Incidents.Where((_, other) => other != index)] };
        for (var index = 0; index < run.Releases.Count; index++)
        {
            if (run.Releases[index].Defect != Defect.None) yield return run with { Releases = [.. run.Releases.Select((release, other) => other == index ? release with { Defect = Defect.None } : release)] };
        }

        if (run.Pipelines != PipelineKind.Done) yield return run with { Pipelines = PipelineKind.Done };
        var calm = new People(run.People.AnswerAfter, 0, 0, 0);
        if (run.People != calm) yield return run with { People = calm };
        foreach (var (incident, index) in run.Incidents.Select((incident, index) => (incident, index)))
        {
            if (incident.For > TimeSpan.FromMinutes(1)) yield return With(run, index, incident with { For = TimeSpan.FromTicks(incident.For.Ticks / 2) });
            if (incident.After > TimeSpan.FromSeconds(1)) yield return With(run, index, incident with { After = TimeSpan.Zero });
        }
    }

    private static SimulationCase With(SimulationCase run, int index, Incident incident) => run with { Incidents = [.. run.Incidents.Select((one, other) => other == index ? incident : one)] };

    /// <summary>A violation without what differs from run to run: moments, ids and numbers.</summary>
    internal static string KindOf(string violation) => Particular().Replace(violation.Split('\n')[0], "#");

    [GeneratedRegex(@"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9][0-9:. Z+-]*|release-\S+|flag-\S+")]
    private static partial Regex Particular();
}
