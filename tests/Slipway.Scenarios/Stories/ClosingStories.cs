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

    [Fact]
    public async Task A_release_of_a_workflow_version_that_this_server_does_not_run_stands_still_and_says_so()
    {
        await using var world = new ReleaseWorld();
        world.LosesSignals = true;
        var sample = await world.StartAsync(Requests.Canary());
        var created = (await world.EntriesAsync<ReleaseCreated>(sample))[0];
        world.LosesSignals = false;
        await world.RunSweptAsync(TimeSpan.FromHours(2));
        var release = ReleaseId.Parse("from-a-later-version");
        var request = created.Request with { Release = created.Request.Release with { Id = release } };
        await world.Journal.CreateAsync(
            release,
            new LedgerDraft("start", world.Time.GetUtcNow(), "dana@example.com", created with { Request = request, Plan = created.Plan with { ReleaseId = release }, Workflow = "release.v99" }),
            default);

        var outcome = await world.Desk.RepairAsync(default);
        await world.RunSweptAsync(TimeSpan.FromMinutes(5));

        Assert.Equal([release], outcome.NotRunHere);
        Assert.DoesNotContain(await world.InstancesAsync(), instance => instance.Id == release.Value);
        var alert = Assert.Single(await world.EntriesAsync<AlertRaised>(release));
        Assert.Contains("release.v99, which this server does not run; it runs release.v1", alert.Sentence, StringComparison.Ordinal);
        Assert.Equal(alert.Sentence, (await world.Desk.GetAsync(release, default))!.Summary.Why);
        Assert.Equal(ReleasePhase.Received, (await world.StateAsync(release)).Phase);
    }
}
