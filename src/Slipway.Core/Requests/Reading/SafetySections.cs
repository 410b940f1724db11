namespace Slipway.Core.Requests.Reading;

/// <summary>Reads <c>preflight</c>, <c>deploy</c> and <c>rollback</c>.</summary>
internal static class SafetySections
{
    private static readonly TimeSpan AboveZero = TimeSpan.FromTicks(1);

    /// <summary>Stands in for a URL that is missing or wrong; such a request is never handed out.</summary>
    public static Uri NoUrl { get; } = new("http://missing.invalid/");

    public static PreflightSpec Preflight(SectionReader section) => new()
    {
        StagingTests = section.Section("staging_tests", part => part.Need("url", Scalars.Url, NoUrl)),
        SecurityScan = section.Section("security_scan", SecurityScan),
        Smoke = section.Sections("smoke", Smoke, smoke => smoke.Name),
        Dependencies = section.Section("dependencies", Dependencies) ?? new DependencySpec(),
        Evidence = EvidenceSections.Evidence(section),
    };

    public static DeploySpec Deploy(SectionReader section) => new()
    {
        Hook = section.Need("hook", Scalars.Url, NoUrl),
        Within = section.Get("within", Scalars.Duration(TimeSpan.FromSeconds(10), TimeSpan.FromHours(6)), TimeSpan.FromMinutes(15)),
    };

    /// <summary>The hook of level 3 is the deploy hook, where the request names no other.</summary>
    public static RollbackSpec Rollback(SectionReader section, Uri? deployHook)
    {
        var keys = section.Values("configuration", Scalars.Name);
        if (keys.Count != keys.Distinct(StringComparer.Ordinal).Count())
            section.Report("configuration", "a key a second time", "each configuration key once");
        return new RollbackSpec
        {
            Configuration = keys,
            Code = section.Section("code", part => new CodeRollbackSpec(
                deployHook is not null && !part.Has("hook") ? deployHook : part.Need("hook", Scalars.Url, NoUrl),
                part.Need("previous_version", Scalars.Name with { Expected = "the version to go back to" }, ""))
            {
                Test = part.Get("test", Scalars.Bool, true),
            }),
            Rehearsal = section.Section("rehearsal", part => new RehearsalSpec(
                part.Need("at", Scalars.Moment, DateTimeOffset.MinValue), part.Get("evidence", Scalars.Line, ""))),
            Caches = SystemSections.Caches(section),
            Restart = section.Get("restart", Scalars.Bool, true),
        };
    }

    private static SecurityScanSpec SecurityScan(SectionReader section) => new()
    {
        MaxHigh = (int)section.Get("max_high", Scalars.Whole(0, 100_000), 0),
        High = (int?)section.Maybe("high", Scalars.Whole(0, 100_000)),
        Critical = (int?)section.Maybe("critical", Scalars.Whole(0, 100_000)),
        Url = section.MaybeText("url", Scalars.Url),
    };

    private static SmokeSpec Smoke(SectionReader section) => new()
    {
        Name = section.Need("name", Scalars.Name, ""),
        Url = section.Need("url", Scalars.Url, NoUrl),
        ExpectStatus = (int)section.Get("expect_status", Scalars.Whole(100, 599), 200),
        Within = section.Get("within", Scalars.Duration(AboveZero), TimeSpan.FromSeconds(5)),
        CriticalPath = section.Get("critical_path", Scalars.Bool, true),
    };

    private static DependencySpec Dependencies(SectionReader section) => new()
    {
        Services = section.Sections("services", Service, service => service.Name),
        Databases = section.Sections("databases", Database, database => database.Name),
        ExternalApis = section.Sections("external_apis", ExternalApi, api => api.Name),
    };

    private static ServiceDependency Service(SectionReader section) => new()
    {
        Name = section.Need("name", Scalars.Name, ""),
        Version = section.Get("version", Scalars.Line, ""),
        Health = section.MaybeText("health", Scalars.Url),
        Critical = section.Get("critical", Scalars.Bool, true),
        ContractTested = section.Maybe("contract_tested", Scalars.Bool),
    };

    private static DatabaseDependency Database(SectionReader section) => new()
    {
        Name = section.Need("name", Scalars.Name, ""),
        Migration = section.Section("migration", part => new MigrationSpec(
            part.Need("up", Scalars.Name with { Expected = "the forward migration's name" }, ""),
            part.Get("down", Scalars.Line, ""),
            part.Get("down_safe_after_writes", Scalars.Bool, false))
        {
            Kind = part.Maybe("kind", Scalars.Word<MigrationKind>()),
        }),
    };

    private static ExternalApiDependency ExternalApi(SectionReader section) => new()
    {
        Name = section.Need("name", Scalars.Name, ""),
        Health = section.MaybeText("health", Scalars.Url),
        Fallback = section.Get("fallback", Scalars.Bool, false),
    };
}
