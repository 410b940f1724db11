using System.Globalization;
using Slipway.Rehearsal.Randomness;
using Slipway.Rehearsal.Traffic;

namespace Slipway.Simulation.Cases;

/// <summary>Draws a run from its seed: requests, what is wrong with them, people and incidents.</summary>
internal static class CaseGenerator
{
    private const int MostIncidents = 7;

    /// <summary>A stream of its own, so that what is drawn from it leaves the rest of a run as it is.</summary>
    private const long BesideTheRest = 1_000;

    /// <summary>And another one.</summary>
    private const long Rare = 1_001;

    /// <summary>And one for what pipelines do.</summary>
    private const long Pipelines = 1_002;

    /// <summary>The run of a seed, 0 or more.</summary>
    public static SimulationCase Draw(long seed)
    {
        var key = RandomStream.KeyOf(string.Create(CultureInfo.InvariantCulture, $"simulation {seed}"));
        var dice = new Dice(key);
        var first = RequestGenerator.Draw(dice, "one");
        List<SimulatedRelease> releases = [new(first, TimeSpan.Zero, Defects(dice), dice.Below(3))];
        if (dice.Chance(0.2))
        {
            // Often over the same flag: it must be refused, or wait for its turn, and never move what another one holds.
            var second = RequestGenerator.Draw(dice, "two");
            if (dice.Chance(0.6) && first.Flags.Count > 0 && second.Flags.Count > 0) second = second with { Flags = [second.Flags[0] with { Name = first.Flags[0].Name }] };
            releases.Add(new SimulatedRelease(second, dice.Span(dice.Chance(0.5) ? TimeSpan.FromHours(2) : TimeSpan.FromSeconds(10)), Defects(dice), dice.Below(3)));
        }

        var rare = new Dice(RandomStream.KeyOf(key, Rare));
        if (rare.Chance(0.1)) releases[0] = releases[0] with { Request = RequestGenerator.InTwoEnvironments(first) };
        return new SimulationCase
        {
            Key = key,
            Releases = releases,
            People = new People(TimeSpan.FromMinutes(dice.Between(1, 80)), dice.Pick(0, 0.1, 0.5), dice.Pick(0, 0.2, 0.6), dice.Pick(0, 0.3)),
            Pipelines = PipelinesOf(new Dice(RandomStream.KeyOf(key, Pipelines))),
            Incidents =
            [
                .. Enumerable.Range(0, dice.Below(MostIncidents + 1)).Select(_ => IncidentGenerator.Draw(dice, releases.Count)),
                .. IncidentGenerator.DrawMore(new Dice(RandomStream.KeyOf(key, BesideTheRest)), releases.Count),
                .. IncidentGenerator.DrawRare(rare, releases.Count),
            ],
        };
    }

    /// <summary>One that gives no address keeps the time that a step has, or nobody could know when it ended.</summary>
    private static PipelineKind PipelinesOf(Dice dice)
    {
        if (!dice.Chance(0.3)) return PipelineKind.Done;
        var gives = dice.Chance(0.6);
        return new PipelineKind(TimeSpan.FromSeconds(dice.Between(5, gives ? 900 : 590)), gives);
    }

    private static Defect Defects(Dice dice) => dice.Below(10) switch
    {
        0 or 1 => new Defect { ErrorsAtLeast = 0.3 },
        2 => new Defect { Errors = dice.Pick(2.0, 5.0, 20.0) },
        3 => new Defect { Latency = dice.Pick(1.3, 2.0, 4.0) },
        4 => new Defect { Errors = 10, GrowsEvery = TimeSpan.FromMinutes(dice.Between(5, 60)) },
        5 => new Defect { ErrorsAtLeast = 0.5, OneRegion = true },
        _ => Defect.None,
    };
}
