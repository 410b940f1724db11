using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Embedded.Faults;
using Slipway.Scenarios.World;

namespace Slipway.Scenarios.Stories;

/// <summary>What the flag store says wins over what Slipway wrote.</summary>
public sealed class FlagStoreStories
{
    [Fact]
    [Trait("requirement", "S002-89")]
    public async Task The_report_shows_the_stores_percentage_and_a_check_that_failed_until_it_is_put_back()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        var left = await world.ExposureAsync(Requests.Flag);

        await world.MeddleAsync(Requests.Flag, new Percentage(3));
        await world.RunUntilAsync(release, ReleasePhase.Paused);

        var held = await world.StateAsync(release);
        var report = ReleaseReporter.Report(held, world.Time.GetUtcNow());
        Assert.Equal(3, report.FeatureFlags.Single().Percentage);
        var check = report.PreDeployment.Checks.Single(one => one.Check == QualityGates.FlagStore);
        Assert.Equal(GateStatus.Warning, check.Status);
        Assert.StartsWith("failed with users exposed", check.Details, StringComparison.Ordinal);
        Assert.Contains($"{Requests.Flag} is at 3 % in its store, Slipway left it at {left}", check.Details, StringComparison.Ordinal);
        Assert.Equal(new Percentage(3), Assert.Single((await world.EntriesAsync<FlagsFound>(release)).Single().Flags).Exposure);
        Assert.Contains(held.Audit, line => line.Action == "flag changed by somebody else");

        await world.MeddleAsync(Requests.Flag, left);
        await world.CommandAsync(release, ReleaseCommandKind.Resume);
        var end = await world.RunToEndAsync(release);

