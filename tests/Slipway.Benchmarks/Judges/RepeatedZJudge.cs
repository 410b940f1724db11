using Slipway.Benchmarks.Statistics;
using Slipway.Benchmarks.Streams;
using Slipway.Core.Analysis.Sequential;

namespace Slipway.Benchmarks.Judges;

/// <summary>
/// The pooled two-proportion z-test on the stage's counts so far, looked at every minute as if each look were the only one: one-sided, at
/// 1 %, once both arms together have five bad events. What a dashboard with "significant" on it amounts to.
/// </summary>
internal sealed record RepeatedZJudge : IStreamJudge
{
    private const double Level = 0.01;
    private const int FewestBad = 5;

    /// <inheritdoc/>
    public string Name => "z each min";

    /// <inheritdoc/>
    public int? FirstAlarm(ReleaseStream stream)
    {
        var start = 0;
        foreach (var end in stream.StageEnds)
        {
            var sum = default(ArmCounts);
            for (var minute = start; minute < end; minute++)
            {
                sum += stream.Minutes[minute];
                if (sum.Comparable && sum.CanaryBad + sum.ControlBad >= FewestBad && PValue(sum) < Level) return minute;
            }

            start = end;
        }

        return null;
    }

    /// <summary>The one-sided p-value against "the canary's rate is higher"; 1 where all or none are bad.</summary>
    internal static double PValue(in ArmCounts counts)
    {
        var pooled = (double)(counts.CanaryBad + counts.ControlBad) / (counts.Canary + counts.Control);
        var variance = pooled * (1 - pooled) * ((1.0 / counts.Canary) + (1.0 / counts.Control));
        return variance <= 0 ? 1 : Normal.Above((counts.CanaryRate - counts.ControlRate) / Math.Sqrt(variance));
    }
}
