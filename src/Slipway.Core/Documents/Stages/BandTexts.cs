using System.Globalization;
using Slipway.Core.Documents.Markdown;
using Slipway.Core.Planning;
using Slipway.Core.Planning.Canonical;
using Slipway.Core.Planning.Checks;
using Slipway.Core.Requests;

namespace Slipway.Core.Documents.Stages;

/// <summary>The values beside the limits, and the measurements, as the documents write them. Inline Markdown.</summary>
internal static class BandTexts
{
    /// <summary>The band of a metric; success rate is availability. Null: nothing is stated beside its limit.</summary>
    public static PlannedBand? Of(ReleaseDossier dossier, string metric) => dossier.Plan.Evidence.Bands.FirstOrDefault(
        band => band.Metric == metric || (metric == MetricNames.SuccessRate && band.Metric == MetricNames.Availability));

    /// <summary>The conditions of a stage's promotion that are stated in numbers.</summary>
    /// <param name="dossier">The dossier.</param>
    /// <param name="stage">The stage.</param>
    /// <returns>Each with the check that it is.</returns>
    public static IEnumerable<(string Check, string Text)> Criteria(ReleaseDossier dossier, CanonicalStage stage)
    {
        var evidence = dossier.Plan.Evidence;
        var exposes = stage.RunsAs == StageRunsAs.Exposure;
        foreach (var band in evidence.Bands)
        {
            var metric = DocumentNumbers.Metric(band.Metric);
            if (exposes && band.Target is { } target) yield return (CheckNames.Target(band.Metric), $"{metric} {(band.HigherIsWorse ? "<" : ">")} {DocumentNumbers.Value(band.Metric, target)} (target)");
            if (exposes && band.Within is { } within) yield return (CheckNames.Within(band.Metric), $"{metric} within {DocumentNumbers.Number(100 * within)} % of {(band.MostWithinBaseline is { } most ? $"the baseline: at most {DocumentNumbers.Value(band.Metric, most)}" : "the old version's")}");
            if (band is { Metric: MetricNames.ErrorRate, Baseline: { } baseline }) yield return (CheckNames.NoIncrease(band.Metric), $"no increase in error rate (baseline: {DocumentNumbers.Number(baseline)} %)");
        }

        foreach (var measurement in In(dossier, stage))
        {
            var check = CheckNames.Measurement(measurement.Name);
            if (measurement.MaxSlope is { } slope) yield return (check, $"{Name(measurement)}: no leak, at most {Value(measurement, slope)} an hour over {DurationText.Format(measurement.SlopeOver)}");
            else if (measurement.Limit is { } limit) yield return (check, $"{Name(measurement)} {(measurement.Direction == KpiDirection.LowerIsBetter ? "at most" : "at least")} {Value(measurement, measurement.Warning ?? limit)}");
            else if (measurement.ExpectedPerHour is not null && Expected(measurement, stage) is { } expected) yield return (check, $"{Name(measurement)} {expected}");
            if (measurement.LimitPerHour is { } events) yield return (check, $"{Name(measurement)} fewer than {DocumentNumbers.Number(events)} within an hour");
        }

        if (exposes && evidence.StageToStage is { } tolerated && stage.Number > 3) yield return (CheckNames.StageBefore, string.Create(CultureInfo.InvariantCulture, $"no degradation compared with the stage before: at most {tolerated:0.##} times its values"));
        if (evidence.QuietFor is { } quiet && stage.Steps.Count > 0)
            yield return (CheckNames.Quiet, $"no warning and no critical alert for {DocumentNumbers.Hours(quiet < stage.Wait ? quiet : stage.Wait)}");
    }

    /// <summary>What a stage monitors beside the requests.</summary>
    public static IEnumerable<string> Monitor(ReleaseDossier dossier, CanonicalStage stage) =>
        In(dossier, stage).Select(measurement => $"{Name(measurement)}{(Expected(measurement, stage) is { } expected ? $": {expected}" : Limits(measurement) is { Length: > 0 } limits ? $": {limits}" : "")}");

    /// <summary>The measurements of a stage.</summary>
    public static IEnumerable<MeasurementSpec> In(ReleaseDossier dossier, CanonicalStage stage) => stage.Steps.Count == 0 ? [] : dossier.Plan.Evidence.Measurements.Where(
        measurement => measurement.Stages.Count == 0 || stage.Steps.Any(step => measurement.Stages.Contains(step.Percentage)));

    /// <summary>Each threshold of a measurement with what it causes.</summary>
    public static IEnumerable<string> Thresholds(MeasurementSpec measurement)
    {
        var side = measurement.Direction == KpiDirection.LowerIsBetter ? ">" : "<";
        var action = measurement.Action switch { TriggerAction.AutoRollback => "Critical → rollback", TriggerAction.Pause => "Warning → hold", _ => "Warning" };
        if (measurement.Warning is { } warning) yield return $"{Name(measurement)} {side} {Value(measurement, warning)}: Warning";
        if (measurement.Limit is { } limit) yield return $"{Name(measurement)} {side} {Value(measurement, limit)}: {action}";
        if (measurement.MaxSlope is { } slope) yield return $"{Name(measurement)} worse by more than {Value(measurement, slope)} an hour over {DurationText.Format(measurement.SlopeOver)}: {action}";
        if (measurement.LimitPerHour is { } events) yield return $"{Name(measurement)} {DocumentNumbers.Number(events)} or more within an hour: {action}";
    }

    private static string Limits(MeasurementSpec measurement) => string.Join(", ", Parts(measurement));

    private static IEnumerable<string> Parts(MeasurementSpec measurement)
    {
        if (measurement.Warning is { } warning) yield return $"warning {Value(measurement, warning)}";
        if (measurement.Limit is { } limit) yield return $"limit {Value(measurement, limit)}";
        if (measurement.MaxSlope is { } slope) yield return $"at most {Value(measurement, slope)} an hour";
        if (measurement.LimitPerHour is { } events) yield return $"<{DocumentNumbers.Number(events)}/hour";
    }

    /// <summary><c>~100/hour (10 % of 1000)</c>; null where nothing is expected.</summary>
    private static string? Expected(MeasurementSpec measurement, CanonicalStage stage) => measurement.ExpectedPerHour is not { } full ? null : string.Join(", then ", stage.Steps.Select(step =>
        $"~{DocumentNumbers.Number(full * step.Percentage.Value / 100)}/hour ({step.Percentage} of {DocumentNumbers.Number(full)})"));

    private static string Name(MeasurementSpec measurement) => MarkdownText.Inline(measurement.Name.Replace('_', ' '), 80);

    private static string Value(MeasurementSpec measurement, decimal value) =>
        $"{DocumentNumbers.Number(value)}{(Analysis.Measuring.MeasurementText.UnitOf(measurement) is { Length: > 0 } unit ? $" {MarkdownText.Inline(unit, 20)}" : "")}";
}
