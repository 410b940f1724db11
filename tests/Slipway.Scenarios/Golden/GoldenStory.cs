using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Embedded.Engine;
using Slipway.Embedded.Faults;
using Slipway.Scenarios.World;

namespace Slipway.Scenarios.Golden;

/// <summary>A release whose histories are kept: one for each way in which a release can end.</summary>
/// <param name="Ending">The phase that it ends in.</param>
/// <param name="Request">What is released.</param>
/// <param name="Act">What happens to it; whatever is left to happen when it returns, happens by itself.</param>
internal sealed record GoldenStory(ReleasePhase Ending, ReleaseRequest Request, Func<ReleaseWorld, ReleaseId, Task> Act)
{
    /// <summary>What fails around it.</summary>
    public IReadOnlyList<FaultRule> Faults { get; init; } = [];

    /// <summary>
    /// Lives through the story and returns what the engine recorded, by the part of the instance's id behind the release's:
    /// <c>release</c>, <c>watch-1</c> and so on. The same bytes every time.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, string>> RecordAsync()
    {
        await using var world = new ReleaseWorld(Faults);
        var release = await world.StartAsync(Request);
        await Act(world, release);
        Assert.Equal(Ending, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);

        var histories = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var instance in await world.InstancesAsync())
        {
            var part = instance.Id == release.Value ? "release" : instance.Id[(release.Value.Length + 1)..].Replace('/', '-');

            // One that failed because it was broken on purpose would go on when it is replayed.
            if (instance.Status != InstanceStatus.Failed) histories[part] = HistoryJson.ToLines(await world.HistoryAsync(instance.Id));
        }

        return histories;
    }
}
