using Slipway.Core.Analysis.Promotion;

namespace Slipway.Core.Analysis.Calibrating;

/// <summary>
/// The A/A offset. With sticky users, whoever hashes into the canary differs a little from the rest, and goes on differing: without an
/// allowance that passes for a regression. While nobody is exposed, the cohort that the same hash will expose is compared with the others;
/// the log ratio is shrunk by <c>tau²/(tau² + v)</c>, where <c>tau = 0.2 sqrt(0.05/share)</c> is how much cohorts of that share are expected
/// to differ and v the variance of what was measured (empirical Bayes with a normal prior). Pure.
/// </summary>
public static class AaOffset
{
    /// <summary>Over how long the cohorts are compared.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromMinutes(60);

    private const double SpreadAtFivePercent = 0.2;

    /// <summary>The offset that a comparison gives; 0 where the arms cannot be compared.</summary>
    /// <param name="sums">The cohort's counts as canary, the others' as control.</param>
    /// <param name="share">The cohort's share of users, above 0 and below 1.</param>
    public static double Estimate(in CountSums sums, double share)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(share, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(share, 1);
        if (!sums.Counts.Informative) return 0;
        var prior = SpreadAtFivePercent * SpreadAtFivePercent * 0.05 / share;
        return sums.LogRatio * prior / (prior + sums.Variance);
    }
}
