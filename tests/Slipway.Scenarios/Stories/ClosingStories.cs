using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Scenarios.World;

namespace Slipway.Scenarios.Stories;

/// <summary>Every release reaches an end, and everything that people sent is answered, whoever is left to do it.</summary>
public class ClosingStories
{
    [Fact]
    public async Task A_release_whose_orchestration_fails_before_anyone_is_exposed_is_closed_and_its_flag_is_free_again()
    {
        await using var world = new ReleaseWorld();
        var request = Requests.ApprovedStart();
        var release = await world.StartAsync(request);
        await world.RunUntilAsync(release, ReleasePhase.Approving);
        world.Breaks.Fails = true;
        await world.CommandBeginAsync(release, ReleaseCommandKind.Pause);
        await world.RunUntilAsync(TimeSpan.FromMinutes(5));
        world.Breaks.Fails = false;
        await world.RunSweptAsync(TimeSpan.FromMinutes(2));

        var state = await world.StateAsync(release);
        Assert.Equal(ReleasePhase.Failed, state.Phase);
        Assert.Contains("before any user was exposed", state.PhaseReason, StringComparison.Ordinal);
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());
        Assert.Empty(state.PendingCommands);
        await Invariants.CheckAsync(world, release);

        var next = await world.StartAsync(Requests.Canary("search-2.4.1"));
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(next)).Phase);
    }

    [Fact]
    public async Task A_command_in_the_last_moment_of_a_release_is_answered_by_the_next_sweep()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunToEndAsync(release);

        // As when it is recorded between the orchestration's last look and its end.
        var command = new ReleaseCommand("late", ReleaseCommandKind.RollBack, "dana@example.com", "too late");
        await world.Journal.AppendAsync(release, [new LedgerDraft("command:late", world.Time.GetUtcNow(), "dana@example.com", new CommandReceived(command))], default);
        Assert.Equal([release], await world.Sweeper.SweepAsync(default));

        var answer = Assert.Single(await world.EntriesAsync<CommandRefused>(release));
        Assert.Equal(("late", "it came when the release was over"), (answer.CommandId, answer.Why));
        Assert.Equal(ReleasePhase.Completed, (await world.StateAsync(release)).Phase);
        Assert.Empty(await world.Sweeper.SweepAsync(default));
        await Invariants.CheckAsync(world, release);
    }
}
