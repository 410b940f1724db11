using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Strategies;
using Slipway.Scenarios.World;
using Slipway.Workflow.Ports;

namespace Slipway.Scenarios.Stories;

/// <summary>What a rollback asks of the pipeline beside the way back: caches, a restart, tests, migrations. Users never wait for any of it.</summary>
public sealed class OperationStories
{
    private static readonly IReadOnlyList<CacheSpec> Caches = [new("assets", CacheKind.Cdn, "/*"), new("results", CacheKind.Redis, "search:*"), new("sessions", CacheKind.Application, "")];

    private static ReleaseRequest WithCaches()
    {
        var request = Requests.ThreeLevels();
        return request with { Rollback = request.Rollback! with { Caches = Caches } };
    }

    /// <summary>With a migration the risk is medium: release-managers approve the start.</summary>
    private static ReleaseRequest Migrating()
    {
        var request = Requests.ApprovedStart() with { Rollback = Requests.ThreeLevels().Rollback };
        var migrated = new DatabaseDependency { Name = "catalog", Migration = new MigrationSpec("20261101_add", "20261101_drop", true) { Kind = MigrationKind.Additive } };
        return request with { Preflight = request.Preflight with { Dependencies = new DependencySpec { Databases = [migrated] } } };
    }

    /// <summary>Smoke checks that are bad until a step took effect; a person takes the release back.</summary>
    private static async Task<(ReleaseId Release, ReleaseState State)> BrokenUntilAsync(ReleaseWorld world, ReleaseRequest request, DeployAction? cure)
    {
        var release = await world.StartAsync(request);
        if (request.Approvals.Count > 0)
        {
            await world.RunUntilAsync(release, ReleasePhase.Approving);
            await world.DecideAsync(world.LinkOf(Requests.Ada));
        }

        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        world.Probe.Answer = (_, _) => world.Hook.Took.Exists(took => took.Step.Action == cure) ? new ProbeResult(200, 20, "", "") : new ProbeResult(500, 20, "", "");
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        return (release, await world.RunToEndAsync(release));
    }

    private static async Task<DateTimeOffset> OffAtAsync(ReleaseWorld world) =>
        (await world.Flags.RevisionsAsync(Requests.Flag, default)).Last(revision => revision.State.Exposure == Percentage.Zero).At;

