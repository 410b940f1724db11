using Slipway.Core.Requests;
using Slipway.Core.Strategies;
using Slipway.Core.Tests.Requests;

namespace Slipway.Core.Tests.Strategies;

/// <summary>What a rollback asks of the pipeline beside the way back.</summary>
public class BackOperationsTests
{
    private static ReleaseRequest With(params IReadOnlyList<MigrationSpec> migrations)
    {
        var request = CompleteRequest.Read();
        return request with
        {
            Preflight = request.Preflight with
            {
                Dependencies = new DependencySpec { Databases = [.. migrations.Select((migration, index) => new DatabaseDependency { Name = $"db{index}", Migration = migration })] },
            },
        };
    }

    [Fact]
    [Trait("requirement", "S004-129")]
    public void Only_a_way_back_that_is_safe_with_data_written_since_is_asked_for_and_the_last_migration_goes_first()
    {
        var request = With(new MigrationSpec("up0", "down0", true), new MigrationSpec("up1", "down1", false), new MigrationSpec("up2", "", false), new MigrationSpec("up3", "down3", true));

        Assert.Equal([("db3", "down3"), ("db0", "down0")], BackOperations.MigrateDown(request).Select(step => (step.Target!, step.Argument!)));
        Assert.Equal(
            ["decide about migration up2 of db2: it stays applied, as it has no way back", "decide about migration up1 of db1: it stays applied, as down1 is not safe with data written since"],
            BackOperations.UnsafeMigrations(request));
        Assert.Equal(DeployAction.VerifyTables, BackOperations.Verification(BackOperations.MigrateDown(request)[0]).Action);
    }

    [Fact]
    public void Steps_of_one_round_have_keys_of_their_own_and_none_moves_traffic()
    {
        var request = With(new MigrationSpec("up0", "down0", true));
        request = request with { Rollback = request.Rollback! with { Caches = [new CacheSpec("a b", CacheKind.Cdn, "/x"), new CacheSpec("c", CacheKind.Redis, "")] } };
        List<HookStep> steps = [.. BackOperations.Purges(request), .. BackOperations.Restart(request), .. BackOperations.Test(request), .. BackOperations.MigrateDown(request)];

        Assert.Equal(["purge_cache:a%20b", "purge_cache:c", "restart", "test", "migrate_down:db0"], steps.Select(step => step.Id));
        Assert.All(steps, step => Assert.False(step.Exposes));
        Assert.Equal(HookTraffic.None, steps.Aggregate(HookTraffic.None, (traffic, step) => traffic.After(step)));
    }

    [Fact]
    public void A_request_that_does_without_is_not_asked_for_a_restart_or_tests()
    {
        var request = CompleteRequest.Read();
        request = request with { Rollback = request.Rollback! with { Restart = false, Code = request.Rollback.Code! with { Test = false } } };

        Assert.Empty(BackOperations.Restart(request));
        Assert.Empty(BackOperations.Test(request));
        Assert.Null(BackOperations.HookOf(request with { Rollback = null, Deploy = null }));
    }
}
