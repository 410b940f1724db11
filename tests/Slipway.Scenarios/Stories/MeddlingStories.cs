using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Rescue;
using Slipway.Core.Strategies;
using Slipway.Embedded.Faults;
using Slipway.Scenarios.World;
using Slipway.Workflow.Rescue;

namespace Slipway.Scenarios.Stories;

/// <summary>What changes behind the back of a rollback or a rescue: flags that somebody turns on again, writes and calls that land late.</summary>
public sealed class MeddlingStories
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_flag_that_somebody_turns_on_while_a_bad_release_is_verified_is_taken_back_before_anything_else_is_moved(bool levels)
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(levels ? Requests.ThreeLevels() : Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        world.Service.ErrorRate = (canary, _) => canary ? 0.3 : 0.002;
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        await RunAsync(world, TimeSpan.FromMinutes(1));
        await world.MeddleAsync(Requests.Flag, new Percentage(80));
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());
        Assert.Contains("changed again meanwhile: search-v2; taken back again", Assert.Single(state.Rollback!.Levels).Result.Details, StringComparison.Ordinal);
        Assert.Empty(world.Hook.Asked);
        Assert.DoesNotContain(await world.EntriesAsync<EffectIntended>(release), intended => intended.Kind == EffectKind.Configuration);
        await Invariants.CheckAsync(world, release);
    }

    /// <summary>One instance keeps serving the new version, which only traffic shows; that a flag was changed on top of it hides nothing.</summary>
    [Fact]
    public async Task Requests_that_still_reach_the_new_version_are_seen_behind_a_flag_that_was_taken_back_again_too()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(StrategyRequests.BlueGreenByFlag());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        world.Service.ErrorRate = (canary, _) => canary ? 0.3 : 0.002;
        var (meddled, healed) = (false, false);
        world.Service.Shows = (_, _, share) => healed ? Math.Max(share, 0.02) : share;
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        await RunAsync(world, TimeSpan.FromMinutes(1));
        await world.MeddleAsync(Requests.Flag, new Percentage(80));
        for (var step = 0; step < 600 && !(await world.StateAsync(release)).IsTerminal; step++)
        {
            await RunAsync(world, TimeSpan.FromSeconds(5));
            meddled |= await world.ExposureAsync() == Percentage.Zero;
            if (!meddled || healed) continue;

            // From the moment at which the flag is off again, nothing fails any more, and a few requests still reach the new version.
            healed = true;
            world.Service.ErrorRate = (_, _) => 0.002;
        }

        var state = await world.RunToEndAsync(release);
        Assert.Contains("requests still reach", string.Join('\n', state.Rollback!.Levels.Select(level => level.Result.Details)), StringComparison.Ordinal);
        Assert.Equal(ReleasePhase.Failed, state.Phase);
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_flag_that_somebody_turns_on_over_and_over_is_off_at_the_end_or_named()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        world.Service.ErrorRate = (canary, _) => canary ? 0.3 : 0.002;
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        for (var minute = 0; minute < 120 && !(await world.StateAsync(release)).IsTerminal; minute++)
        {
            await RunAsync(world, TimeSpan.FromMinutes(1));
            if ((await world.StateAsync(release)).IsTerminal) break;
            if (await world.ExposureAsync() == Percentage.Zero) await world.MeddleAsync(Requests.Flag, new Percentage(80));
        }

        var state = await world.RunToEndAsync(release);
        Assert.True(
            await world.ExposureAsync() == Percentage.Zero || (state.Phase == ReleasePhase.Failed && state.LeftToDo.Any(line => line.Contains(Requests.Flag, StringComparison.Ordinal))),
            $"{state.Phase}: {string.Join("; ", state.LeftToDo)}");
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_flag_that_somebody_turns_on_while_caches_are_emptied_behind_the_last_look_is_taken_back()
    {
        await using var world = new ReleaseWorld();
        world.Hook.GivesStatus = true;
        world.Hook.Takes = step => step.Action == DeployAction.PurgeCache ? TimeSpan.FromMinutes(4) : TimeSpan.Zero;
        var request = Requests.ThreeLevels();
        var release = await world.StartAsync(request with
        {
            Rollback = request.Rollback! with { Caches = [new CacheSpec("results", CacheKind.Redis, "search:*")] },
            Telemetry = request.Telemetry! with { Interval = TimeSpan.FromSeconds(10), IngestionDelay = TimeSpan.FromSeconds(10) },
        });
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        while (!(await world.EntriesAsync<LevelEnded>(release)).Any(level => level.Recovered)) await RunAsync(world, TimeSpan.FromSeconds(5));
        Assert.False((await world.StateAsync(release)).IsTerminal);
        await world.MeddleAsync(Requests.Flag, new Percentage(63));
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());
        Assert.Contains(state.LeftToDo, line => line.Contains("was changed by someone else and was turned off", StringComparison.Ordinal));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_rescue_fences_the_write_of_a_dark_stage_that_is_still_under_way()
    {
        await using var world = new ReleaseWorld(FaultRule.Slow(FaultOperations.FlagSet, TimeSpan.FromSeconds(45), FaultRule.Call(1)));
        var release = await world.StartAsync(Dark());
        await world.RunUntilAsync(release, ReleasePhase.Shifting, 0);
        await RunAsync(world, TimeSpan.FromSeconds(5));
        await world.FailAsync(release);
        var state = await world.RunToEndAsync(release);
        await RunAsync(world, TimeSpan.FromMinutes(2));

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.False((await world.Flags.ReadAsync(Requests.Flag, default))!.Enabled);
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_write_of_a_dark_stage_whose_answer_was_lost_is_Slipways_own_without_its_orchestration_too(bool direct)
    {
        var lost = true;
        await using var world = new ReleaseWorld(FaultRule.AnswerLost(FaultOperations.FlagSet, _ => lost));
        var release = await world.StartAsync(Dark());
        var before = (await world.Flags.ReadAsync(Requests.Flag, default))!.Json;
        await world.RunUntilAsync(release, ReleasePhase.Shifting, 0);
        await RunAsync(world, TimeSpan.FromSeconds(5));
        if (direct)
        {
            lost = false;
            Assert.IsType<DirectOutcome.Done>(await new DirectRollback(world.Journal, world.Ports, world.Time, world).RunAsync(release, "lee", "no engine", default));
        }
        else
        {
            await world.FailAsync(release, () => lost = false);
        }

        var state = await world.RunToEndAsync(release);
        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal(before, (await world.Flags.ReadAsync(Requests.Flag, default))!.Json);
        Assert.DoesNotContain(state.LeftToDo, line => line.Contains("someone else", StringComparison.Ordinal));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_rescue_takes_the_traffic_back_once_more_where_a_call_of_the_pipeline_was_on_its_way()
    {
        var slow = false;
        await using var world = new ReleaseWorld(FaultRule.Slow(FaultOperations.Hook, TimeSpan.FromSeconds(20), _ => slow));
        var release = await world.StartAsync(StrategyRequests.BlueGreen());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        slow = true;
        await world.RunUntilAsync(release, ReleasePhase.Shifting, 2);
        await RunAsync(world, TimeSpan.FromSeconds(5));
        await world.FailAsync(release, () => slow = false);
        var state = await world.RunToEndAsync(release);
        await RunAsync(world, TimeSpan.FromMinutes(1));

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal(Percentage.Zero, world.Service.Exposure);
        Assert.Equal(RescueEntries.Rescuer, state.Rollback!.Actor);
        await Invariants.CheckAsync(world, release);
    }

    private static ReleaseRequest Dark() => StrategyRequests.Dark() with { Deploy = null };

    private static Task RunAsync(ReleaseWorld world, TimeSpan time) => world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + time);
}
