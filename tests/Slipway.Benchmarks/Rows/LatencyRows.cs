using Slipway.Benchmarks.Measuring;
using Slipway.Benchmarks.Reporting;
using Slipway.Benchmarks.Statistics;
using Slipway.Benchmarks.Streams;

namespace Slipway.Benchmarks.Rows;

/// <summary>Regressions of the latency, judged by slow requests; the tolerated ratio is one of milliseconds.</summary>
internal static class LatencyRows
{
    private const string Section = "Regressions of the latency (log-normal, p95 518 ms)";

    /// <summary>The rows.</summary>
    public static IEnumerable<Row> All(RunSizes sizes)
    {
        yield return Measure(sizes, "x1.5, 100 rps", 100, 1.5, 1.2, 9);
        yield return Measure(sizes, "x1.5, 10 rps", 10, 1.5, 1.2, 23);
        yield return Measure(sizes, "x1.25, 100 rps", 100, 1.25, 1.0, 8);
        yield return Measure(sizes, "x1.25, 10 rps", 10, 1.25, 1.0, 22);
        yield return Measure(sizes, "healthy, 100 rps", 100, 1, 1.2, null, 0.005);
        yield return Measure(sizes, "healthy, 100 rps", 100, 1, 1.0, null, 0.008);
        yield return Measure(sizes, "healthy, 10 rps", 10, 1, 1.0, null, 0.008);
        yield return Measure(sizes, "just tolerated: x1.2, 100 rps", 100, 1.2, 1.2, null);
    }

    private static Row Measure(RunSizes sizes, string name, double rps, double factor, double tolerated, double? minutes, double? falsely = null)
    {
        var kind = new LatencyCase($"latency {name}", rps, factor);

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
            LimitMinutes = factor > tolerated ? InformationLimit.Minutes(new StreamCase { Name = name, Rps = rps }, SlowRatio(factor), 0.05) : null,
            Goals =
            [
                .. minutes is { } limit ? [Goal.Minutes(found, limit)] : Array.Empty<Goal>(),
                .. falsely is { } most ? [Goal.AtMost("", found.Caught, most)] : Array.Empty<Goal>(),
            ],
            Rivals = Rivals.Of(results, 0, 1, 0),
        };
    }

    /// <summary>How many times as many of the canary's requests take longer than the control arm's p95.</summary>
    private static double SlowRatio(double factor) => Normal.Above(LatencyCase.At95 - (Math.Log(factor) / LatencyCase.LogSpread)) / 0.05;
}
