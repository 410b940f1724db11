namespace Slipway.Core.Analysis.Power;

/// <summary>The standard normal distribution.</summary>
internal static class NormalTail
{
    /// <summary>P(Z &lt;= z): Abramowitz and Stegun 26.2.17, absolute error below 7.5e-8.</summary>
    public static double Below(double z)
    {
        if (double.IsNaN(z)) return 0;
        var x = Math.Abs(z);
        var t = 1 / (1 + (0.2316419 * x));
        var polynomial = t * (0.319381530 + (t * (-0.356563782 + (t * (1.781477937 + (t * (-1.821255978 + (t * 1.330274429))))))));
        var tail = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI) * polynomial;
        return z >= 0 ? 1 - tail : tail;
    }
}