    [Fact]
    [Trait("requirement", "S000-27")]
    public async Task A_rollback_empties_each_cache_once_when_nobody_fills_it_any_more()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(WithCaches());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal(Caches.Select(cache => (DeployAction.PurgeCache, cache.Name, cache.Target.Length > 0 ? cache.Target : null)), world.Hook.Took.Select(took => (took.Step.Action, took.Step.Target!, took.Step.Argument)));
        var off = await OffAtAsync(world);
        Assert.All(world.Hook.Asked, asked => Assert.True(asked.At >= off));
        var finished = (await world.EntriesAsync<EffectFinished>(release)).Where(effect => effect.Kind == EffectKind.Hook).ToList();
        Assert.Equal(3, finished.Count);
        Assert.All(finished, effect => Assert.Equal(EffectOutcome.Done, effect.Outcome));
        Assert.DoesNotContain(state.LeftToDo, line => line.Contains("cache", StringComparison.Ordinal));
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("requirement", "S000-27")]
    public async Task Caches_that_cannot_be_emptied_keep_no_user_waiting_and_are_named(bool refuses)
    {
        var off = new List<TimeSpan>();
        foreach (var broken in new[] { false, true })
        {
            await using var world = new ReleaseWorld();
            world.Hook.Closed = step => broken && !refuses && step.Target == "results";
            world.Hook.Refuses = step => broken && refuses && step.Target == "results";
            var release = await world.StartAsync(WithCaches());
            await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
            await world.CommandAsync(release, ReleaseCommandKind.RollBack);
            var state = await world.RunToEndAsync(release);

            Assert.Equal(ReleasePhase.RolledBack, state.Phase);
            off.Add(await OffAtAsync(world) - state.Rollback!.BegunAt);
            Assert.Equal(broken, state.LeftToDo.Any(line => line.StartsWith("empty the cache results (search:*) by hand: ", StringComparison.Ordinal)));
            Assert.Equal(broken ? 2 : 3, world.Hook.Took.Count);
            Assert.True(world.Hook.Asked.All(asked => asked.At - state.Rollback.BegunAt <= TimeSpan.FromMinutes(5.5)));
            if (refuses) Assert.Equal(3, world.Hook.Asked.Count);
            await Invariants.CheckAsync(world, release);
        }

        Assert.Equal(off[0], off[1]);
    }

    [Fact]
    [Trait("requirement", "S000-27")]
    public async Task Caches_without_a_hook_to_ask_are_left_to_people_by_name()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary() with { Rollback = new RollbackSpec { Caches = Caches } });
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal(3, state.LeftToDo.Count(line => line.Contains("by hand: the request names no hook", StringComparison.Ordinal)));
        Assert.Empty(world.Hook.Asked);
    }

    [Fact]
    [Trait("requirement", "S004-121")]
    public async Task Level_two_reverts_keys_restarts_asks_every_service_and_tests_the_endpoint()
    {
        await using var world = new ReleaseWorld();
        var (release, state) = await BrokenUntilAsync(world, WithService(), DeployAction.Restart);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal([(1, false), (2, true)], (await world.EntriesAsync<LevelEnded>(release)).Select(level => (level.Level, level.Recovered)));
        var entries = (await world.LedgerAsync(release)).Select(entry => entry.Read()).ToList();
        var key = entries.FindIndex(body => body is EffectFinished { Kind: EffectKind.Configuration });
        var restart = entries.FindIndex(body => body is EffectFinished { Kind: EffectKind.Hook });
        var healthy = entries.FindLastIndex(body => body is GateChecked { Gate: "service: catalog", Status: GateStatus.Pass });
        var endpoint = entries.FindLastIndex(body => body is GateChecked { Gate: "smoke: search", Status: GateStatus.Pass });
        var ended = entries.FindIndex(body => body is LevelEnded { Level: 2 });
        Assert.True(0 < key && key < restart && restart < healthy && restart < endpoint && healthy < ended && endpoint < ended);
        Assert.Equal("batch", (await world.Configuration.ReadAsync("search:index:mode", default)).Value);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S004-121")]
    public async Task A_service_that_is_not_healthy_behind_level_two_is_not_recovered()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(WithService());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        world.Probe.Answer = (url, _) => world.Hook.Took.Exists(took => took.Step.Action == (url.AbsolutePath == "/catalog" ? DeployAction.Rollback : DeployAction.Restart))
            ? new ProbeResult(200, 20, "", "") : new ProbeResult(500, 20, "", "");
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal([(1, false), (2, false), (3, true)], state.Rollback!.Levels.Select(level => (level.Result.Level, level.Result.Recovered)));
        Assert.Contains("service: catalog: answered 500", state.Rollback.Levels[1].Result.Details, StringComparison.Ordinal);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S004-55")]
    public async Task Level_three_runs_the_tests_before_it_deploys()
    {
        await using var world = new ReleaseWorld();
        world.Hook.Takes = step => step.Action == DeployAction.Test ? TimeSpan.FromMinutes(3) : TimeSpan.Zero;
        var (release, state) = await BrokenUntilAsync(world, Requests.ThreeLevels(), DeployAction.Rollback);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal([DeployAction.Restart, DeployAction.Test, DeployAction.Rollback], world.Hook.Took.Select(took => took.Step.Action));
        Assert.Equal("run the tests of 2.3.7", world.Hook.Took[1].Step.Sentence);
        Assert.All(world.Hook.Asked.Where(asked => asked.Call.Step.Action == DeployAction.Rollback), asked => Assert.True(asked.At >= world.Hook.Took[1].At));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S004-55")]
    public async Task Tests_that_fail_deploy_nothing_and_on_call_is_told()
    {
        await using var world = new ReleaseWorld();
        world.Hook.Refuses = step => step.Action == DeployAction.Test;
        var (release, state) = await BrokenUntilAsync(world, Requests.ThreeLevels(), null);

        Assert.Equal(ReleasePhase.Failed, state.Phase);
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());
        Assert.DoesNotContain(world.Hook.Asked, asked => asked.Call.Step.Action == DeployAction.Rollback);
        Assert.Single(world.Hook.Asked, asked => asked.Call.Step.Action == DeployAction.Test);
        Assert.Contains(state.LeftToDo, line => line.StartsWith("2.3.7 was not deployed, as its tests have to pass before", StringComparison.Ordinal));
        Assert.Single(world.Mailer.Sent, sent => sent.Mail.To == "oncall@example.com" && sent.Mail.Text.Contains("2.3.7 was not deployed", StringComparison.Ordinal));
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("requirement", "S004-129")]
    public async Task Behind_level_three_a_migration_that_is_safe_to_undo_is_undone_and_verified(bool tables)
    {
        await using var world = new ReleaseWorld();
        world.Hook.Refuses = step => !tables && step.Action == DeployAction.VerifyTables;
        var (release, state) = await BrokenUntilAsync(world, Migrating(), DeployAction.Rollback);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal(
            [DeployAction.Rollback, DeployAction.MigrateDown, .. tables ? [DeployAction.VerifyTables] : Array.Empty<DeployAction>()],
            world.Hook.Took.Skip(2).Select(took => took.Step.Action));
        Assert.Equal(("catalog", "20261101_drop"), (world.Hook.Took[3].Step.Target, world.Hook.Took[3].Step.Argument));
        Assert.Equal(!tables, state.LeftToDo.Contains("verify that the tables of catalog are as before 20261101_drop by hand: 422 no such slot"));
        Assert.Equal(tables, !state.Alerts.ContainsKey("database"));
        Assert.Equal(tables ? EffectOutcome.Done : EffectOutcome.Failed, (await world.EntriesAsync<EffectFinished>(release)).Last(effect => effect.Kind == EffectKind.Hook).Outcome);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S004-129")]
    public async Task A_migration_whose_code_stays_where_it_is_stays_too_and_is_named()
    {
        await using var world = new ReleaseWorld();
        var (release, state) = await BrokenUntilAsync(world, Migrating(), DeployAction.Restart);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.DoesNotContain(world.Hook.Asked, asked => asked.Call.Step.Action is DeployAction.MigrateDown or DeployAction.VerifyTables);
        Assert.Contains("decide about migration 20261101_add of catalog: it stays applied, as the code of 2.4.0 stays where it is", state.LeftToDo);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S000-04")]
    public async Task A_rollback_drops_no_request_at_any_level()
    {
        await using var world = new ReleaseWorld();
        var (release, state) = await BrokenUntilAsync(world, Migrating(), DeployAction.Rollback);
        var from = new DateTimeOffset(state.Rollback!.BegunAt.UtcTicks - (state.Rollback.BegunAt.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        var seen = await world.Service.ReadAsync(state.Plan.Watch, from, state.EndedAt!.Value, default);

        Assert.Equal(3, state.Rollback.Levels.Count);
        Assert.True(seen.Count > 15);
        Assert.All(seen, minute => Assert.Equal(6000, (minute.Canary?.Requests ?? 0) + (minute.Control?.Requests ?? 0)));
        Assert.All(seen.Skip(2), minute => Assert.Null(minute.Canary));
        await Invariants.CheckAsync(world, release);
    }

    private static ReleaseRequest WithService()
    {
        var request = Requests.ThreeLevels();
        var service = new ServiceDependency { Name = "catalog", Health = new Uri("http://127.0.0.1/catalog") };
        return request with { Preflight = request.Preflight with { Dependencies = new DependencySpec { Services = [service] } } };
    }
}
