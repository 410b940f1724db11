using Slipway.Benchmarks.Measuring;
using Slipway.Benchmarks.Reporting;
using Slipway.Benchmarks.Statistics;
using Slipway.Benchmarks.Streams;

namespace Slipway.Benchmarks.Rows;

/// <summary>Regressions of the error rate: how many are found, how fast, and what they harm.</summary>
internal static class DetectionRows
{
    private const string Section = "Regressions of the error rate, 0.5 % when healthy";

    private static readonly double[] Tolerances = [1.25, 1.0];
    private static readonly (double, int)[] NineHours = [(5, 180), (25, 180), (50, 180)];

    /// <summary>The rows.</summary>
    public static IEnumerable<Row> All(RunSizes sizes) =>
        Cases(sizes).SelectMany(item => Measure(item.Kind, item.Runs, item.Minutes, item.Caught));

    /// <summary>Median minutes to reach, and shares to catch (0: none), at each tolerance.</summary>
    private static IEnumerable<(StreamCase Kind, int Runs, double[] Minutes, double[] Caught)> Cases(RunSizes sizes)
    {
        var runs = sizes.Detection;
        double[] any = [0, 0], nearlyAll = [0.99, 0.99];
        yield return (Kind("2x, 100 rps", 2), runs, [29, 22], any);
        yield return (Kind("3x, 100 rps", 3), runs, [16, 12], any);
        yield return (Kind("5x, 100 rps", 5), runs, [8, 7], any);
        yield return (Kind("10x, 100 rps", 10), runs, [5, 5], any);
        yield return (Kind("2x, 1,000 rps", 2) with { Rps = 1000 }, runs, [11, 9], any);
        yield return (Kind("5x, 1,000 rps", 5) with { Rps = 1000 }, runs, [5, 5], any);
        yield return (Kind("5x, 10 rps", 5) with { Rps = 10 }, runs, [23, 21], any);
        yield return (Kind("5x from minute 16, 100 rps", 5) with { From = 15 }, runs, [10, 10], nearlyAll);
        yield return (Kind("5x from minute 31, 100 rps", 5) with { From = 30 }, runs, [8, 8], nearlyAll);
        yield return (Kind("5x after 3 h of 9 h, 100 rps", 5) with { From = 180, Stages = NineHours }, sizes.Long, [6, 6], nearlyAll);
        yield return (Kind("2x after 3 h of 9 h, 100 rps", 2) with { From = 180, Stages = NineHours }, sizes.Long, [25, 12], any);
        yield return (Kind("2x from minute 31, 100 rps", 2) with { From = 30 }, runs, [0, 0], any);
        yield return (Kind("5x under own noise cv 1.0, 100 rps", 5) with { Variation = 1 }, runs, [28, 22], [0.87, 0.95]);
    }

    private static StreamCase Kind(string name, double ratio) => new() { Name = name, Ratio = ratio };

    private static IEnumerable<Row> Measure(StreamCase kind, int runs, double[] minutes, double[] caught)
    {
        var results = Judging.Run(runs, kind.From, run => MinuteStream.Draw(kind, run), Rivals.Judges(Tolerances, kind.Minutes));
        for (var i = 0; i < Tolerances.Length; i++)
        {
            var found = Detections.Of(results[i], kind.From);
            yield return new Row
            {
                Section = Section,
                Case = kind.Name,
                Tolerance = Tolerances[i],
                Runs = runs,
                Result = found.Caught,
                Detections = found,
                LimitMinutes = InformationLimit.Minutes(kind, kind.Ratio, kind.Base),
                Goals =
                [
                    .. minutes[i] > 0 ? [Goal.Minutes(found, minutes[i])] : Array.Empty<Goal>(),
                    .. caught[i] > 0 ? [Goal.AtLeast("", found.Caught, caught[i])] : Array.Empty<Goal>(),
                ],
                Rivals = Rivals.Of(results, i, Tolerances.Length, kind.From),
            };
        }
    }
}