        var last = ReleaseReporter.Report(end, world.Time.GetUtcNow());
        Assert.Equal(100, last.FeatureFlags.Single().Percentage);
        Assert.DoesNotContain(last.PreDeployment.Checks, one => one.Check == QualityGates.FlagStore);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S002-89")]
    public async Task A_rollback_of_a_flag_that_somebody_changed_reports_what_was_read_back()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        await world.MeddleAsync(Requests.Flag, new Percentage(3));
        await world.RunUntilAsync(release, ReleasePhase.Paused);
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);

        var end = await world.RunToEndAsync(release);

        var report = ReleaseReporter.Report(end, world.Time.GetUtcNow());
        Assert.Equal(ReleasePhase.RolledBack, end.Phase);
        Assert.Equal(0, report.FeatureFlags.Single().Percentage);
        Assert.Empty(end.FoundFlags);
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(9, ReleasePhase.RolledBack)]
    [InlineData(9 * 60, ReleasePhase.Failed)]
    public async Task A_flag_that_nobody_can_look_at_when_a_rollback_ends_is_brought_back_again_or_named(int minutes, ReleasePhase ends)
    {
        var (from, until) = (DateTimeOffset.MaxValue, DateTimeOffset.MaxValue);
        await using var world = new ReleaseWorld(FaultRule.Unavailable(FaultOperations.FlagRead, call => call.At >= from && call.At < until));
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromMinutes(1));
        Assert.Equal(EffectOutcome.Done, Assert.Single(await world.EntriesAsync<EffectFinished>(release), effect => effect.EffectId.StartsWith("restore:", StringComparison.Ordinal)).Outcome);

        // While everybody waits for the metrics, somebody turns it on again, and the store is away when it is looked at for the last time.
        await world.MeddleAsync(Requests.Flag, new Percentage(63));
        (from, until) = (world.Time.GetUtcNow(), world.Time.GetUtcNow().AddMinutes(minutes));
        var end = await world.RunToEndAsync(release);

        Assert.Equal(ends, end.Phase);
        Assert.Contains(await world.EntriesAsync<LevelEnded>(release), level => level.Details.Contains($"could not be looked at: {Requests.Flag}", StringComparison.Ordinal));
        Assert.Equal(ends == ReleasePhase.RolledBack, (await world.EntriesAsync<LevelEnded>(release))[^1].Details.Contains("taken back again", StringComparison.Ordinal));
        Assert.All(await world.EntriesAsync<LevelEnded>(release), level => Assert.Equal(1, level.Level));
        if (ends == ReleasePhase.RolledBack) Assert.Equal(Percentage.Zero, await world.ExposureAsync());
        else Assert.Contains(end.LeftToDo, line => line == $"turn flag {Requests.Flag} off and verify it");
        await Invariants.CheckAsync(world, release);
    }

    /// <summary>What it looked like before the preflight's proof has the captured JSON under an ETag that the release never saw.</summary>
    [Fact]
    public async Task A_look_that_shows_what_was_there_before_the_release_is_none_when_a_rollback_ends()
    {
        var (from, until) = (DateTimeOffset.MaxValue, DateTimeOffset.MaxValue);
        await using var world = new ReleaseWorld(FaultRule.Late(FaultOperations.FlagRead, call => call.At >= from && call.At < until));
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromMinutes(1));
        await world.MeddleAsync(Requests.Flag, new Percentage(63));
        (from, until) = (world.Time.GetUtcNow(), world.Time.GetUtcNow().AddMinutes(9));
        var end = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, end.Phase);
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());
        Assert.Contains($"could not be looked at: {Requests.Flag}; taken back again", (await world.EntriesAsync<LevelEnded>(release))[^1].Details, StringComparison.Ordinal);
        await Invariants.CheckAsync(world, release);
    }

    /// <summary>A dark stage leaves the flag off with a rule of its own, so that nothing but its version tells it from what was there before.</summary>
    [Fact]
    public async Task What_Slipway_wrote_is_its_own_also_after_a_person_resumed_over_a_late_look()
    {
        var late = false;
        await using var world = new ReleaseWorld(FaultRule.Late(FaultOperations.FlagRead, _ => late));
        var dark = StrategyRequests.Dark();
        var release = await world.StartAsync(dark with { Deploy = null, Flags = [dark.Flags[0] with { Segments = [] }] });
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        late = true;
        await world.RunUntilAsync(release, ReleasePhase.Paused);
        await world.CommandAsync(release, ReleaseCommandKind.Resume);
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        late = false;
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        var end = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, end.Phase);
        Assert.Equal((await world.EntriesAsync<StateCaptured>(release))[0].Flags[0].Json, (await world.Flags.ReadAsync(Requests.Flag, default))!.Json);
        Assert.DoesNotContain(end.LeftToDo, line => line.Contains("someone else", StringComparison.Ordinal));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_look_at_flags_that_is_missing_moves_neither_keys_nor_code()
    {
        var from = DateTimeOffset.MaxValue;
        await using var world = new ReleaseWorld(FaultRule.Unavailable(FaultOperations.FlagRead, call => call.At >= from));
        var release = await world.StartAsync(Requests.ThreeLevels());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromMinutes(1));
        from = world.Time.GetUtcNow();
        var end = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Failed, end.Phase);
        Assert.Equal([$"turn flag {Requests.Flag} off and verify it"], end.LeftToDo);
        Assert.All(await world.EntriesAsync<LevelEnded>(release), level => Assert.Equal(1, level.Level));
        Assert.DoesNotContain(await world.EntriesAsync<EffectIntended>(release), effect => effect.Kind is EffectKind.Hook or EffectKind.Configuration);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_flag_that_somebody_turned_off_stays_as_they_left_it_also_when_it_is_looked_at_anew()
    {
        var (from, until) = (DateTimeOffset.MaxValue, DateTimeOffset.MaxValue);
        await using var world = new ReleaseWorld(FaultRule.Unavailable(FaultOperations.FlagRead, call => call.At >= from && call.At < until));
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        var exposed = (await world.Flags.ReadAsync(Requests.Flag, default))!;
        var theirs = exposed.Json.Replace("\"enabled\":true", "\"enabled\":false", StringComparison.Ordinal);
        Assert.True((await world.Flags.As("someone else").RestoreAsync(Requests.Flag, theirs, exposed.ETag, default)).Written);
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromMinutes(1));
        (from, until) = (world.Time.GetUtcNow(), world.Time.GetUtcNow().AddMinutes(9));
        var end = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, end.Phase);
        Assert.Equal(theirs, (await world.Flags.ReadAsync(Requests.Flag, default))!.Json);
        Assert.Single(end.LeftToDo, line => line.Contains("was changed by someone else and is off", StringComparison.Ordinal));
        Assert.Contains(await world.EntriesAsync<LevelEnded>(release), level => level.Details.Contains("could not be looked at", StringComparison.Ordinal));
        await Invariants.CheckAsync(world, release);
    }
}
