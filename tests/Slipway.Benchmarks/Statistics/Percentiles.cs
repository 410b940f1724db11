namespace Slipway.Benchmarks.Statistics;

/// <summary>Percentiles by linear interpolation between order statistics: R's type 7, the default of most tools.</summary>
internal static class Percentiles
{
    /// <summary>The value that a share of the sample lies below; not a number for an empty sample.</summary>
    /// <param name="sample">In any order; left as it is.</param>
    /// <param name="share">0 to 1.</param>
    public static double Of(IEnumerable<double> sample, double share) => OfUnsorted([.. sample], share);

    /// <summary>The same, sorting the sample in place. Values may be infinite.</summary>
    public static double OfUnsorted(double[] sample, double share)
    {
        if (sample.Length == 0) return double.NaN;
        Array.Sort(sample);
        var position = share * (sample.Length - 1);
        var below = (int)Math.Floor(position);
        var rest = position - below;
        return rest == 0 || sample[below] == sample[below + 1] ? sample[below] : sample[below] + (rest * (sample[below + 1] - sample[below]));
    }
}
