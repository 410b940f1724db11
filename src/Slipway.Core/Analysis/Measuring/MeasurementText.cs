using System.Globalization;
using Slipway.Core.Analysis.Judging;
using Slipway.Core.Requests;

namespace Slipway.Core.Analysis.Measuring;

/// <summary>What measurements found, as people read it.</summary>
internal static class MeasurementText
{
    /// <summary>The names of the rules, one for each threshold.</summary>
    public static IEnumerable<(string Rule, TriggerAction Action)> Rules(MeasurementSpec measurement)
    {
        if (measurement.Limit is not null || measurement.LimitPerHour is not null) yield return (LimitRule(measurement), measurement.Action);
        if (measurement.MaxSlope is not null) yield return (SlopeRule(measurement), measurement.Action);
        if (measurement.Warning is not null) yield return (WarningRule(measurement), TriggerAction.Alert);
    }

    /// <summary>A value with its unit.</summary>
    public static string Value(MeasurementSpec measurement, double value) =>
        string.Create(CultureInfo.InvariantCulture, $"{value:0.##}{(UnitOf(measurement) is { Length: > 0 } unit ? $" {unit}" : "")}");

    /// <summary>The unit; of capacity, which is computed, percent.</summary>
    public static string UnitOf(MeasurementSpec measurement) => measurement is { Kind: MeasurementKind.Capacity, Unit: "" } ? "%" : measurement.Unit;

    public static Finding Limit(MeasurementSpec measurement, MeasurementMemory memory, DateTimeOffset since)
    {
        var counter = measurement.LimitPerHour is not null;
        var value = counter ? memory.Parts.Sum(part => part.Sum) : memory.Last;
        var limit = (double)(measurement.LimitPerHour ?? measurement.Limit)!.Value;
        return Of(measurement, LimitRule(measurement), value, limit, since, measurement.Action, counter
            ? string.Create(CultureInfo.InvariantCulture, $"{measurement.Name} {value:0.##} within an hour, fewer than {limit:0.##} are allowed")
            : $"{measurement.Name} {Value(measurement, value)}, limit {Value(measurement, limit)}");
    }

    public static Finding Slope(MeasurementSpec measurement, MeasurementMemory memory, SlopeFit slope, DateTimeOffset since) =>
        Of(measurement, SlopeRule(measurement), slope.PerHour, (double)measurement.MaxSlope!.Value, since, measurement.Action,
            $"{measurement.Name} changes by {Value(measurement, slope.PerHour)} an hour over {DurationText.Format(measurement.SlopeOver)}, now {Value(measurement, memory.Last)}; {Value(measurement, (double)measurement.MaxSlope.Value)} an hour are tolerated");

    public static Finding Warning(MeasurementSpec measurement, MeasurementMemory memory, DateTimeOffset since) =>
        Of(measurement, WarningRule(measurement), memory.Last, (double)measurement.Warning!.Value, since, TriggerAction.Alert,
            $"{measurement.Name} {Value(measurement, memory.Last)}, warning {Value(measurement, (double)measurement.Warning.Value)}");

    private static Finding Of(MeasurementSpec measurement, string rule, double value, double limit, DateTimeOffset since, TriggerAction action, string sentence) => new()
    {
        Rule = rule,
        Metric = measurement.Name,
        Value = EvidenceText.Recorded(value),
        Bound = EvidenceText.Recorded(value),
        Limit = limit,
        Sample = 0,
        CrossedAt = since,
        Action = action,
        Sentence = $"{sentence}, crossed {EvidenceText.Clock(since)}, rule {rule}",
    };

    private static string LimitRule(MeasurementSpec measurement) => $"{measurement.Name} limit";

    private static string SlopeRule(MeasurementSpec measurement) => $"{measurement.Name} slope";

    private static string WarningRule(MeasurementSpec measurement) => $"{measurement.Name} warning";
}
