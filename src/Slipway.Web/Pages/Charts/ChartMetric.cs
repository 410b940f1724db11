using System.Globalization;
using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;

namespace Slipway.Web.Pages.Charts;

/// <summary>A metric that a chart can show, and how a slot's counts become a value with its 99 % band. Pure.</summary>
/// <param name="Id">Its name in the address: <c>error_rate</c>, <c>latency_p95</c>, or a business metric's.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Unit">The unit behind a value.</param>
/// <param name="Value">Value and band of one arm; null where it has too little.</param>
/// <param name="Count">How many requests or values stand behind it.</param>
public sealed record ChartMetric(string Id, string Title, string Unit, Func<ArmTotals, ChartValue?> Value, Func<ArmTotals, long> Count)
{
    private const double OneSide = 0.995;

    /// <summary>Failed requests in percent; the band is Clopper–Pearson.</summary>
    public static ChartMetric ErrorRate { get; } = new("error_rate", "Error rate", "%", Errors, arm => arm.Requests);

    /// <summary>The 95th percentile of latency; the band are the percentiles whose ranks enclose it (order statistics).</summary>
    public static ChartMetric LatencyP95 { get; } = new("latency_p95", "Latency p95", "ms", P95, arm => arm.Latency.Total);

    /// <summary>The mean of a business metric; the band is normal.</summary>
    public static ChartMetric Kpi(string name) => new(
        name, name.Replace('_', ' '), "",
        arm => arm.Kpis.TryGetValue(name, out var sample) ? Mean(sample) : null,
        arm => arm.Kpis.TryGetValue(name, out var sample) ? sample.Count : 0);

    /// <summary>A value as people read it.</summary>
    public string Text(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.##}{(Unit.Length > 0 ? $" {Unit}" : "")}");

    private static ChartValue? Errors(ArmTotals arm) => arm.Requests == 0 ? null : new ChartValue(
        100.0 * arm.Errors / arm.Requests,
        100 * BinomialBounds.Lower(arm.Errors, arm.Requests, OneSide),
        100 * BinomialBounds.Upper(arm.Errors, arm.Requests, OneSide));

    private static ChartValue? P95(ArmTotals arm)
    {
        if (arm.Latency.Total == 0) return null;
        const double Deviations = 2.576;
        var spread = Deviations * Math.Sqrt(0.95 * 0.05 / arm.Latency.Total);
        return new ChartValue(arm.Latency.Percentile(0.95), arm.Latency.Percentile(Math.Max(0, 0.95 - spread)), arm.Latency.Percentile(Math.Min(1, 0.95 + spread)));
    }

    private static ChartValue? Mean(KpiSample sample)
    {
        if (sample.Count == 0) return null;
        var mean = sample.Sum / sample.Count;
        if (sample.Count < 2) return new ChartValue(mean, mean, mean);
        var variance = Math.Max(0, (sample.SumOfSquares - (sample.Count * mean * mean)) / (sample.Count - 1));
        var spread = 2.576 * Math.Sqrt(variance / sample.Count);
        return new ChartValue(mean, mean - spread, mean + spread);
    }
}

/// <summary>A value and its two-sided 99 % band.</summary>
/// <param name="Value">The value.</param>
/// <param name="Low">The lower bound.</param>
/// <param name="High">The upper bound.</param>
public sealed record ChartValue(double Value, double Low, double High);
