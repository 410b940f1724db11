namespace Slipway.Core.Analysis.Calibrating;

/// <summary>
/// Whether noise has memory: the lag-1 autocorrelation of the log ratio of both arms, after a straight line is taken out. Above
/// <see cref="Remembered"/> intervals are judged in blocks, since every judge of single intervals is fooled by such noise. Pure.
/// </summary>
public static class NoiseMemory
{
    /// <summary>An estimate from fewer intervals says too little.</summary>
    public const int FewestIntervals = 120;

    /// <summary>Above this, noise has memory.</summary>
    public const double Remembered = 0.3;

    /// <summary>The tolerated ratio from which blocks of three intervals suffice; below, five are needed.</summary>
    public const double ThreeSuffice = 1.25;

    /// <summary>The autocorrelation, -1 to 1; null where there are fewer than <see cref="FewestIntervals"/> values, or they do not vary.</summary>
    /// <param name="logRatios">One value an interval, in order.</param>
    public static double? Lag1(IReadOnlyList<double> logRatios)
    {
        var n = logRatios.Count;
        if (n < FewestIntervals) return null;
        var middle = (n - 1) / 2.0;
        var mean = logRatios.Average();
        double slope = 0, squares = 0;
        for (var i = 0; i < n; i++)
        {
            slope += (i - middle) * logRatios[i];
            squares += (i - middle) * (i - middle);
        }

        slope /= squares;
        double variance = 0, covariance = 0, before = 0;
        for (var i = 0; i < n; i++)
        {
            var rest = logRatios[i] - mean - (slope * (i - middle));
            variance += rest * rest;
            if (i > 0) covariance += rest * before;
            before = rest;
        }

        return variance <= 1e-12 * n ? null : covariance / variance;
    }

    /// <summary>How many intervals are judged as one.</summary>
    /// <param name="autocorrelation">As estimated; null: unknown, which changes nothing.</param>
    /// <param name="tolerated">The smallest tolerated ratio of the release.</param>
    public static int BlockOf(double? autocorrelation, double tolerated) =>
        autocorrelation is not > Remembered ? 1 : tolerated >= ThreeSuffice ? 3 : 5;
}
