using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Core.Tests.Ledgers;

/// <summary>A request with everything in it, and its plan.</summary>
internal static class SampleRequests
{
    public const string Flag = "search-v2";

    public static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    public static ReleaseRequest Request(RiskLevel risk = RiskLevel.Low) => new()
    {
        Release = new ReleaseIdentity
        {
            Id = ReleaseId.Parse("search-index-v2"),
            Version = "2.4.0",
            Title = "Streaming search indexer",
            Problem = "Nightly indexing leaves results up to a day old",
            DeclaredRisk = risk,
            RequestedBy = "dana@example.com",
            Ticket = "CHG-1482",
            Regulations = ["SOX"],
        },
        Artifacts = new ArtifactSpec { BuildId = "8841", Image = "registry/search:2.4.0", Hash = "sha256:abc", Signed = true, Sbom = "sbom.spdx.json" },
        Changes = new ChangeSpec
        {
            Features = ["streaming indexer"],
            Fixes = ["stale results"],
            Deprecations = ["nightly job"],
            Files = [new FileChange("src/index/stream.cs", FileAction.New, "data_write")],
        },
        Environments = [new EnvironmentSpec { Name = EnvironmentName.Prod, Regions = ["westeurope", "northeurope"] }],
        Flags = [new FlagSpec { Name = Flag, KillSwitch = true, Segments = ["beta"], Overrides = ["dana@example.com"] }],
        Guardrails = new GuardrailSpec
        {
            ErrorRate = new LimitSpec(1),
            LatencyP95 = new LimitSpec(250),
            Availability = new Percentage(99.9m),
            Kpis = [new KpiSpec("searches_with_click", KpiDirection.HigherIsBetter, new Percentage(2))],
        },
        Preflight = new PreflightSpec
        {
            Smoke = [new SmokeSpec { Name = "search", Url = new Uri("https://shop.example.com/health") }],
            Dependencies = new DependencySpec
            {
                Services = [new ServiceDependency { Name = "catalog", Version = "3.1", ContractTested = true }],
                Databases = [new DatabaseDependency { Name = "catalog-db", Migration = new MigrationSpec("add-index", "drop-index", true) }],
                ExternalApis = [new ExternalApiDependency { Name = "geo", Fallback = true }],
            },
        },
        Rollback = new RollbackSpec
        {
            Configuration = ["search:index:mode"],
            Code = new CodeRollbackSpec(new Uri("https://deploy.example.com/rollback"), "2.3.7"),
        },
        Communications = new CommunicationSpec
        {
            Stakeholders = [new StakeholderSpec { Name = "Support", Email = "support@example.com" }],
            IncidentChannel = "#inc-search",
        },
        Operations = new OperationsSpec { TrafficRps = 900, ActiveUsers = 120_000, CapacityRps = 2000 },
        Contacts = new ContactSpec { Primary = "on-call@example.com", Secondary = "second@example.com" },
    };

    public static ReleasePlan Plan(RiskLevel risk = RiskLevel.Low) => new()
    {
        ReleaseId = ReleaseId.Parse("search-index-v2"),
        Risk = risk,
        Strategy = RolloutStrategy.Canary,
        Stages = [Stage(0, 5, 30), Stage(1, 25, 60), Stage(2, 50, 60), Stage(3, 100, 120)],
        Flags = Request().Flags,
        Regions = ["westeurope", "northeurope"],
        Triggers =
        [
            new PlannedTrigger("error_rate limit", "error_rate", 1, null, TimeSpan.FromMinutes(5), TimeSpan.Zero, TriggerAction.AutoRollback),
            new PlannedTrigger("latency_p95 limit", "latency_p95", 250, null, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10), TriggerAction.Pause),
            new PlannedTrigger("availability limit", "availability", null, 99.9m, TimeSpan.FromMinutes(15), TimeSpan.Zero, TriggerAction.Alert),
        ],
        Watch = new WatchPlan
        {
            Source = TelemetrySource.Embedded,
            Service = "search",
            Interval = TimeSpan.FromMinutes(1),
            IngestionDelay = TimeSpan.FromMinutes(3),
            Propagation = TimeSpan.FromMinutes(1),
            BlindHold = TimeSpan.FromMinutes(10),
            BlindThen = BlindAction.Rollback,
        },
        Levels =
        [
            new PlannedLevel(1, TimeSpan.FromMinutes(5), [Flag]),
            new PlannedLevel(2, TimeSpan.FromMinutes(10), ["search:index:mode"]),
            new PlannedLevel(3, TimeSpan.FromMinutes(15), ["https://deploy.example.com/rollback"]),
        ],
    };

    public static ReleaseCreated Created(RiskLevel risk = RiskLevel.Low) => new()
    {
        Request = Request(risk),
        Plan = Plan(risk),
        ContentHash = new string('a', 64),
        StartedBy = "dana@example.com",
        Workflow = "release.v1",
        BaseUrl = "http://127.0.0.1:5080",
        Warnings = ["peak hours are not stated"],
    };

    public static FlagState FlagAt(decimal percentage, int version) => new(
        Flag, "{}", $"etag-{version}", percentage > 0, new Percentage(percentage), ["beta"], ["dana@example.com"], ["Microsoft.Targeting"]);

    private static PlannedStage Stage(int index, decimal percentage, int minutes) =>
        new(index, new Percentage(percentage), TimeSpan.FromMinutes(minutes), TimeSpan.FromMinutes(2 * minutes), null);
}
