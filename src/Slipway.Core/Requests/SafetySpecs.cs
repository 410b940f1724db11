namespace Slipway.Core.Requests;

/// <summary>What must hold before anyone is exposed.</summary>
public sealed record PreflightSpec
{
    /// <summary>Where the staging test result is read (2xx: passed); null: not stated.</summary>
    public Uri? StagingTests { get; init; }

    /// <summary>The security scan's result; null: not stated.</summary>
    public SecurityScanSpec? SecurityScan { get; init; }

    /// <summary>Smoke checks, before the start and after each compensation level and at 100 %.</summary>
    public IReadOnlyList<SmokeSpec> Smoke { get; init; } = [];

    /// <summary>Services, databases and external APIs that the release leans on.</summary>
    public DependencySpec Dependencies { get; init; } = new();

    /// <summary>What other systems found: tests, reviews, benchmarks, backups and the like; members of <c>preflight</c> itself in a file.</summary>
    public EvidenceSpec Evidence { get; init; } = new();
}

/// <summary>A security scan's result and the bar it must clear.</summary>
public sealed record SecurityScanSpec
{
    /// <summary>How many high findings are tolerated. Default 0.</summary>
    public int MaxHigh { get; init; }

    /// <summary>High findings of the scan; null: no result is stated, which is never a pass.</summary>
    public int? High { get; init; }

    /// <summary>Critical findings of the scan; null: not stated. More than 0 always blocks.</summary>
    public int? Critical { get; init; }

    /// <summary>Where the result is read as JSON with members <c>high</c> and <c>critical</c>; null: taken from the request.</summary>
    public Uri? Url { get; init; }
}

/// <summary>One smoke check.</summary>
public sealed record SmokeSpec
{
    /// <summary>Its name, unique in the request.</summary>
    public required string Name { get; init; }

    /// <summary>Absolute http or https URL, asked with GET.</summary>
    public required Uri Url { get; init; }

    /// <summary>The status code that passes. Default 200.</summary>
    public int ExpectStatus { get; init; } = 200;

    /// <summary>The slowest answer that passes. Default 5 seconds.</summary>
    public TimeSpan Within { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether the check is a critical path. Default true.</summary>
    public bool CriticalPath { get; init; } = true;
}

/// <summary>What the release leans on.</summary>
public sealed record DependencySpec
{
    /// <summary>Services.</summary>
    public IReadOnlyList<ServiceDependency> Services { get; init; } = [];

    /// <summary>Databases.</summary>
    public IReadOnlyList<DatabaseDependency> Databases { get; init; } = [];

    /// <summary>External APIs.</summary>
    public IReadOnlyList<ExternalApiDependency> ExternalApis { get; init; } = [];
}

/// <summary>A service that the release calls.</summary>
public sealed record ServiceDependency
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The version relied on; may be empty.</summary>
    public string Version { get; init; } = "";

    /// <summary>Its health endpoint (2xx: healthy); null: cannot be probed, which is a warning.</summary>
    public Uri? Health { get; init; }

    /// <summary>Whether the release must not start without it. Default true.</summary>
    public bool Critical { get; init; } = true;

    /// <summary>Whether a contract test verified compatibility; null: not stated.</summary>
    public bool? ContractTested { get; init; }
}

/// <summary>A database that the release uses.</summary>
public sealed record DatabaseDependency
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its migration; null: none.</summary>
    public MigrationSpec? Migration { get; init; }
}

/// <summary>A schema or data migration.</summary>
/// <param name="Up">Name of the forward migration.</param>
/// <param name="Down">Name of the way back; empty: there is none.</param>
/// <param name="DownSafeAfterWrites">Whether the way back is safe with data written since.</param>
public sealed record MigrationSpec(string Up, string Down, bool DownSafeAfterWrites)
{
    /// <summary>What it does to the data there is. Null: told from the words of <see cref="Up"/>.</summary>
    public MigrationKind? Kind { get; init; }

    /// <summary>Whether there is a way back that is safe with data written since.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool HasSafeWayBack => !string.IsNullOrWhiteSpace(Down) && DownSafeAfterWrites;
}

/// <summary>What a migration does to the data there is.</summary>
public enum MigrationKind
{
    /// <summary>Adds what nothing reads yet: a table, a nullable column, an index.</summary>
    Additive,

    /// <summary>Changes rows: UPDATE, INSERT, a backfill.</summary>
    Data,

    /// <summary>Takes something away: DROP, DELETE, TRUNCATE, a rename.</summary>
    Destructive,
}

/// <summary>An API of somebody else.</summary>
public sealed record ExternalApiDependency
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its health endpoint (2xx: available); null: cannot be probed, which is a warning.</summary>
    public Uri? Health { get; init; }

    /// <summary>Whether the application has a fallback when the API is away. Default false.</summary>
    public bool Fallback { get; init; }
}

/// <summary>Ways back beyond the flags.</summary>
public sealed record RollbackSpec
{
    /// <summary>Configuration keys that level 2 restores.</summary>
    public IReadOnlyList<string> Configuration { get; init; } = [];

    /// <summary>Level 3; null: there is none.</summary>
    public CodeRollbackSpec? Code { get; init; }

    /// <summary>When the way back was last tried, and where that is written down; null: not stated.</summary>
    public RehearsalSpec? Rehearsal { get; init; }

    /// <summary>Caches that are emptied when a release goes back; null: not stated.</summary>
    public IReadOnlyList<CacheSpec>? Caches { get; init; }

    /// <summary>Whether level 2 has the hook restart the application once its keys are back. Default true; false where applications read
    /// them anew by themselves.</summary>
    public bool Restart { get; init; } = true;
}

/// <summary>Level 3: the deploy hook that brings the previous version back.</summary>
/// <param name="Hook">Absolute http or https URL that receives a POST with an idempotency key; in a file, <c>deploy.hook</c> when left out.</param>
/// <param name="PreviousVersion">The version to go back to.</param>
public sealed record CodeRollbackSpec(Uri Hook, string PreviousVersion)
{
    /// <summary>Whether the hook has to run the tests of that version before it is deployed, as long as no user is exposed any more. Default true.</summary>
    public bool Test { get; init; } = true;
}

/// <summary>A rehearsal of the way back.</summary>
/// <param name="At">When it was.</param>
/// <param name="Evidence">Where its result is: a path, an address or a run's id; may be empty.</param>
public sealed record RehearsalSpec(DateTimeOffset At, string Evidence);
