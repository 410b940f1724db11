using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Strategies;
using Slipway.Embedded.Faults;
using Slipway.Scenarios.World;
using Slipway.Workflow.Ports;

namespace Slipway.Scenarios.Stories;

/// <summary>Releases that go back.</summary>
public class RollbackStories
{
    private const double Healthy = 0.002;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [Trait("requirement", "S002-04")]
    [Trait("requirement", "S002-08")]
    [Trait("requirement", "S002-35")]
    [Trait("requirement", "S002-178")]
    [Trait("requirement", "S002-14")]
    [Trait("requirement", "S004-116")]
    public async Task A_breach_at_any_stage_rolls_back_by_itself(int stage)
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, stage);
        world.Service.ErrorRate = (canary, _) => canary ? 0.08 : Healthy;
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());
        var begun = Assert.Single(await world.EntriesAsync<RollbackBegun>(release));
        Assert.True(begun.Automated);
        Assert.Equal("error_rate", begun.Finding!.Metric);
        Assert.Contains("limit 1 %", begun.Reason);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S002-13")]
    public async Task A_breach_in_the_middle_of_a_bake_is_found_within_a_poll_not_at_its_end()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        var bad = world.Time.GetUtcNow() + TimeSpan.FromMinutes(4);
        world.Service.ErrorRate = (canary, at) => canary && at >= bad ? 0.08 : Healthy;
        await world.RunToEndAsync(release);

        var entry = (await world.LedgerAsync(release)).Single(entry => entry.Read() is RollbackBegun);

        // The window of five minutes still holds good ones, so two bad intervals are needed; plus one interval and the ingestion delay.
        Assert.InRange(entry.At - bad, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(6));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_slower_version_rolls_back()
    {
        await using var world = new ReleaseWorld();
        world.Service.Latency = (canary, _) => canary ? 400 : 40;
        var release = await world.StartAsync(Requests.Canary());
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal("latency_p95", (await world.EntriesAsync<RollbackBegun>(release))[0].Finding!.Metric);
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(ReleasePhase.Shifting, ReleaseCommandKind.RollBack)]
    [InlineData(ReleasePhase.Shifting, ReleaseCommandKind.Abort)]
    [InlineData(ReleasePhase.Propagating, ReleaseCommandKind.RollBack)]
    [InlineData(ReleasePhase.Propagating, ReleaseCommandKind.Abort)]
    [InlineData(ReleasePhase.Baking, ReleaseCommandKind.RollBack)]
    [InlineData(ReleasePhase.Baking, ReleaseCommandKind.Abort)]
    [InlineData(ReleasePhase.Paused, ReleaseCommandKind.RollBack)]
    [InlineData(ReleasePhase.Paused, ReleaseCommandKind.Abort)]
    [InlineData(ReleasePhase.Waiting, ReleaseCommandKind.RollBack)]
    [InlineData(ReleasePhase.Waiting, ReleaseCommandKind.Abort)]
    [InlineData(ReleasePhase.Validating, ReleaseCommandKind.RollBack)]
    [InlineData(ReleasePhase.Validating, ReleaseCommandKind.Abort)]
    [InlineData(ReleasePhase.Concluding, ReleaseCommandKind.RollBack)]
    [InlineData(ReleasePhase.Concluding, ReleaseCommandKind.Abort)]
    [InlineData(ReleasePhase.RollingBack, ReleaseCommandKind.RollBack)]
    [InlineData(ReleasePhase.RollingBack, ReleaseCommandKind.Abort)]
    [Trait("requirement", "S002-36")]
    [Trait("requirement", "S004-205")]
    public async Task Rollback_and_abort_are_honoured_in_every_phase_with_exposure(ReleasePhase phase, ReleaseCommandKind kind)
    {
        await using var world = new ReleaseWorld(phase switch
        {
            ReleasePhase.Shifting => [FaultRule.Unavailable(FaultOperations.FlagSet, FaultRule.Calls(2, 4))],
            ReleasePhase.Concluding => [FaultRule.Unavailable(FaultOperations.Mail)],
            ReleasePhase.Validating => [FaultRule.Slow(FaultOperations.Probe, TimeSpan.FromSeconds(20), call => call.At >= ReleaseWorld.Epoch.AddMinutes(30))],
            _ => [],
        });
        var request = Requests.Canary();
        if (phase == ReleasePhase.Waiting)
        {
            request = request with { Operations = new() { TrafficRps = 100, Windows = [new([DayOfWeek.Tuesday], TimeSpan.FromHours(9), TimeSpan.FromHours(9.25), "UTC")] } };
        }

        var release = await world.StartAsync(request);
        switch (phase)
        {
            case ReleasePhase.Shifting:
                await world.RunUntilAsync(release, ReleasePhase.Shifting, 1);
                break;
            case ReleasePhase.Waiting:
                await world.RunUntilAsync(release, ReleasePhase.Baking);
                await world.RunUntilAsync(release, ReleasePhase.Waiting);
                break;
            case ReleasePhase.Paused:
                await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
                await world.CommandAsync(release, ReleaseCommandKind.Pause);
                break;
            case ReleasePhase.RollingBack:
                await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
                await world.CommandAsync(release, ReleaseCommandKind.RollBack);
                break;
            default:
                await world.RunUntilAsync(release, phase);
                break;
        }

        Assert.Equal(phase, (await world.StateAsync(release)).Phase);
        Assert.IsType<CommandApplied>(await world.CommandAsync(release, kind, reason: "customers complain"));
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());
        var begun = Assert.Single(await world.EntriesAsync<RollbackBegun>(release));
        Assert.False(begun.Automated);
        Assert.Equal("dana@example.com", begun.Actor);
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(ReleaseCommandKind.Abort, ReleasePhase.Preflight)]
    [InlineData(ReleaseCommandKind.Abort, ReleasePhase.Waiting)]
    [InlineData(ReleaseCommandKind.Abort, ReleasePhase.Capturing)]
    [InlineData(ReleaseCommandKind.Abort, ReleasePhase.Paused)]
    [InlineData(ReleaseCommandKind.RollBack, ReleasePhase.Preflight)]
    [InlineData(ReleaseCommandKind.RollBack, ReleasePhase.Waiting)]
    [InlineData(ReleaseCommandKind.RollBack, ReleasePhase.Capturing)]
    [InlineData(ReleaseCommandKind.RollBack, ReleasePhase.Paused)]
    public async Task Stopping_before_any_write_fails_the_release_and_touches_nothing(ReleaseCommandKind kind, ReleasePhase phase)
    {
        await using var world = new ReleaseWorld(phase switch
        {
            ReleasePhase.Preflight => [FaultRule.Slow(FaultOperations.Probe, TimeSpan.FromSeconds(20))],
            ReleasePhase.Capturing => [FaultRule.Slow(FaultOperations.FlagRead, TimeSpan.FromSeconds(20), call => call.At >= ReleaseWorld.Epoch.AddHours(2))],
            _ => [],
        });
        var request = Requests.Canary();
        var release = await world.StartAsync(request with { Release = request.Release with { StartAt = ReleaseWorld.Epoch.AddHours(2) } });
        if (phase == ReleasePhase.Paused)
        {
            await world.RunUntilAsync(release, ReleasePhase.Waiting);
            await world.CommandAsync(release, ReleaseCommandKind.Pause);
        }

        await world.RunUntilAsync(release, phase);
        Assert.IsType<CommandApplied>(await world.CommandAsync(release, kind));
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Failed, state.Phase);
        Assert.Empty(await world.EntriesAsync<RollbackBegun>(release));
        Assert.All(await world.Flags.RevisionsAsync(Requests.Flag, default), revision => Assert.Equal(Percentage.Zero, revision.State.Exposure));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task The_flag_store_down_during_a_rollback_is_insisted_on_until_it_answers()
    {
        var down = ReleaseWorld.Epoch.AddMinutes(10);
        await using var world = new ReleaseWorld(
            FaultRule.Unavailable(FaultOperations.FlagRestore, FaultRule.Between(down, down.AddMinutes(4))),
            FaultRule.Unavailable(FaultOperations.FlagRead, FaultRule.Between(down, down.AddMinutes(4))));
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(TimeSpan.FromMinutes(10));
        await world.CommandBeginAsync(release, ReleaseCommandKind.RollBack);
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());
        var level = Assert.Single(await world.EntriesAsync<LevelEnded>(release));
        Assert.InRange(level.UndoneAt!.Value - level.StartedAt, TimeSpan.FromMinutes(3.5), TimeSpan.FromMinutes(5));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S002-23")]
    [Trait("requirement", "S002-21")]
    [Trait("requirement", "S002-93")]
    public async Task A_flag_store_that_refuses_the_off_write_never_lets_a_release_start()
    {
        await using var world = new ReleaseWorld(FaultRule.Unavailable(FaultOperations.FlagRestore));
        var release = await world.StartAsync(Requests.ThreeLevels());
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Failed, state.Phase);
        Assert.Contains("kill switch", state.PhaseReason);
        Assert.Equal(Percentage.Zero, state.PeakExposure);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S002-179")]
    [Trait("requirement", "S004-24")]
    [Trait("requirement", "S004-125")]
    public async Task Level_one_failing_escalates_to_two_and_three_and_a_flag_that_stays_on_means_failed()
    {
        var down = ReleaseWorld.Epoch.AddMinutes(8);
        await using var world = new ReleaseWorld(
            FaultRule.Unavailable(FaultOperations.FlagRestore, call => call.At >= down),
            FaultRule.Unavailable(FaultOperations.FlagRead, call => call.At >= down));
        var release = await world.StartAsync(Requests.ThreeLevels());
        await world.RunUntilAsync(TimeSpan.FromMinutes(9));
        world.Service.ErrorRate = (canary, _) => canary ? 0.08 : Healthy;
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Failed, state.Phase);
        Assert.Equal([1, 2, 3, 1], (await world.EntriesAsync<LevelEnded>(release)).Select(level => level.Level));
        Assert.Contains(state.LeftToDo, line => line.Contains(Requests.Flag, StringComparison.Ordinal));

        // Users still get the new version, so that nobody waits for tests of the version that ran before.
        Assert.Equal([DeployAction.Restart, DeployAction.Rollback], world.Hook.Took.Select(took => took.Step.Action));
        Assert.Single(world.Mailer.Sent, sent => sent.Mail.To == "oncall@example.com" && sent.Mail.Text.Contains("Left to do by hand", StringComparison.Ordinal));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S004-120")]
    public async Task Level_two_recovers_what_level_one_did_not()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.ThreeLevels());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        var key = await world.Configuration.ReadAsync("search:index:mode", default);
        await world.Configuration.WriteAsync("search:index:mode", "streaming", key.ETag, default);
        var broken = true;
        world.Service.ErrorRate = (_, _) => broken ? 0.2 : Healthy;
        world.OnConfiguration("search:index:mode", value => broken = value != "batch");
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal([(1, false), (2, true)], (await world.EntriesAsync<LevelEnded>(release)).Select(level => (level.Level, level.Recovered)));
        Assert.Equal("batch", (await world.Configuration.ReadAsync("search:index:mode", default)).Value);
        Assert.Equal(DeployAction.Restart, Assert.Single(world.Hook.Took).Step.Action);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S004-116")]
    [Trait("requirement", "S004-120")]
    [Trait("requirement", "S004-124")]
    public async Task Level_three_recovers_what_levels_one_and_two_did_not()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.ThreeLevels());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        var broken = true;
        world.Probe.Answer = (_, _) => broken ? new ProbeResult(500, 20, "", "") : new ProbeResult(200, 20, "", "");
        world.Hook.OnEffect = () => broken &= world.Hook.Took[^1].Step.Action != DeployAction.Rollback;
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal([(1, false), (2, false), (3, true)], (await world.EntriesAsync<LevelEnded>(release)).Select(level => (level.Level, level.Recovered)));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S001-64")]
    [Trait("requirement", "S002-113")]
    public async Task All_three_levels_undone_and_still_bad_is_failed_and_says_so()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.ThreeLevels());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        world.Service.ErrorRate = (_, _) => 0.2;
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Failed, state.Phase);
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());
        Assert.Contains(state.LeftToDo, line => line.Contains("still bad", StringComparison.Ordinal));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task Mail_down_delays_no_rollback_by_a_second()
    {
        await using var quiet = new ReleaseWorld(FaultRule.Unavailable(FaultOperations.Mail));
        await using var loud = new ReleaseWorld();
        var times = new List<DateTimeOffset>();
        foreach (var world in new[] { quiet, loud })
        {
            world.Service.ErrorRate = (canary, _) => canary ? 0.08 : Healthy;
            var release = await world.StartAsync(Requests.Canary());
            Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);
            times.Add((await world.LedgerAsync(release)).Single(entry => entry.Read() is LevelEnded).At);
            await Invariants.CheckAsync(world, release);
        }

        Assert.Equal(times[1], times[0]);
    }

    [Fact]
    [Trait("requirement", "S002-128")]
    public async Task A_failing_smoke_check_at_full_exposure_rolls_back()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 3);
        world.Probe.Answer = (_, _) => world.Service.Exposure > Percentage.Zero ? new ProbeResult(500, 20, "", "") : new ProbeResult(200, 20, "", "");
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Contains("checks at 100 % failed", (await world.EntriesAsync<RollbackBegun>(release))[0].Reason);
        var bad = (await world.LedgerAsync(release)).TakeWhile(entry => entry.Read() is not RollbackBegun);
        Assert.Equal(1, Core.Reporting.ReleaseReporter.Report(ReleaseState.Fold(bad), world.Time.GetUtcNow()).PostDeployment.SmokeTests.Failed);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_slow_leak_after_full_exposure_still_rolls_back_while_notices_are_outstanding()
    {
        await using var world = new ReleaseWorld(FaultRule.Unavailable(FaultOperations.Mail, FaultRule.Between(ReleaseWorld.Epoch, ReleaseWorld.Epoch.AddHours(5))));
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Concluding);
        world.Service.ErrorRate = (canary, _) => canary ? 0.08 : Healthy;

        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }
}
