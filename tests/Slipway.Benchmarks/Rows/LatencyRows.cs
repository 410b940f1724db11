using Slipway.Benchmarks.Measuring;
using Slipway.Benchmarks.Reporting;
using Slipway.Benchmarks.Statistics;
using Slipway.Benchmarks.Streams;

namespace Slipway.Benchmarks.Rows;

/// <summary>Regressions of the latency, judged by slow requests; the tolerated ratio is one of milliseconds.</summary>
internal static class LatencyRows
{
    private const string Section = "Regressions of the latency (log-normal; log sd 0.5: p95 of 2.3 medians, 1.0: of 5.2)";

    /// <summary>The rows.</summary>
    public static IEnumerable<Row> All(RunSizes sizes)
    {
        foreach (var logSpread in new[] { 0.5, 1.0 })
        {
            yield return Measure(sizes, logSpread, "x1.5", 100, 1.5, 1.2, 9);
            yield return Measure(sizes, logSpread, "x1.5", 10, 1.5, 1.2, 23);
            yield return Measure(sizes, logSpread, "x1.25", 100, 1.25, 1.0, 8);
            yield return Measure(sizes, logSpread, "x1.25", 10, 1.25, 1.0, 22);
            yield return Measure(sizes, logSpread, "healthy", 100, 1, 1.2, null, 0.005);
            yield return Measure(sizes, logSpread, "healthy", 100, 1, 1.0, null, 0.008);
            yield return Measure(sizes, logSpread, "healthy", 10, 1, 1.0, null, 0.008);
            yield return Measure(sizes, logSpread, "just tolerated: x1.2", 100, 1.2, 1.2, null);
        }
    }

    private static Row Measure(
        RunSizes sizes, double logSpread, string what, double rps, double factor, double tolerated, double? minutes, double? falsely = null)
    {
        var name = FormattableString.Invariant($"{what}, {rps} rps, log sd {logSpread}");
        var kind = new LatencyCase($"latency {name}", rps, factor, logSpread);

        // The tolerance has moved the cutoff already.
        var results = Judging.Run(sizes.Latency, 0, run => LatencyStream.Draw(kind, run, tolerated), Rivals.Judges([1.0], kind.Minutes));
        var found = Detections.Of(results[0], 0);
        return new Row
        {
            Section = Section,
            Case = name,
            Tolerance = tolerated,
            Runs = sizes.Latency,
            Result = found.Caught,
            Detections = factor > tolerated ? found : null,
            LimitMinutes = factor > tolerated ? InformationLimit.Minutes(new StreamCase { Name = name, Rps = rps }, SlowRatio(factor, logSpread), 0.05) : null,
            Goals =
            [
                .. minutes is { } limit ? [Goal.Minutes(found, limit)] : Array.Empty<Goal>(),
                .. falsely is { } most ? [Goal.AtMost("", found.Caught, most)] : Array.Empty<Goal>(),
            ],
            Rivals = Rivals.Of(results, 0, 1, 0),
        };
    }

    /// <summary>How many times as many of the canary's requests take longer than the control arm's p95.</summary>
    private static double SlowRatio(double factor, double logSpread) => Normal.Above(LatencyCase.At95 - (Math.Log(factor) / logSpread)) / 0.05;
}
