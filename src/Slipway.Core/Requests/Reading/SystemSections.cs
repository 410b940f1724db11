namespace Slipway.Core.Requests.Reading;

/// <summary>Reads <c>system</c>, <c>delivery</c> and the resources that commands name.</summary>
internal static class SystemSections
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static SystemSpec System(SectionReader section) => new()
    {
        Services = section.MaybeValues("services", Scalars.Name),
        Integrations = section.MaybeValues("integrations", Scalars.Name),
        CriticalFlows = section.MaybeValues("critical_flows", Scalars.Name),
        CustomerFacing = section.Maybe("customer_facing", Scalars.Bool),
        FlagFramework = section.Get("flag_framework", Scalars.Line, ""),
        ExpectedDowntime = section.Maybe("expected_downtime", Scalars.Duration(TimeSpan.Zero)),
        AllowedDowntime = section.Maybe("allowed_downtime", Scalars.Duration(TimeSpan.Zero)),
    };

    public static TargetSpec Target(SectionReader section) => new()
    {
        Name = section.Get("name", Scalars.Resource, ""),
        ResourceGroup = section.Get("resource_group", Scalars.Resource, ""),
        Namespace = section.Get("namespace", Scalars.Resource, ""),
        Parent = section.Get("parent", Scalars.Resource, ""),
        Slot = section.Get("slot", Scalars.Resource, ""),
        Hosts = section.Values("hosts", Scalars.Resource),
    };

    public static IReadOnlyList<CacheSpec>? Caches(SectionReader section) => section.MaybeSections("caches", part => new CacheSpec(
        part.Need("name", Scalars.Name, ""),
        part.Get("kind", Scalars.Word<CacheKind>(), CacheKind.Application),
        part.Get("target", Scalars.Resource, "")));

    public static DashboardSpec Dashboard(SectionReader section) => new(
        section.Need("name", Scalars.Name, ""),
        section.Need("url", Scalars.Url, SafetySections.NoUrl),
        section.Values("metrics", Scalars.Name));

    public static DeliverySpec Delivery(SectionReader section) => new()
    {
        Pipeline = section.Get("pipeline", Scalars.Line, ""),
        Caching = section.Get("caching", Scalars.Line, ""),
        Scanner = section.Get("scanner", Scalars.Line, ""),
        Branch = section.Get("branch", Scalars.Resource, "main"),
        Commands = section.Section("commands", Commands) ?? new CommandSpec(),
        InfrastructureCode = section.Section("infrastructure_code", part => new InfrastructureCodeSpec(
            part.Need("tool", Scalars.Name, ""),
            part.Get("path", Scalars.Line, "infra/"),
            part.Values("modules", Scalars.Name),
            part.Get("state", Scalars.Line, ""),
            part.Get("lock", Scalars.Line, ""))),
        Secrets = section.Get("secrets", Scalars.Line, ""),
        Backups = section.Section("backups", part => new BackupSpec
        {
            Where = part.Get("where", Scalars.Line, ""),
            Automatic = part.Maybe("automatic", Scalars.Duration(Day)),
            Weekly = part.Maybe("weekly", Scalars.Duration(Day)),
            PointInTime = part.Maybe("point_in_time", Scalars.Duration(TimeSpan.Zero)),
            Restore = part.Get("restore", Scalars.Line, ""),
        }),
        DisasterRecovery = section.Section("disaster_recovery", part => new DisasterRecoverySpec(
            part.Need("region", Scalars.Name, ""), part.MaybeText("runbook", Scalars.Url))),
        Logs = section.Section("logs", Signal),
        Metrics = section.Section("metrics", Signal),
        Traces = section.Section("traces", Signal),
        BudgetAlerts = section.Get("budget_alerts", Scalars.Line, ""),
        EdgeProtection = section.Get("edge_protection", Scalars.Line, ""),
        ColdStart = section.Get("cold_start", Scalars.Line, ""),
        Cost = section.Get("cost", Scalars.Line, ""),
        EvidenceRetention = section.Get("evidence_retention", Scalars.Duration(Day), TimeSpan.FromDays(365)),
    };

    public static SourceSpec Sources(SectionReader section) => new()
    {
        Rules = section.MaybeValues("rules", Scalars.Line),
        Specification = section.Get("specification", Scalars.Line, ""),
        ImplementationPlan = section.Get("implementation_plan", Scalars.Line, ""),
        Code = section.Get("code", Scalars.Line, ""),
    };

    private static CommandSpec Commands(SectionReader section) => new(
        section.Get("build", Scalars.Line, ""),
        section.Get("test", Scalars.Line, ""),
        section.Get("deploy", Scalars.Line, ""),
        section.Get("migrate_down", Scalars.Line, ""));

    private static SignalSpec Signal(SectionReader section) => new(
        section.Need("tool", Scalars.Name, ""), section.Maybe("retention", Scalars.Duration(Day)));
}
