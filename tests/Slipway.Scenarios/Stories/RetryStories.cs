using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Scenarios.World;
using Slipway.Workflow.Releases;

namespace Slipway.Scenarios.Stories;

/// <summary>A release that ended badly is tried again.</summary>
public sealed class RetryStories
{
    private static async Task<ReleaseId> RolledBackAsync(ReleaseWorld world)
    {
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        await world.RunToEndAsync(release);
        return release;
    }

    [Fact]
    public async Task A_rolled_back_release_is_tried_again_with_its_own_id_and_ledger()
    {
        await using var world = new ReleaseWorld();
        var first = await RolledBackAsync(world);
        var before = await world.StateAsync(first);
        await Invariants.CheckAsync(world, first);
        var started = Assert.IsType<RetryOutcome.Started>(await world.Desk.RetryAsync(first, "lee", "the index is fixed", default));
        var state = await world.RunToEndAsync(started.Release);

        Assert.Equal(("search-2.4.0-attempt-2", 2, false), (started.Release.Value, started.Attempt, started.AlreadyExisted));
        Assert.Equal((ReleasePhase.Completed, first, 2, "lee"), (state.Phase, state.Created!.Predecessor, state.Created.Attempt, state.Created.StartedBy));
        var after = await world.StateAsync(first);
        Assert.Equal((started.Release, before.Phase, before.EndedAt), (after.RetriedBy, after.Phase, after.EndedAt));
        var summary = (await world.Desk.GetAsync(started.Release, default))!.Summary;
        Assert.Equal((2, first), (summary.Attempt, summary.RetryOf));
        Assert.Equal(started.Release, (await world.Desk.GetAsync(first, default))!.Summary.RetriedBy);
        await Invariants.CheckAsync(world, started.Release);
    }

    [Fact]
    public async Task A_release_is_tried_again_once_however_often_that_is_asked_for()
    {
        await using var world = new ReleaseWorld();
        var first = await RolledBackAsync(world);
        var outcomes = await Task.WhenAll(world.Desk.RetryAsync(first, "lee", "", default), world.Desk.RetryAsync(first, "lee", "", default));
        var again = Assert.IsType<RetryOutcome.Started>(await world.Desk.RetryAsync(first, "dana", "", default));

        Assert.All(outcomes, outcome => Assert.Equal(again.Release, Assert.IsType<RetryOutcome.Started>(outcome).Release));
        Assert.True(again.AlreadyExisted);
        Assert.Single(await world.EntriesAsync<ReleaseRetried>(first));
        await world.RunToEndAsync(again.Release);
        await Invariants.CheckAsync(world, again.Release);
    }

    [Fact]
    public async Task Whoever_started_an_attempt_approves_none_that_somebody_else_starts_after_it()
    {
        await using var world = new ReleaseWorld();
        var request = Requests.ApprovedStart();
        request = request with { Release = request.Release with { RequestedBy = "" } };
        foreach (var flag in Planner.Draft(request).Flags) await world.Flags.CreateAsync(flag.Key, "", default);
        var first = Assert.IsType<StartOutcome.Started>(await world.Desk.StartAsync(request, Requests.Ada, null, default)).Release;
        var attempts = new List<ReleaseId> { first };
        for (var attempt = 2; attempt <= 3; attempt++)
        {
            await world.RunUntilAsync(attempts[^1], ReleasePhase.Approving);
            await world.CommandAsync(attempts[^1], ReleaseCommandKind.Abort);
            await world.RunToEndAsync(attempts[^1]);
            attempts.Add(Assert.IsType<RetryOutcome.Started>(await world.Desk.RetryAsync(attempts[^1], "otto", "again", default)).Release);
        }

        foreach (var attempt in attempts)
        {
            var gates = (await world.StateAsync(attempt)).Created!.Approvals;
            Assert.NotEmpty(gates);
            Assert.All(gates, gate => Assert.DoesNotContain(Requests.Ada, gate.Eligible()));
        }
    }

    [Fact]
    public async Task An_attempt_that_fails_too_is_followed_by_a_third()
    {
        await using var world = new ReleaseWorld();
        var first = await RolledBackAsync(world);
        var second = Assert.IsType<RetryOutcome.Started>(await world.Desk.RetryAsync(first, "lee", "", default)).Release;
        await world.RunUntilAsync(second, ReleasePhase.Baking, 0);
        await world.CommandAsync(second, ReleaseCommandKind.RollBack);
        await world.RunToEndAsync(second);
        var third = Assert.IsType<RetryOutcome.Started>(await world.Desk.RetryAsync(second, "lee", "", default));

        Assert.Equal(("search-2.4.0-attempt-3", 3), (third.Release.Value, third.Attempt));
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(third.Release)).Phase);
        await Invariants.CheckAsync(world, third.Release);
    }

    [Fact]
    public async Task An_id_that_another_release_has_is_passed_over()
    {
        await using var world = new ReleaseWorld();
        var other = await world.StartAsync(Requests.Canary("search-2.4.0-attempt-2"));
        await world.RunUntilAsync(other, ReleasePhase.Baking, 0);
        await world.CommandAsync(other, ReleaseCommandKind.RollBack);
        await world.RunToEndAsync(other);
        var first = await RolledBackAsync(world);

        Assert.Equal("search-2.4.0-attempt-2-2", Assert.IsType<RetryOutcome.Started>(await world.Desk.RetryAsync(first, "lee", "", default)).Release.Value);
    }

    [Fact]
    public async Task A_release_that_runs_or_completed_is_not_tried_again()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        Assert.Equal(new RetryOutcome.NotEndedBadly(ReleasePhase.Baking), await world.Desk.RetryAsync(release, "lee", "", default));
        await world.RunToEndAsync(release);
        Assert.Equal(new RetryOutcome.NotEndedBadly(ReleasePhase.Completed), await world.Desk.RetryAsync(release, "lee", "", default));
        Assert.IsType<RetryOutcome.NotFound>(await world.Desk.RetryAsync(ReleaseId.Parse("nothing"), "lee", "", default));
        Assert.Empty(await world.EntriesAsync<ReleaseRetried>(release));
    }

    [Fact]
    public async Task An_attempt_that_the_server_no_longer_takes_is_refused_and_leaves_nothing()
    {
        await using var world = new ReleaseWorld();
        var first = await world.StartAsync(Requests.ApprovedStart());
        await world.RunUntilAsync(first, ReleasePhase.Approving);
        await world.CommandAsync(first, ReleaseCommandKind.Abort);
        await world.RunToEndAsync(first);

        // Ada and Lee are the only ones who may approve; the quorum cannot be reached when one of them starts the attempt and needs two.
        var request = Requests.ApprovedStart(quorum: 2);
        var second = await world.StartAsync(request with { Release = request.Release with { Id = ReleaseId.Parse("two") } });
        await world.RunUntilAsync(second, ReleasePhase.Approving);
        await world.CommandAsync(second, ReleaseCommandKind.Abort);
        await world.RunToEndAsync(second);

        Assert.IsType<RetryOutcome.Refused>(await world.Desk.RetryAsync(second, Requests.Ada, "", default));
        Assert.Null((await world.StateAsync(second)).RetriedBy);
        Assert.Null(await world.Journal.StateAsync(ReleaseId.Parse("two-attempt-2"), default));
        await Invariants.CheckAsync(world, first);
    }
}
