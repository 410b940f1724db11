using Slipway.Core.Analysis.Sequential;

namespace Slipway.Core.Analysis.Promotion;

/// <summary>
/// Whether the evidence of one stage excludes a regression of the stage's margin M. Both must hold: the log ratio of rates lies below ln M
/// by <c>z (1 + 1.8/n)</c> standard errors over n intervals (the factor pays for the few intervals that the variance is estimated from), and
/// so few bad events of the canary among all have at most the given chance if the ratio were M (the exact binomial tail). Pure.
/// </summary>
public static class PromotionRule
{
    /// <summary>For the whole bake: one-sided 99 %.</summary>
    public static PromotionLevel Whole { get; } = new(2.326, 0.01);

    /// <summary>For the last half of the bake, which a regression that begins in the middle fills: one-sided 90 %.</summary>
    public static PromotionLevel LastHalf { get; } = new(1.2816, 0.10);

    /// <summary>What the counts say about a margin.</summary>
    /// <param name="sums">Both arms' counts.</param>
    /// <param name="margin">M, above 1.</param>
    /// <param name="offset">The A/A offset in the log ratio; 0 where it was not measured.</param>
    /// <param name="level">How sure.</param>
    public static PromotionCheck Check(in CountSums sums, double margin, double offset, PromotionLevel level)
    {
        var ratio = sums.LogRatio - offset;
        if (!sums.Counts.Comparable) return new PromotionCheck(false, double.NaN, double.PositiveInfinity, 1);
        var upper = ratio + (level.Deviations * Widening(sums.Intervals) * Math.Sqrt(sums.Variance));
        var chance = Tail(sums.Counts, margin, offset);
        return new PromotionCheck(upper <= Math.Log(margin) && chance <= level.Chance, Math.Exp(ratio), Math.Exp(upper), chance);
    }

    /// <summary>
    /// How many times the intervals so far a bake needs until <see cref="Check"/> holds if rates and traffic stay as they are; above 1. Null:
    /// it cannot hold, since the ratio itself is not below the margin.
    /// </summary>
    /// <inheritdoc cref="Check" path="/param"/>
    public static double? LengthNeeded(in CountSums sums, double margin, double offset, PromotionLevel level)
    {
        var distance = Math.Log(margin) - (sums.LogRatio - offset);
        if (!sums.Counts.Comparable || distance <= 0) return null;
        var (low, high) = (1.0, 1.0);
        while (!Holds(sums, high, distance, margin, offset, level))
        {
            low = high;
            high *= 2;
            if (high > 1e6) return null;
        }

        for (var i = 0; i < 30; i++)
        {
            var middle = (low + high) / 2;
            if (Holds(sums, middle, distance, margin, offset, level)) high = middle;
            else low = middle;
        }

        return high;
    }

    /// <summary>The factor that pays for a variance from few intervals.</summary>
    internal static double Widening(double intervals) => 1 + (1.8 / Math.Max(1, intervals));

    /// <summary>The chance of so few bad events in the canary, given all of both arms, if its rate were <paramref name="margin"/> times the control's.</summary>
    internal static double Tail(in ArmCounts counts, double margin, double offset)
    {
        var canary = counts.Canary * margin * Math.Exp(offset);
        return Below(counts.CanaryBad, (double)counts.CanaryBad + counts.ControlBad, canary / (canary + counts.Control));
    }

    /// <summary>P(K &lt;= k) of a binomial of <paramref name="trials"/> trials; counts need not be whole.</summary>
    internal static double Below(double k, double trials, double chance) =>
        k >= trials ? 1 : BinomialBounds.RegularizedBeta(1 - chance, trials - k, k + 1);

    private static bool Holds(in CountSums sums, double longer, double distance, double margin, double offset, PromotionLevel level)
    {
        var counts = sums.Counts;
        var canary = counts.Canary * margin * Math.Exp(offset);
        return level.Deviations * Widening(sums.Intervals * longer) * Math.Sqrt(sums.Variance / longer) <= distance
            && Below(longer * counts.CanaryBad, longer * ((double)counts.CanaryBad + counts.ControlBad), canary / (canary + counts.Control)) <= level.Chance;
    }
}

/// <summary>How sure a promotion has to be.</summary>
/// <param name="Deviations">Standard errors between the log ratio and the margin.</param>
/// <param name="Chance">The largest binomial tail.</param>
public sealed record PromotionLevel(double Deviations, double Chance);

/// <summary>What a promotion check found.</summary>
/// <param name="Excluded">Whether a regression of the margin's size is excluded.</param>
/// <param name="Ratio">The canary's rate over the control arm's; not a number where they cannot be compared.</param>
/// <param name="Upper">The bound below which the ratio lies; infinite where nothing is known.</param>
/// <param name="Chance">The binomial tail.</param>
public sealed record PromotionCheck(bool Excluded, double Ratio, double Upper, double Chance);
