using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Scenarios.World;
using Slipway.Workflow.Locks;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;

namespace Slipway.Scenarios.Stories;

/// <summary>Two releases and one flag; locks that were left behind; locks that an operator takes away.</summary>
public sealed class LockStories
{
    private const string Resource = "flag:search-v2";

    [Fact]
    public async Task Two_releases_on_one_flag_the_second_is_refused_with_the_holders_id()
    {
        await using var world = new ReleaseWorld();
        var first = await world.StartAsync(Requests.Canary("first"));
        await world.RunUntilAsync(first, ReleasePhase.Baking, 1);
        var second = await world.StartAsync(Requests.Canary("second"));
        await world.RunUntilAsync(second, ReleasePhase.Failed);
        Assert.DoesNotContain(await world.EntriesAsync<EffectIntended>(second), effect => effect.Kind == EffectKind.Flag);

        Assert.Contains("held by release first", (await world.StateAsync(second)).PhaseReason, StringComparison.Ordinal);
        Assert.Equal([first], (await world.LockDesk.ListAsync(default)).Select(held => held.Holder));
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(first)).Phase);
        Assert.Empty(await world.LockDesk.ListAsync(default));
        await Invariants.CheckAsync(world, first);
        await Invariants.CheckAsync(world, second);
    }

    [Fact]
    public async Task A_lock_that_landed_after_its_release_was_over_does_not_stop_the_next_one()
    {
        await using var world = new ReleaseWorld();
        var first = await world.StartAsync(Requests.Canary("first"));
        await world.RunUntilAsync(first, ReleasePhase.Baking, 0);
        await world.CommandAsync(first, ReleaseCommandKind.RollBack);
        await world.RunToEndAsync(first);
        Assert.Equal(first, await world.Locks.TakeAsync(Resource, first, default));

        var second = await world.StartAsync(Requests.Canary("second"));
        var state = await world.RunToEndAsync(second);

        Assert.Equal(ReleasePhase.Completed, state.Phase);
        Assert.Contains(state.Audit, line => line.Details.Contains($"{Resource} of first", StringComparison.Ordinal));
        Assert.Empty(await world.LockDesk.ListAsync(default));
        await Invariants.CheckAsync(world, second);
    }

    [Fact]
    public async Task A_lock_of_a_running_exposed_release_is_not_taken_away_without_force()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);

        var refused = Assert.IsType<UnlockOutcome.Exposed>(await world.LockDesk.UnlockAsync(Resource, "lee", "in the way", false, default));
        Assert.Equal((release, ReleasePhase.Baking, 5m), (refused.Lock.Holder, refused.Lock.Phase, refused.Lock.Percentage));
        Assert.Single(await world.LockDesk.ListAsync(default));
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        Assert.Empty(await world.EntriesAsync<LockRevoked>(release));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_release_whose_lock_was_taken_by_force_is_held_and_says_so_before_the_lock_is_free()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        Assert.IsType<UnlockOutcome.Done>(await world.LockDesk.UnlockAsync(Resource, "lee", "incident 12", true, default));
        await world.RunUntilAsync(release, ReleasePhase.Paused);

        var state = await world.StateAsync(release);
        Assert.Contains("lee took its lock on flag:search-v2 away: incident 12", state.PhaseReason, StringComparison.Ordinal);
        Assert.Empty(await world.LockDesk.ListAsync(default));
        Assert.True(Assert.Single(await world.EntriesAsync<LockRevoked>(release)).Forced);
        await world.RunUntilAsync(TimeSpan.FromHours(5));
        Assert.Equal(new Percentage(25), await world.ExposureAsync());
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_release_whose_lock_is_taken_before_anyone_is_exposed_stops()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.Journal.AppendAsync(release, [new LedgerDraft("u", world.Time.GetUtcNow(), "lee", new LockRevoked(Resource, "lee", "in the way", false))], default);
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Failed, state.Phase);
        Assert.Contains("lee took its lock", state.PhaseReason, StringComparison.Ordinal);
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_lock_is_taken_away_once_however_often_that_is_asked_for()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        await world.RunToEndAsync(release);
        await world.Locks.TakeAsync(Resource, release, default);

        Assert.Null(Assert.IsType<UnlockOutcome.Done>(await world.LockDesk.UnlockAsync(Resource, "lee", "left behind", false, default)).Running);
        Assert.IsType<UnlockOutcome.NotHeld>(await world.LockDesk.UnlockAsync(Resource, "lee", "left behind", false, default));
        Assert.Single(await world.EntriesAsync<LockRevoked>(release));
        await Invariants.CheckAsync(world, release);
    }

    /// <summary>The entry of its end is lost with the host; whoever asks again hears that nobody holds the lock, and cannot bring it about.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_an_unlock_left_open_when_its_host_died_is_ended_by_the_next_sweep(bool over)
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        if (over)
        {
            await world.CommandAsync(release, ReleaseCommandKind.RollBack);
            await world.RunToEndAsync(release);
            await world.Locks.TakeAsync(Resource, release, default);
        }

        var desk = new LockDesk(world.Locks, new ReleaseJournal(world.Ledger, world.Snapshots), world, world.Time);
        world.Ledger.AppendDelay = drafts => drafts.Any(draft => draft.EntryId.EndsWith(":done", StringComparison.Ordinal) && draft.EntryId.StartsWith("unlock", StringComparison.Ordinal))
            ? throw new PortUnavailableException("ledger", "away")
            : TimeSpan.Zero;
        await Assert.ThrowsAsync<PortUnavailableException>(() => desk.UnlockAsync(Resource, "lee", "in the way", true, default));
        Assert.IsType<UnlockOutcome.NotHeld>(await desk.UnlockAsync(Resource, "lee", "in the way", true, default));
        world.Ledger.AppendDelay = _ => TimeSpan.Zero;

        Assert.Equal([release], await world.Sweeper.SweepAsync(default));
        Assert.DoesNotContain(release, await world.Sweeper.SweepAsync(default));
        var end = Assert.Single(await world.EntriesAsync<EffectFinished>(release), effect => effect.EffectId.StartsWith("unlock:", StringComparison.Ordinal));
        Assert.Equal((EffectOutcome.AlreadyDone, Resource), (end.Outcome, end.Target));
        if (!over) await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_lock_that_was_to_be_taken_away_when_the_host_died_is_taken_away_by_the_next_sweep_and_its_holder_hears_of_it()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        await RecordUnlockAsync(world, release, Assert.Single(await world.Locks.ListAsync(default)).Since!.Value);

        Assert.Equal([release], await world.Sweeper.SweepAsync(default));
        await world.RunUntilAsync(release, ReleasePhase.Paused);
        Assert.Empty(await world.LockDesk.ListAsync(default));
        var end = Assert.Single(await world.EntriesAsync<EffectFinished>(release), effect => effect.EffectId.StartsWith("unlock:", StringComparison.Ordinal));
        Assert.Equal((EffectOutcome.Done, "taken away"), (end.Outcome, end.Details));
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_lock_that_was_taken_again_since_is_not_the_one_that_was_to_be_taken_away()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        await RecordUnlockAsync(world, release, Assert.Single(await world.Locks.ListAsync(default)).Since!.Value.AddHours(-1));

        Assert.Equal([release], await world.Sweeper.SweepAsync(default));
        Assert.Single(await world.LockDesk.ListAsync(default));
        var end = Assert.Single(await world.EntriesAsync<EffectFinished>(release), effect => effect.EffectId.StartsWith("unlock:", StringComparison.Ordinal));
        Assert.Equal((EffectOutcome.AlreadyDone, "given up meanwhile"), (end.Outcome, end.Details));
    }

    [Fact]
    public async Task Locks_that_are_away_keep_no_exposed_release_from_being_taken_over()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Propagating, 1);
        world.Breaks.Fails = true;
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromMinutes(3));
        world.Breaks.Fails = false;
        Assert.NotEqual(Percentage.Zero, await world.ExposureAsync());
        await RecordUnlockAsync(world, release, Assert.Single(await world.Locks.ListAsync(default)).Since!.Value);
        var sweeper = new ReleaseSweeper(
            world.Journal, world.Snapshots, world.Freezes, new LockDesk(world.ReachedLocks, world.Journal, world, world.Time), world, world.Time);

        world.ReachedLocks.Broken = true;
        Assert.Contains("locks", (await Assert.ThrowsAsync<PortUnavailableException>(() => sweeper.SweepAsync(default))).Message, StringComparison.Ordinal);
        Assert.Single(await world.EntriesAsync<ReleaseTakenOver>(release));

        world.ReachedLocks.Broken = false;
        Assert.Contains(release, await sweeper.SweepAsync(default));
        Assert.Single(await world.EntriesAsync<EffectFinished>(release), effect => effect.EffectId.StartsWith("unlock:", StringComparison.Ordinal));
        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());
        await Invariants.CheckAsync(world, release);
    }

    /// <summary>What an unlock writes before it touches the lock.</summary>
    private static Task<IReadOnlyList<LedgerEntry>> RecordUnlockAsync(ReleaseWorld world, ReleaseId release, DateTimeOffset since)
    {
        var (id, now) = ($"unlock:{Resource}:{since.UtcTicks}", world.Time.GetUtcNow());
        return world.Journal.AppendAsync(
            release,
            [
                new LedgerDraft($"{id}:revoked", now, "lee", new LockRevoked(Resource, "lee", "in the way", true)),
                new LedgerDraft($"{id}:intent", now, "lee", new EffectIntended(id, EffectKind.Lock, Resource, $"take the lock away from {release}")),
            ],
            default);
    }
}
