namespace Slipway.Core.Requests.Reading;

/// <summary>Reads <c>telemetry</c>.</summary>
internal static class TelemetrySection
{
    private static readonly TelemetrySpec Defaults = new();

    public static TelemetrySpec Read(SectionReader section) => new()
    {
        Source = section.Get("source", Scalars.Word<TelemetrySource>(), Defaults.Source),
        Workspace = section.Get("workspace", Scalars.Line, ""),
        Service = section.Get("service", Scalars.Line, ""),
        Queries = section.NamedValues("queries", Scalars.Prose),
        Role = section.MaybeText("role", Scalars.Line),
        ArmProperty = section.MaybeText("arm_property", Scalars.Line),
        RegionProperty = section.MaybeText("region_property", Scalars.Line),
        Interval = section.Get("interval", Scalars.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)), Defaults.Interval),
        IngestionDelay = section.Get("ingestion_delay", Scalars.Duration(TimeSpan.Zero), Defaults.IngestionDelay),
        Propagation = section.Get("propagation", Scalars.Duration(TimeSpan.Zero), Defaults.Propagation),
        Dashboards = section.Sections("dashboards", SystemSections.Dashboard, dashboard => dashboard.Name),
    };
}
