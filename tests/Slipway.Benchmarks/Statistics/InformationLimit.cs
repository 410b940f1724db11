using Slipway.Benchmarks.Streams;

namespace Slipway.Benchmarks.Statistics;

/// <summary>
/// How fast any judge could be: after how many minutes the expected log likelihood ratio of the regression against no regression reaches
/// ln 200, given the bad events of both arms together (the Kullback-Leibler divergence of the canary's share of them). Noise is left out.
/// </summary>
internal static class InformationLimit
{
    /// <summary>Minutes, with a fraction; infinite where the release ends before.</summary>
    /// <param name="kind">The release.</param>
    /// <param name="badRatio">How many times as many bad events the canary has.</param>
    /// <param name="baseRate">Bad events among requests when all is well.</param>
    public static double Minutes(StreamCase kind, double badRatio, double baseRate)
    {
        var missing = Math.Log(200);
        var ends = kind.StageEnds;
        for (var minute = kind.From; minute < kind.Minutes; minute++)
        {
            var share = kind.Stages[Array.FindIndex(ends, end => minute < end)].Percentage / 100;
            var told = kind.Rps * 60 * baseRate * Divergence(share, badRatio);
            if (told >= missing) return minute - kind.From + (missing / told);
            missing -= told;
        }

        return double.PositiveInfinity;
    }

    /// <summary>What one bad event of a healthy release's number tells.</summary>
    private static double Divergence(double share, double ratio)
    {
        var events = (share * ratio) + 1 - share;
        var canary = share * ratio / events;
        return events * ((canary * Math.Log(canary / share)) + ((1 - canary) * Math.Log((1 - canary) / (1 - share))));
    }
}
