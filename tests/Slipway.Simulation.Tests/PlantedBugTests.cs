using Slipway.Simulation.Cases;
using Slipway.Simulation.Planted;
using Slipway.Simulation.Running;
using Slipway.Simulation.World;

namespace Slipway.Simulation.Tests;

/// <summary>Bugs that are planted into the workflow are found, each as a breach of the invariant that it breaks.</summary>
public sealed class PlantedBugTests
{
    public static TheoryData<string, long, int> Bugs => new([.. PlantedBugs.All.Select(bug => (bug.Name, PlantedBugs.FoundBySeed[bug.Name].Seed, PlantedBugs.FoundBySeed[bug.Name].Invariant))]);

    [Theory]
    [MemberData(nameof(Bugs))]
    public async Task A_planted_bug_is_found(string name, long seed, int invariant)
    {
        var bug = PlantedBugs.All.Single(one => one.Name == name);

        Assert.Empty((await SimulationRun.BeforeItHangsAsync(CaseGenerator.Draw(seed))).Violations);
        Assert.Contains((await SimulationRun.BeforeItHangsAsync(CaseGenerator.Draw(seed), bug)).Violations, violation => violation.StartsWith($"{invariant}: ", StringComparison.Ordinal) || violation.Contains($" {invariant}: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_breaks_something_is_made_small()
    {
        var bug = PlantedBugs.All[0];
        var seed = Enumerable.Range(0, 50).First(seed => CaseGenerator.Draw(seed) is { Releases.Count: 1, Incidents.Count: > 3 } && BreaksAsync(seed, bug).GetAwaiter().GetResult());
        var run = CaseGenerator.Draw(seed);

        var (small, broken, _) = await Shrinker.ShrinkAsync(run, await SimulationRun.OfAsync(run, bug), bug);

        Assert.Empty(small.Incidents);
        Assert.NotEmpty(broken.Violations);
        Assert.NotNull(broken.Log);
    }

    private static async Task<bool> BreaksAsync(long seed, Mutation bug) => (await SimulationRun.OfAsync(CaseGenerator.Draw(seed), bug)).Violations.Count > 0;
}
