using Slipway.Core.Analysis.Sequential;

namespace Slipway.Core.Analysis.Promotion;

/// <summary>
/// Both arms' bad events over several intervals, with what their spread needs: enough for the variance of the log ratio of rates without
/// keeping the intervals. Sums add up.
/// </summary>
/// <param name="Intervals">How many intervals, with requests in both arms.</param>
/// <param name="Counts">The arms' sums.</param>
/// <param name="CanarySquares">Sum of the squares of the canary's bad events by interval.</param>
/// <param name="ControlSquares">Sum of the squares of the control arm's bad events by interval.</param>
/// <param name="Products">Sum of the products of both.</param>
public readonly record struct CountSums(int Intervals, ArmCounts Counts, double CanarySquares, double ControlSquares, double Products)
{
    /// <summary>Added to each arm's bad events in rates and variances, so that an arm without any has a finite ratio (Haldane 1956).</summary>
    private const double Half = 0.5;

    /// <summary>One interval.</summary>
    public static CountSums Of(in ArmCounts counts) => new(
        1, counts, Square(counts.CanaryBad), Square(counts.ControlBad), (double)counts.CanaryBad * counts.ControlBad);

    /// <summary>ln of the canary's rate over the control arm's; 0 where an arm has no requests.</summary>
    public double LogRatio => !Counts.Comparable ? 0
        : Math.Log((Counts.CanaryBad + Half) / Counts.Canary) - Math.Log((Counts.ControlBad + Half) / Counts.Control);

    /// <summary>
    /// The variance of <see cref="LogRatio"/>: that of counts, 1/K_c + 1/K_b, or what the intervals show, the sum of
    /// (k_ci/K_c - k_bi/K_b)², whichever is larger. 0 without bad events in either arm has no meaning: the first part is then 4.
    /// </summary>
    public double Variance
    {
        get
        {
            var (canary, control) = (Counts.CanaryBad + Half, Counts.ControlBad + Half);
            var counted = (1 / canary) + (1 / control);
            var shown = (CanarySquares / (canary * canary)) - (2 * Products / (canary * control)) + (ControlSquares / (control * control));
            return Math.Max(counted, shown);
        }
    }

    /// <summary>Both together.</summary>
    public static CountSums operator +(in CountSums left, in CountSums right) => new(
        left.Intervals + right.Intervals,
        left.Counts + right.Counts,
        left.CanarySquares + right.CanarySquares,
        left.ControlSquares + right.ControlSquares,
        left.Products + right.Products);

    private static double Square(long value) => (double)value * value;
}
