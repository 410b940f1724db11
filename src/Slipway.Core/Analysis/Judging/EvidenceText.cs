using System.Globalization;
using Slipway.Core.Analysis.Latency;

namespace Slipway.Core.Analysis.Judging;

/// <summary>How numbers of the evidence read, everywhere the same.</summary>
internal static class EvidenceText
{
    private const double Shown = 0.975;

    /// <summary>Two digits of a percentage are shown.</summary>
    private const double Digits = 1e-4;

    /// <summary><c>2.1 %</c>.</summary>
    public static string Percent(double fraction) => string.Create(CultureInfo.InvariantCulture, $"{100 * fraction:0.##} %");

    /// <summary><c>1.8</c> times.</summary>
    public static string Times(double ratio) => ratio >= 100 ? "over 100" : string.Create(CultureInfo.InvariantCulture, $"{ratio:0.##}");

    /// <summary><c>14:03:00Z</c>.</summary>
    public static string Clock(DateTimeOffset at) => string.Create(CultureInfo.InvariantCulture, $"{at.UtcDateTime:HH:mm:ss}Z");

    /// <summary>A rate with its two-sided 95 % Clopper-Pearson interval: <c>2.1 % [1.6–2.7]</c>.</summary>
    public static string Rate(long bad, long requests) => requests == 0 ? "nothing" : string.Create(
        CultureInfo.InvariantCulture,
        $"{100.0 * bad / requests:0.##} % [{100 * BinomialBounds.Lower(bad, requests, Shown, Digits):0.##}–{100 * BinomialBounds.Upper(bad, requests, Shown, Digits):0.##}]");

    /// <summary>What is counted: <c>error_rate</c>, or <c>latency_p95: requests slower than 118 ms</c>.</summary>
    public static string Subject(Guardrail guardrail, LatencyHistogram usual, string region)
    {
        var where = region == "all" ? "" : $" in {region}";
        return guardrail.IsLatency
            ? string.Create(CultureInfo.InvariantCulture, $"{guardrail.Metric}{where}: slower than {Edge(guardrail, usual):0} ms ({Times(guardrail.Tolerance)} times the usual p95)")
            : $"{guardrail.Metric}{where}";
    }

    /// <summary>Why the ratio test fails.</summary>
    public static string RatioFailure(Guardrail guardrail, GuardrailMemory memory, string region, double logEvidence, double logThreshold)
    {
        var counts = memory.Against;
        var ratio = (counts.CanaryRate, counts.ControlRate) is ( > 0, > 0) ? $"{Times(counts.CanaryRate / counts.ControlRate)} times" : "far above";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Subject(guardrail, memory.Usual, region)} {Rate(counts.CanaryBad, counts.Canary)} over {counts.Canary:N0} requests since {Clock(memory.AgainstSince!.Value)}, {ratio} the control's {Percent(counts.ControlRate)}, tolerated {Times(guardrail.ToleratedRatio)}, crossed {Clock(memory.CrossedAt!.Value)}, rule {RatioRule(guardrail)} (evidence {Weight(logEvidence)} of {Weight(logThreshold)})");
    }

    /// <summary>Why the limit test fails.</summary>
    public static string LimitFailure(Guardrail guardrail, GuardrailMemory memory, string region, double logEvidence, double logThreshold)
    {
        var counts = memory.Against;
        var where = region == "all" ? "" : $" in {region}";
        var subject = guardrail.IsLatency ? string.Create(CultureInfo.InvariantCulture, $"{guardrail.Metric}{where}: slower than {guardrail.LatencyLimit:0} ms") : $"{guardrail.Metric}{where}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{subject} {Rate(counts.CanaryBad, counts.Canary)} over {counts.Canary:N0} requests since {Clock(memory.AgainstSince!.Value)}, limit {Percent(guardrail.Limit)}, crossed {Clock(memory.CrossedAt!.Value)}, rule {LimitRule(guardrail)} (evidence {Weight(logEvidence)} of {Weight(logThreshold)})");
    }

    /// <summary>The name of the test against the control arm.</summary>
    public static string RatioRule(Guardrail guardrail) => $"{guardrail.Metric} against control";

    /// <summary>The name of the test against the limit.</summary>
    public static string LimitRule(Guardrail guardrail) => $"{guardrail.Metric} against limit";

    /// <summary>A number as it is recorded: to ten decimals, so that the last bits, in which runtimes and processors differ, make no other
    /// history of the same release.</summary>
    public static double Recorded(double value) => double.IsFinite(value) ? Math.Round(value, 10) : value;

    /// <summary>The same of a number that may be missing; one that is not finite is.</summary>
    public static double? Recorded(double? value) => value is { } known && double.IsFinite(known) ? Math.Round(known, 10) : null;

    /// <summary>Evidence as a number.</summary>
    public static string Weight(double log) => log > 13.8 ? "over a million" : string.Create(CultureInfo.InvariantCulture, $"{Math.Exp(log):0.##}");

    /// <summary>The milliseconds above which a canary's request is slow.</summary>
    public static double Edge(Guardrail guardrail, LatencyHistogram usual) =>
        LatencyHistogram.UpperEdge(Math.Min(LatencyHistogram.LastBucket, usual.PercentileBucket(SlowRequests.Percentile) + SlowRequests.Buckets(guardrail.Tolerance)));

    /// <summary>How long some intervals are: <c>8 min</c>, <c>40 s</c>, <c>3 h</c>.</summary>
    public static string Duration(TimeSpan time) => time.TotalSeconds < 90 ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds):0} s")
        : time.TotalMinutes < 180 ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalMinutes):0} min")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalHours):0} h");
}
