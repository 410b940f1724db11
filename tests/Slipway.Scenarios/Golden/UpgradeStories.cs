using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Core.Releases;
using Slipway.Embedded.Engine;
using Slipway.Scenarios.World;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Releases;

namespace Slipway.Scenarios.Golden;

/// <summary>
/// Slipway is updated while a release runs: its orchestration began under an earlier revision of the workflow, says so in its history, and today's code
/// takes it to its end.
/// </summary>
public class UpgradeStories
{
    /// <summary>Every revision up to the present one, at moments at which different things are under way.</summary>
    public static TheoryData<int, ReleasePhase> Crossings
    {
        get
        {
            var data = new TheoryData<int, ReleasePhase>();
            for (var revision = 0; revision <= WorkflowVersions.Revision; revision++)
            {
                foreach (var phase in (ReleasePhase[])[ReleasePhase.Propagating, ReleasePhase.Baking, ReleasePhase.Paused, ReleasePhase.RollingBack]) data.Add(revision, phase);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Crossings))]
    public async Task A_release_that_began_under_an_earlier_revision_goes_on_after_the_update(int revision, ReleasePhase phase)
    {
        using var before = ScenarioEngines.Use((database, registry, time) => new EmbeddedScenarioEngine(database, Of(revision, registry), time));
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await BringAsync(world, release, phase);

        await world.RestartAsync();
        if (phase == ReleasePhase.Paused) await world.CommandAsync(release, ReleaseCommandKind.Resume);
        var state = await world.RunToEndAsync(release);

        Assert.Equal(phase == ReleasePhase.RollingBack ? ReleasePhase.RolledBack : ReleasePhase.Completed, state.Phase);
        Assert.Equal(revision, RevisionOf(await world.HistoryAsync(release.Value)));
        Assert.All(await world.InstancesAsync(), instance => Assert.NotEqual(InstanceStatus.Faulted, instance.Status));
        await Invariants.CheckAsync(world, release);
    }

    /// <summary>Each recorded by a build that had it: what a later one records is no history of it.</summary>
    [Fact]
    public void Histories_of_every_revision_are_kept() => Assert.Equal(Enumerable.Range(0, WorkflowVersions.Revision + 1), Kept().Order());

    /// <summary>A version that is tagged has its revision for good: one that changes the workflow is a new line of the list.</summary>
    [Fact]
    public void Histories_of_every_version_are_kept()
    {
        var (versions, kept) = (GoldenFolder.Versions(), Kept());
        var present = typeof(WorkflowVersions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

        Assert.True(versions.TryGetValue(present, out var revision), $"version {present} is not in tests/Golden/versions.json");
        Assert.Equal(WorkflowVersions.Revision, revision);
        Assert.All(versions, version => Assert.Contains(version.Value, kept));
    }

    private static HashSet<int> Kept() =>
        [.. GoldenStories.All.Keys.Select(GoldenFolder.Read).Where(story => story.ContainsKey("release")).Select(story => RevisionOf(story["release"]))];

    private static async Task BringAsync(ReleaseWorld world, ReleaseId release, ReleasePhase phase)
    {
        switch (phase)
        {
            case ReleasePhase.Paused:
                await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
                await world.CommandAsync(release, ReleaseCommandKind.Pause);
                break;
            case ReleasePhase.RollingBack:
                await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
                var now = world.Time.GetUtcNow();
                world.Service.ErrorRate = (canary, at) => canary && at >= now ? 0.2 : 0.002;
                await world.RunUntilAsync(release, phase);
                break;
            default:
                await world.RunUntilAsync(release, phase);
                break;
        }
    }

    /// <summary>The registry of an earlier build: what its orchestrations read first says its revision.</summary>
    private static WorkflowRegistry Of(int revision, WorkflowRegistry registry)
    {
        var activities = (IDictionary<string, RegisteredActivity>)registry.Activities;
        var load = activities[ReleaseActivities.Load.Value];
        activities[load.Name] = new RegisteredActivity(load.Name, async (input, cancellation) =>
        {
            var output = JsonNode.Parse((await load.Run(input, cancellation)).GetRawText())!.AsObject();
            output.Remove("revision");
            if (revision > 0) output["revision"] = revision;
            return JsonSerializer.SerializeToElement(output);
        });
        return registry;
    }

    private static int RevisionOf(IReadOnlyList<HistoryEvent> history)
    {
        var asked = history.First(line => line.Name == ReleaseActivities.Load.Value);
        return WorkflowRegistry.FromJson<LoadOutput>(history.First(line => line.Kind == HistoryEventKind.ActivityCompleted && line.Step == asked.Step).Data!.Value).Revision;
    }
}
