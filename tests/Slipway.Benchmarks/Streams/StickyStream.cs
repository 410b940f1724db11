using Slipway.Core.Analysis.Calibrating;
using Slipway.Core.Analysis.Promotion;
using Slipway.Core.Analysis.Sequential;

namespace Slipway.Benchmarks.Streams;

/// <summary>
/// Releases to sticky users: each user's rate is their own and stays with them. Users are hashed to a line; the first 5 % of it are the
/// canary of a 5 % stage, the first 25 % that of a 25 % stage. So a larger cohort contains the smaller one and its mean differs less:
/// the log rate of a band of width w is normal with variance <c>sd² · 0.05/w</c>, which makes that of a cohort of a share
/// <c>sd² · 0.05/share</c>. The control arm is all others, who differ by chance as well. Sixty minutes before the start show all cohorts
/// at exposure 0, and give each stage's A/A offset.
/// </summary>
internal static class StickyStream
{
    private const double SpreadAtFivePercent = 0.2;

    /// <summary>One run, with its offsets.</summary>
    public static ReleaseStream Draw(StreamCase kind, int run)
    {
        var random = new Rng(Rng.Seed(kind.Name, run));
        double[] edges = [.. kind.Stages.Select(stage => stage.Percentage / 100).Distinct().Order(), 1];
        var widths = edges.Select((edge, i) => edge - (i == 0 ? 0 : edges[i - 1])).ToArray();
        var rates = widths.Select(width => kind.Base * Math.Exp(SpreadAtFivePercent * Math.Sqrt(0.05 / width) * random.Normal())).ToArray();

        var before = new CountSums[edges.Length];
        for (var i = 0; i < AaOffset.Span.TotalMinutes; i++)
        {
            var minute = Minute(random, kind.Rps * 60, widths, rates);
            for (var cohort = 0; cohort < edges.Length - 1; cohort++) before[cohort] += CountSums.Of(Split(minute, cohort));
        }

        var cohorts = kind.Stages.Select(stage => Array.IndexOf(edges, stage.Percentage / 100)).ToArray();
        var minutes = kind.Stages.SelectMany((stage, i) => Enumerable.Range(0, stage.Minutes)
            .Select(_ => Split(Minute(random, kind.Rps * 60, widths, rates), cohorts[i]))).ToArray();
        return new ReleaseStream(minutes, kind.StageEnds, kind.Base)
        {
            Offsets = [.. cohorts.Select(cohort => AaOffset.Estimate(before[cohort], edges[cohort]))],
        };
    }

    /// <summary>Each band's requests and bad events.</summary>
    private static (long Requests, long Bad)[] Minute(Rng random, double requests, double[] widths, double[] rates)
    {
        var bands = new (long Requests, long Bad)[widths.Length];
        for (var i = 0; i < bands.Length; i++)
        {
            var band = random.Poisson(requests * widths[i]);
            bands[i] = (band, MinuteStream.Binomial(random, band, rates[i]));
        }

        return bands;
    }

    private static ArmCounts Split((long Requests, long Bad)[] bands, int cohort)
    {
        var counts = default(ArmCounts);
        for (var i = 0; i < bands.Length; i++)
        {
            var (requests, bad) = bands[i];
            counts += i <= cohort ? new ArmCounts(bad, requests, 0, 0) : new ArmCounts(0, 0, bad, requests);
        }

        return counts;
    }
}
