using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Core.Strategies;

/// <summary>
/// What a rollback asks of the pipeline beside the way back itself, and what of it is left to people; pure. None of it brings a user back, so
/// that none of it is ever waited for before users are.
/// </summary>
public static class BackOperations
{
    /// <summary>Who is asked: the hook of level 3, else the deploy hook. Null: nobody, and everything here is left to people.</summary>
    public static Uri? HookOf(ReleaseRequest request) => request.Rollback?.Code?.Hook ?? request.Deploy?.Hook;

    /// <summary>One step for each cache that is stated, in their order.</summary>
    public static IReadOnlyList<HookStep> Purges(ReleaseRequest request) =>
    [
        .. (request.Rollback?.Caches ?? []).Select(cache => Of(request, DeployAction.PurgeCache) with
        {
            Target = cache.Name,
            Argument = cache.Target.Length > 0 ? cache.Target : null,
        }),
    ];

    /// <summary>The restart behind configuration that was brought back; empty where the request does without.</summary>
    public static IReadOnlyList<HookStep> Restart(ReleaseRequest request) =>
        request.Rollback is { Restart: true, Configuration.Count: > 0 } ? [Of(request, DeployAction.Restart)] : [];

    /// <summary>The tests before the previous version is deployed; empty where the request does without.</summary>
    public static IReadOnlyList<HookStep> Test(ReleaseRequest request) => request.Rollback?.Code is { Test: true } code
        ? [new HookStep(DeployAction.Test, code.PreviousVersion, HookStep.AllRegions, Percentage.Full)]
        : [];

    /// <summary>The ways back of the migrations that are safe with data written since, the last migration first.</summary>
    public static IReadOnlyList<HookStep> MigrateDown(ReleaseRequest request) =>
        [.. Migrated(request).Where(database => database.Migration!.HasSafeWayBack).Select(database => MigrateDown(request, database))];

    /// <summary>What has to hold once a migration was undone.</summary>
    public static HookStep Verification(HookStep down) => down with { Action = DeployAction.VerifyTables };

    /// <summary>A line for each migration whose way back is not safe with data written since: people decide about it.</summary>
    public static IEnumerable<string> UnsafeMigrations(ReleaseRequest request) =>
        Migrated(request).Where(database => !database.Migration!.HasSafeWayBack).Select(database =>
            $"decide about migration {database.Migration!.Up} of {database.Name}: it stays applied, as {(database.Migration.Down.Length == 0 ? "it has no way back" : $"{database.Migration.Down} is not safe with data written since")}");

    /// <summary>A line for each migration that stays because the code that needs it does.</summary>
    public static IEnumerable<string> StayingMigrations(ReleaseRequest request) =>
        Migrated(request).Select(database => $"decide about migration {database.Migration!.Up} of {database.Name}: it stays applied, as the code of {request.Release.Version} stays where it is");

    /// <summary>A step that was not done, as something for people to do.</summary>
    public static string ByHand(HookStep step, string why) => $"{step.Sentence} by hand: {why}";

    private static HookStep MigrateDown(ReleaseRequest request, DatabaseDependency database) => Of(request, DeployAction.MigrateDown) with
    {
        Target = database.Name,
        Argument = database.Migration!.Down,
    };

    private static HookStep Of(ReleaseRequest request, DeployAction action) => new(action, request.Release.Version, HookStep.AllRegions, Percentage.Zero);

    private static IEnumerable<DatabaseDependency> Migrated(ReleaseRequest request) =>
        request.Preflight.Dependencies.Databases.Where(database => database.Migration is not null).Reverse();
}
