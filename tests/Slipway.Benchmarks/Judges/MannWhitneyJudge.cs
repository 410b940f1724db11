using Slipway.Benchmarks.Statistics;
using Slipway.Benchmarks.Streams;

namespace Slipway.Benchmarks.Judges;

/// <summary>
/// As Kayenta's default judge (NetflixACAJudge): the Mann-Whitney test on both arms' minute series of the stage so far, at 98 % confidence,
/// "high" where the lower confidence limit of the shift exceeds a quarter of its estimate. The limit exceeds a value exactly when the
/// one-sided test of the canary's series less that value has a p-value below 1 %, which is what is computed. Minutes without requests in
/// an arm are left out; outliers stay in. One metric that is high fails the release, as for a metric marked critical.
/// </summary>
/// <param name="Name">For a column.</param>
/// <param name="Period">Every so many minutes of a stage, and at its end; 0: only at its end.</param>
internal sealed record MannWhitneyJudge(string Name, int Period) : IStreamJudge
{
    private const double Level = 0.01;
    private const double Tolerance = 0.25;

    /// <summary>Every five minutes.</summary>
    public static MannWhitneyJudge EveryFive { get; } = new("M-W 5 min", 5);

    /// <summary>At the end of each stage.</summary>
    public static MannWhitneyJudge StageEnd { get; } = new("M-W stage", 0);

    /// <inheritdoc/>
    public int? FirstAlarm(ReleaseStream stream)
    {
        var start = 0;
        foreach (var end in stream.StageEnds)
        {
            for (var minute = start; minute < end; minute++)
            {
                var due = minute + 1 == end || (Period > 0 && (minute + 1 - start) % Period == 0);
                if (due && High(stream, start, minute)) return minute;
            }

            start = end;
        }

        return null;
    }

    private static bool High(ReleaseStream stream, int from, int to)
    {
        var minutes = Enumerable.Range(from, to - from + 1).Where(minute => stream.Minutes[minute].Comparable).ToArray();
        var canary = minutes.Select(stream.CanaryValue).ToArray();
        var control = minutes.Select(stream.ControlValue).ToArray();
        if (canary.Length == 0) return false;
        var allowed = Tolerance * Math.Abs(MannWhitney.Shift(canary, control));
        for (var i = 0; i < canary.Length; i++) canary[i] -= allowed;
        return MannWhitney.Greater(canary, control) < Level;
    }
}
