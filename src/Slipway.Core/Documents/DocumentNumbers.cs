using System.Globalization;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Core.Documents;

/// <summary>Numbers and times as documents write them, the same everywhere.</summary>
internal static class DocumentNumbers
{
    /// <summary>Minutes with at most one decimal: <c>2.5 minutes</c>.</summary>
    public static string Minutes(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0.#} {(Math.Abs(time.TotalMinutes - 1) < 0.05 ? "minute" : "minutes")}");

    /// <summary>Hours and whole minutes, the minutes rounded up: <c>4 hours 1 minute</c>; below an hour <see cref="Minutes"/>.</summary>
    public static string Hours(TimeSpan time)
    {
        if (time > TimeSpan.Zero && time < TimeSpan.FromHours(1)) return Minutes(time);
        var minutes = (long)Math.Ceiling(Math.Round(time.TotalMinutes, 3));
        var whole = $"{minutes / 60} {(minutes / 60 == 1 ? "hour" : "hours")}";
        return minutes % 60 == 0 ? whole : $"{whole} {Minutes(TimeSpan.FromMinutes(minutes % 60))}";
    }

    /// <summary>A number without trailing zeros.</summary>
    public static string Number(decimal value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    /// <summary>A moment in UTC: <c>2026-12-01 09:00Z</c>.</summary>
    public static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);

    /// <summary>A date.</summary>
    public static string Date(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A metric as people call it.</summary>
    public static string Metric(string metric) => metric switch
    {
        MetricNames.ErrorRate => "error rate",
        MetricNames.LatencyP50 => "p50 latency",
        MetricNames.LatencyP95 => "p95 latency",
        MetricNames.LatencyP99 => "p99 latency",
        MetricNames.SuccessRate => "success rate",
        _ => metric.Replace('_', ' '),
    };

    /// <summary>A metric's value with its unit.</summary>
    public static string Value(string metric, decimal value) =>
        MetricNames.IsShare(metric) ? $"{Number(value)} %" : MetricNames.IsLatency(metric) ? $"{Number(value)} ms" : Number(value);

    /// <summary>When a trigger fires: <c>error rate > 0.5 % over 5m, lasting 10m</c>. Literal text; it has no markup.</summary>
    public static string Crossing(PlannedTrigger trigger)
    {
        var limit = trigger.Above is { } above ? $"> {Value(trigger.Metric, above)}" : $"< {Value(trigger.Metric, trigger.Below ?? 0)}";
        var lasting = trigger.For > TimeSpan.Zero ? $", lasting {DurationText.Format(trigger.For)}" : "";
        return $"{limit} over {DurationText.Format(trigger.Window)}{lasting}";
    }

    /// <summary>A risk as people write it.</summary>
    public static string Word(RiskLevel risk) => risk.ToString().ToLowerInvariant();

    /// <summary>A percentage that stands in a table of numbers.</summary>
    public static string Share(Percentage percentage) => Number(percentage.Value);
}
