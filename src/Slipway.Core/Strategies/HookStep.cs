using System.Text.Json.Serialization;
using Slipway.Core.Releases;

namespace Slipway.Core.Strategies;

/// <summary>What a deploy hook is asked to do.</summary>
public enum DeployAction
{
    /// <summary>Bring a version into a region. Dark (0 %) where flags or shifts carry the exposure, for all of the region's users otherwise.</summary>
    Deploy,

    /// <summary>Route a share of users to the version.</summary>
    Shift,

    /// <summary>Make the version the one that is live (100 %), or the one before live again (0 %). One call, and at once.</summary>
    Swap,

    /// <summary>Send the version a copy of the traffic and discard its answers.</summary>
    ShadowStart,

    /// <summary>Stop sending it a copy.</summary>
    ShadowStop,

    /// <summary>Bring the previous version back.</summary>
    Rollback,

    /// <summary>Empty a cache, so that nobody gets an answer of the new version from it.</summary>
    PurgeCache,

    /// <summary>Restart without downtime, so that configuration that was brought back is read.</summary>
    Restart,

    /// <summary>Run the tests of the previous version; refused: they fail, and it must not be deployed.</summary>
    Test,

    /// <summary>Run a migration's way back.</summary>
    MigrateDown,

    /// <summary>Compare the tables with those before the migration; refused: they differ.</summary>
    VerifyTables,
}

/// <summary>One call of the deploy hook, forward or back.</summary>
/// <param name="Action">What is asked.</param>
/// <param name="Version">The version that it is about: the release's, and for <see cref="DeployAction.Rollback"/> the previous one.</param>
/// <param name="Region">The region, or <see cref="AllRegions"/>.</param>
/// <param name="Percentage">The share of the region's users that is on <paramref name="Version"/> once the step took effect.</param>
public sealed record HookStep(DeployAction Action, string Version, string Region, Percentage Percentage)
{
    /// <summary>Stands for every region at once.</summary>
    public const string AllRegions = "all";

    /// <summary>What the operation is about: the cache, or the database. Null where the version says it all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Target { get; init; }

    /// <summary>What is done to the target: the keys or paths of the cache, or the migration's way back. Null: nothing more is said.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Argument { get; init; }

    /// <summary>Whether one region is meant.</summary>
    [JsonIgnore]
    public bool IsRegional => Region != AllRegions;

    /// <summary>Unique among the forward steps of a stage, and among the steps back; printable ASCII.</summary>
    [JsonIgnore]
    public string Id => Target is { } target ? $"{Word}:{Uri.EscapeDataString(target)}" : IsRegional ? $"{Word}:{Uri.EscapeDataString(Region)}" : Word;

    /// <summary>Whether the step comes before the stage's flags: code is there before a flag can lead users to it, and a shadow ends before
    /// anyone is exposed. Shifts come after the flags, and a swap is the very last.</summary>
    [JsonIgnore]
    public bool BeforeFlags => Action is DeployAction.Deploy or DeployAction.ShadowStart or DeployAction.ShadowStop;

    /// <summary>Whether users get the new version by it, at the latest once it took effect.</summary>
    [JsonIgnore]
    public bool Exposes => Percentage > Percentage.Zero && Action is (DeployAction.Deploy or DeployAction.Shift or DeployAction.Swap);

    /// <summary>The action as the hook reads it, for example <c>shadow_start</c>.</summary>
    [JsonIgnore]
    public string Word => Action switch
    {
        DeployAction.Deploy => "deploy",
        DeployAction.Shift => "shift",
        DeployAction.Swap => "swap",
        DeployAction.ShadowStart => "shadow_start",
        DeployAction.ShadowStop => "shadow_stop",
        DeployAction.PurgeCache => "purge_cache",
        DeployAction.Restart => "restart",
        DeployAction.Test => "test",
        DeployAction.MigrateDown => "migrate_down",
        DeployAction.VerifyTables => "verify_tables",
        _ => "rollback",
    };

    /// <summary>What the step does, in words for plan, ledger and people.</summary>
    [JsonIgnore]
    public string Sentence => Action switch
    {
        DeployAction.Deploy when Percentage == Percentage.Zero => $"deploy {Version} without users",
        DeployAction.Deploy => $"deploy {Version} to {Region}",
        DeployAction.Shift => $"shift {Percentage} of users to {Version}",
        DeployAction.Swap when Percentage == Percentage.Zero => $"swap back from {Version}",
        DeployAction.Swap => $"swap to {Version}",
        DeployAction.ShadowStart => $"start the shadow of {Version}",
        DeployAction.ShadowStop => $"stop the shadow of {Version}",
        DeployAction.PurgeCache => $"empty the cache {Target}{(Argument is { } keys ? $" ({keys})" : "")}",
        DeployAction.Restart => "restart without downtime",
        DeployAction.Test => $"run the tests of {Version}",
        DeployAction.MigrateDown => $"undo the migration of {Target} by {Argument}",
        DeployAction.VerifyTables => $"verify that the tables of {Target} are as before {Argument}",
        _ => IsRegional ? $"bring {Version} back in {Region}" : $"bring version {Version} back",
    };
}

/// <summary>How the plan's hook steps are carried out.</summary>
/// <param name="Hook">The forward hook.</param>
/// <param name="Within">How long one step may take in all, retries and waiting for the pipeline included; above zero.</param>
public sealed record PlannedDeploy(Uri Hook, TimeSpan Within);

/// <summary>A step of the hook that was begun, by the ledger.</summary>
/// <param name="Key">Its effect id, which is its idempotency key.</param>
/// <param name="Step">The step.</param>
/// <param name="Outcome">How it ended; null while it is open. Anything but done may have taken effect all the same.</param>
public sealed record HookStepFact(string Key, HookStep Step, Ledgers.EffectOutcome? Outcome);
