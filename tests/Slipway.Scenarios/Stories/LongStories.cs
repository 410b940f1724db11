using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Scenarios.World;
using Slipway.Workflow.Watch;

namespace Slipway.Scenarios.Stories;

/// <summary>A release may take weeks; what it keeps in memory and in history must not grow with them.</summary>
[Collection(AloneInTheProcess.Name)]
public class LongStories
{
    /// <summary>Memory that a week may cost more than another by chance: caches that fill, and what the collector has not given back.</summary>
    private const long Slack = 2_000_000;

    /// <summary>A handful of steps a move; a step for each poll would be thousands.</summary>
    private const int MostSteps = 600;

    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    [Fact]
    public async Task A_release_of_four_weeks_keeps_memory_and_history_flat()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(FourWeeks());
        await world.RunUntilAsync(release, ReleasePhase.Approving, limit: TimeSpan.FromHours(1));
        await world.RunUntilAsync(TimeSpan.FromDays(2));
        Assert.IsType<CommandApplied>(await world.AnswerToAsync(release, world.LinkOf(Requests.Ada)));

        // Two quiet days of the first bake, and six of the second: thousands of polls, and nothing else happens.
        await world.RunUntilAsync(TimeSpan.FromDays(5));
        var early = await SizeAsync(world, release);
        await world.RunUntilAsync(Week);
        Assert.Equal(early.Steps, (await SizeAsync(world, release)).Steps);

        await world.RunUntilAsync(release, ReleasePhase.Approving, limit: Week);
        await world.RunUntilAsync(2 * Week);
        Assert.IsType<CommandApplied>(await world.AnswerToAsync(release, world.LinkOf(Requests.Lee)));
        await world.RunUntilAsync(TimeSpan.FromDays(15));
        var before = await SizeAsync(world, release);
        await world.RunUntilAsync(3 * Week);
        var after = await SizeAsync(world, release);
        Assert.Equal(before.Steps, after.Steps);
        Assert.InRange(after.Steps, 0, MostSteps);
        Assert.InRange(after.WatchSteps, 0, WatchSteps);
        Assert.True(after.Live - before.Live < Slack, $"six quiet days cost {after.Live - before.Live:N0} bytes");
        Assert.True(after.Live - early.Live < 2 * Slack, $"sixteen days cost {after.Live - early.Live:N0} bytes");

        var state = await world.RunToEndAsync(release, 2 * Week);
        Assert.Equal(ReleasePhase.Completed, state.Phase);
        Assert.True(state.EndedAt - state.CreatedAt > 4 * Week, $"it took {state.EndedAt - state.CreatedAt}");
        await Invariants.CheckAsync(world, release);
    }

    /// <summary>One run of the watch: a handful of steps a poll.</summary>
    private static int WatchSteps => WatchWorkflow.PollsPerRun * 12;

    private static ReleaseRequest FourWeeks()
    {
        var canary = Requests.ApprovedStart();
        return canary with
        {
            Approvals = new Dictionary<string, ApprovalSpec>
            {
                ["release-managers"] = new() { Timeout = TimeSpan.FromDays(7), Remind = TimeSpan.FromDays(1) },
            },
            Stages =
            [
                new StageSpec { Percentage = new(5), Bake = TimeSpan.FromDays(8) },
                new StageSpec { Percentage = new(50), Bake = TimeSpan.FromDays(8), Approval = "release-managers" },
                new StageSpec { Percentage = new(100), Bake = TimeSpan.FromDays(7) },
            ],
            Telemetry = new TelemetrySpec { Service = "search", Interval = TimeSpan.FromMinutes(10) },
        };
    }

    private static async Task<(int Steps, int WatchSteps, long Live)> SizeAsync(ReleaseWorld world, ReleaseId release)
    {
        world.Diagnostics.Forget();
        var parent = await world.HistoryLengthAsync(release.Value);
        var watches = (await world.InstancesAsync()).Where(instance => instance.Id.Contains("/watch/", StringComparison.Ordinal)).ToList();
        var longest = 0;
        foreach (var watch in watches) longest = Math.Max(longest, await world.HistoryLengthAsync(watch.Id));
        return (parent, longest, GC.GetTotalMemory(forceFullCollection: true));
    }
}

/// <summary>Tests that measure memory: no other test may allocate meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public class AloneInTheProcess
{
    public const string Name = "alone in the process";
}
