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
            if (Suffices(traffic, margin, traffic.Intervals, PromotionRule.Whole)
                && (!alsoHalf || Suffices(traffic, margin, (traffic.Intervals + 1) / 2, PromotionRule.LastHalf))) return margin;
        }

        return null;
    }

    private static double Passes(StageTraffic traffic, double margin, int intervals, PromotionLevel level)
    {
        var expected = new Expectation(traffic, margin, intervals, level);
        return expected.IsEmpty ? 0 : Math.Min(expected.ByRatio, expected.ByTail());
    }

    /// <summary>Whether a healthy release passes often enough: what <see cref="Passes(StageTraffic, double, int, PromotionLevel)"/> says, from one binomial
    /// tail in place of the search for the largest count whose tail is small enough.</summary>
    private static bool Suffices(StageTraffic traffic, double margin, int intervals, PromotionLevel level)
    {
        var expected = new Expectation(traffic, margin, intervals, level);
        return !expected.IsEmpty && expected.ByRatio >= Wanted && expected.TailSuffices();
    }

    /// <summary>What a healthy release has at the end of a bake.</summary>
    private readonly struct Expectation
    {
        /// <summary>Below it lies <see cref="Wanted"/> of the standard normal distribution.</summary>
        private const double WantedDeviations = 0.8416212335729143;

        private readonly double _canary, _all, _atMargin, _deviation, _chance;

        public Expectation(StageTraffic traffic, double margin, int intervals, PromotionLevel level)
        {
            var share = traffic.Share;
            var control = traffic.ControlBad * intervals;
            _canary = traffic.CanaryBad * intervals;
            IsEmpty = _canary <= 0 || control <= 0;
            if (IsEmpty) return;
            var noise = 2 * Variation * Variation / intervals;
            var spread = Math.Sqrt((1 / (_canary + 0.5)) + (1 / (control + 0.5)) + noise);
            ByRatio = NormalTail.Below((Math.Log(margin) - (level.Deviations * PromotionRule.Widening(intervals) * spread)) / spread);
            _all = _canary + control;
            _atMargin = share * margin / ((share * margin) + 1 - share);
            _deviation = Math.Sqrt((_all * share * (1 - share)) + (_canary * _canary * noise * (1 - share) * (1 - share)));
            _chance = level.Chance;
        }

        /// <summary>Whether one of the arms is expected to have no bad event at all.</summary>
        public bool IsEmpty { get; }

        /// <summary>How often the ratio's bound is low enough.</summary>
        public double ByRatio { get; }

        /// <summary>How often so few of the bad events are the canary's that the binomial tail is small enough.</summary>
        public double ByTail()
        {
            if (!IsRare(0)) return 0;
            double low = 0, high = Most;
            while (high - low > 1)
            {
                var middle = Math.Floor((low + high) / 2);
                if (IsRare(middle)) low = middle;
                else high = middle;
            }

            return AtMost(low);
        }

        /// <summary>Whether <see cref="ByTail"/> is as often as wanted: whether the tail is still small enough at the count that a healthy release stays
        /// below as often as that.</summary>
        public bool TailSuffices()
        {
            var count = Math.Max(0, Math.Ceiling(_canary - 0.5 + (WantedDeviations * _deviation)));

            // The last bits of the deviations may put it one off.
            if (count > 0 && AtMost(count - 1) >= Wanted) count--;
            else if (AtMost(count) < Wanted) count++;
            return (count == 0 || count < Most) && IsRare(count);
        }

        private double Most => Math.Max(1, Math.Floor(_all));

        private bool IsRare(double count) => PromotionRule.Below(count, _all, _atMargin) <= _chance;

        private double AtMost(double count) => NormalTail.Below((count + 0.5 - _canary) / _deviation);
    }
}

/// <summary>What a promotion of a stage proves about one metric.</summary>
/// <param name="Ratio">A regression of this size, relative to the control arm, is excluded.</param>
/// <param name="AlsoLastHalf">Whether the last half of the bake has to exclude it on its own.</param>
public sealed record StageMargin(double Ratio, bool AlsoLastHalf);
