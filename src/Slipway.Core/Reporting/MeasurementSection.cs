using System.Globalization;
using Slipway.Core.Analysis.Measuring;
using Slipway.Core.Ledgers;
using Slipway.Core.Reporting.Contract;
using Slipway.Core.Requests;

namespace Slipway.Core.Reporting;

/// <summary>What is measured beside the requests, where the contract has room for it: custom metrics, triggers, alerts and the log volume.</summary>
internal static class MeasurementSection
{
    /// <summary>The thresholds as the contract's triggers.</summary>
    public static IEnumerable<RollbackTrigger> Triggers(MeasurementSpec measurement)
    {
        var (side, unit) = (measurement.Direction == KpiDirection.LowerIsBetter ? "above" : "below", MeasurementText.UnitOf(measurement) is { Length: > 0 } known ? $" {known}" : "");
        if (measurement.Limit is { } limit) yield return Of(string.Create(CultureInfo.InvariantCulture, $"{side} {limit:0.######}{unit}"), 0, measurement.Action);
        if (measurement.Warning is { } warning) yield return Of(string.Create(CultureInfo.InvariantCulture, $"{side} {warning:0.######}{unit}"), 0, TriggerAction.Alert);
        if (measurement.MaxSlope is { } slope) yield return Of(string.Create(CultureInfo.InvariantCulture, $"worse by more than {slope:0.######}{unit} an hour"), measurement.SlopeOver.TotalMinutes, measurement.Action);
        if (measurement.LimitPerHour is { } events) yield return Of(string.Create(CultureInfo.InvariantCulture, $"{events:0.######} or more within an hour"), 60, measurement.Action);

        RollbackTrigger Of(string threshold, double minutes, TriggerAction action) => new(ReportText.OrElse(measurement.Name, "unnamed metric"), threshold, minutes, action);
    }

    /// <summary>The alerts that are armed.</summary>
    public static IEnumerable<(string Name, AlertSeverity Severity)> Alerts(MeasurementSpec measurement) => MeasurementText.Rules(measurement)
        .Select(rule => (rule.Rule, rule.Action == TriggerAction.AutoRollback ? AlertSeverity.Critical : AlertSeverity.Warning));

    /// <summary>The means of both arms in the analysed stage; what belongs to no arm is the same in both. Null: it was not seen.</summary>
    public static (double Baseline, double Canary)? Means(StageEvidence evidence, string name)
    {
        var (canary, control) = (evidence.Canary.Measurements.GetValueOrDefault(name), evidence.Control.Measurements.GetValueOrDefault(name));
        return (canary ?? control) is { } seen ? ((control ?? seen).Mean, seen.Mean) : null;
    }

    /// <summary>How much the canary logs a request against the control arm: below half of it reduced, above twice of it elevated. Null: not measured.</summary>
    public static LogVolume? LogVolumeOf(ReportView view)
    {
        if (view.Plan.Evidence.Measurements.FirstOrDefault(measurement => measurement.Kind == MeasurementKind.LogVolume) is not { } logs) return null;
        var canary = PerRequest(view.Analysed?.Evidence.Canary, logs.Name);
        var control = view.Stages.Select(stage => PerRequest(stage.Evidence.Control, logs.Name)).LastOrDefault(known => known is not null);
        return canary is { } now && control is > 0 and var usual ? LogVolumeOf(now / usual) : null;
    }

    /// <summary>The word for a ratio to the control arm.</summary>
    public static LogVolume LogVolumeOf(double ratio) => ratio < 0.5 ? LogVolume.Reduced : ratio > 2 ? LogVolume.Elevated : LogVolume.Normal;

    private static double? PerRequest(ArmTotals? arm, string name) =>
        arm is { Requests: > 0 } && arm.Measurements.TryGetValue(name, out var lines) ? lines.Sum / arm.Requests : null;
}
