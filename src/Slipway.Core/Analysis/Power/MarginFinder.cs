using Slipway.Core.Analysis.Promotion;
using Slipway.Core.Analysis.Sequential;

namespace Slipway.Core.Analysis.Power;

/// <summary>
/// The margin M that a promotion of a stage proves: the smallest ratio of the lattice that a healthy release excludes with 80 % inside the
/// bake, if each arm's rate varies by 30 % from interval to interval. At least 1.25 times the tolerated ratio, and at most 5 at up to 5 %
/// of the users, 3 at up to 25 %, and 2 above. Pure.
/// </summary>
public static class MarginFinder
{
    /// <summary>How often a healthy release has to pass.</summary>
    public const double Wanted = 0.80;

    /// <summary>The coefficient of variation that is allowed for.</summary>
    public const double Variation = 0.3;

    /// <summary>The largest margin that is worth proving at a share of users.</summary>
    /// <param name="share">0 to 1.</param>
    public static double Largest(double share) => share <= 0.05 ? 5 : share <= 0.25 ? 3 : 2;

    /// <summary>The margin, and whether the last half of the bake can be asked for it too; null: no margin can be proven.</summary>
    /// <param name="traffic">What is expected.</param>
    /// <param name="tolerated">The tolerated ratio, 1 or more.</param>
    public static StageMargin? Find(StageTraffic traffic, double tolerated) =>
        Smallest(traffic, tolerated, alsoHalf: true) is { } both ? new StageMargin(both, true)
        : Smallest(traffic, tolerated, alsoHalf: false) is { } whole ? new StageMargin(whole, false)
        : null;

    /// <summary>How often a healthy release passes.</summary>
    /// <param name="traffic">What is expected.</param>
    /// <param name="margin">M.</param>
    /// <param name="alsoHalf">Whether the last half has to pass too.</param>
    public static double Passes(StageTraffic traffic, double margin, bool alsoHalf)
    {
        var whole = Passes(traffic, margin, traffic.Intervals, PromotionRule.Whole);
        return alsoHalf ? Math.Min(whole, Passes(traffic, margin, (traffic.Intervals + 1) / 2, PromotionRule.LastHalf)) : whole;
    }

    private static double? Smallest(StageTraffic traffic, double tolerated, bool alsoHalf)
    {
        var largest = Largest(traffic.Share) * (1 + 1e-9);
        for (var r = 2; r <= NoiseLattice.LastRatio; r++)
        {
            var margin = tolerated * NoiseLattice.RatioOf(r);
            if (margin > largest) return null;
            if (Passes(traffic, margin, alsoHalf) >= Wanted) return margin;
        }

        return null;
    }

    private static double Passes(StageTraffic traffic, double margin, int intervals, PromotionLevel level)
    {
        var (canary, control) = (traffic.CanaryBad * intervals, traffic.ControlBad * intervals);
        if (canary <= 0 || control <= 0) return 0;
        var noise = 2 * Variation * Variation / intervals;
        var spread = Math.Sqrt((1 / (canary + 0.5)) + (1 / (control + 0.5)) + noise);
        var byRatio = NormalTail.Below((Math.Log(margin) - (level.Deviations * PromotionRule.Widening(intervals) * spread)) / spread);
        return Math.Min(byRatio, ByTail(canary, canary + control, margin, traffic.Share, noise, level.Chance));
    }

    /// <summary>How often so few of the bad events are the canary's that the binomial tail is small enough.</summary>
    private static double ByTail(double canary, double all, double margin, double share, double noise, double chance)
    {
        var atMargin = share * margin / ((share * margin) + 1 - share);
        if (PromotionRule.Below(0, all, atMargin) > chance) return 0;
        double low = 0, high = Math.Max(1, Math.Floor(all));
        while (high - low > 1)
        {
            var middle = Math.Floor((low + high) / 2);
            if (PromotionRule.Below(middle, all, atMargin) <= chance) low = middle;
            else high = middle;
        }

        var variance = (all * share * (1 - share)) + (canary * canary * noise * (1 - share) * (1 - share));
        return NormalTail.Below((low + 0.5 - canary) / Math.Sqrt(variance));
    }
}

/// <summary>What a promotion of a stage proves about one metric.</summary>
/// <param name="Ratio">A regression of this size, relative to the control arm, is excluded.</param>
/// <param name="AlsoLastHalf">Whether the last half of the bake has to exclude it on its own.</param>
public sealed record StageMargin(double Ratio, bool AlsoLastHalf);
