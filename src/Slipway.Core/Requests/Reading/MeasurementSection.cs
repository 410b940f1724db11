namespace Slipway.Core.Requests.Reading;

/// <summary>Reads one of <c>guardrails.measurements</c>.</summary>
internal static class MeasurementSection
{
    private static readonly string[] Actions = ["alert", "pause", "auto_rollback"];
    private static readonly string[] OfGauge = ["warning", "limit", "max_slope"];
    private static readonly string[] OfCounter = ["expected_per_hour", "limit_per_hour"];

    public static MeasurementSpec Read(SectionReader section)
    {
        var kind = section.Get("kind", Scalars.Word<MeasurementKind>(), MeasurementKind.Custom);
        var usual = new MeasurementSpec { Name = "" };
        var measurement = new MeasurementSpec
        {
            Name = section.Need("name", Scalars.Name, ""),
            Kind = kind,
            Unit = section.Get("unit", Scalars.Line, ""),
            Direction = section.Get("direction", Scalars.Word<KpiDirection>(), MeasurementSpec.UsualDirection(kind)),
            Warning = section.Maybe("warning", Scalars.AnyNumber),
            Limit = section.Maybe("limit", Scalars.AnyNumber),
            MaxSlope = section.Maybe("max_slope", Scalars.Number(0)),
            SlopeOver = section.Get("slope_over", Scalars.Duration(TimeSpan.FromMinutes(1)), usual.SlopeOver),
            ExpectedPerHour = section.Maybe("expected_per_hour", Scalars.Number(0)),
            Tolerance = section.Get("tolerance", Scalars.ShareAboveZero, usual.Tolerance),
            LimitPerHour = section.Maybe("limit_per_hour", Scalars.Number(1)),
            Stages = section.Values("stages", Scalars.Share),
            Action = section.Get("action", Scalars.OneOf(Actions), "pause") switch
            {
                "alert" => TriggerAction.Alert,
                "auto_rollback" => TriggerAction.AutoRollback,
                _ => TriggerAction.Pause,
            },
        };
        Check(section, measurement);
        return measurement;
    }

    private static void Check(SectionReader section, MeasurementSpec measurement)
    {
        if (measurement.IsCounter && Array.Find(OfGauge, section.Has) is { } gauge)
            section.Report(gauge, $"{gauge} beside {Array.Find(OfCounter, section.Has)}", $"either {string.Join(", ", OfGauge)} of a gauge, or {string.Join(", ", OfCounter)} of events");
        var better = measurement.Direction == KpiDirection.LowerIsBetter ? measurement.Warning <= measurement.Limit : measurement.Warning >= measurement.Limit;
        if (measurement is { Warning: not null, Limit: not null } && !better)
            section.Reject("warning", $"a value on the better side of the limit ({(measurement.Direction == KpiDirection.LowerIsBetter ? "at most" : "at least")} it), since direction is {(measurement.Direction == KpiDirection.LowerIsBetter ? "lower_is_better" : "higher_is_better")}");
        if (section.Has("tolerance") && measurement.ExpectedPerHour is null)
            section.Report("tolerance", "a tolerance without expected_per_hour", "expected_per_hour, of which it is a share");
        if (section.Has("slope_over") && measurement.MaxSlope is null)
            section.Report("slope_over", "slope_over without max_slope", "max_slope, which it is about");
    }
}
