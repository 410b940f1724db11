namespace Slipway.Core.Reporting;

/// <summary>
/// The value of <c>statistical_confidence</c>, for display only: 1 - p of the two-sided two-proportion z test with pooled variance,
/// z = (k1/n1 - k2/n2) / sqrt(q (1 - q) (1/n1 + 1/n2)) with q = (k1 + k2)/(n1 + n2), and 1 - p = erf(|z| / sqrt 2). It is 0 when an arm
/// has no requests or neither has (or only has) errors: nothing is known then. No decision rests on it.
/// </summary>
public static class TwoProportionTest
{
    /// <summary>1 - p, from 0 to 1.</summary>
    /// <param name="errors">Errors of the canary.</param>
    /// <param name="requests">Requests of the canary.</param>
    /// <param name="controlErrors">Errors of the control arm.</param>
    /// <param name="controlRequests">Requests of the control arm.</param>
    public static double Confidence(long errors, long requests, long controlErrors, long controlRequests)
    {
        if (requests <= 0 || controlRequests <= 0) return 0;
        double n1 = requests, n2 = controlRequests;
        var pooled = (errors + controlErrors) / (n1 + n2);
        var variance = pooled * (1 - pooled) * ((1 / n1) + (1 / n2));
        if (variance <= 0) return 0;
        var z = ((errors / n1) - (controlErrors / n2)) / Math.Sqrt(variance);
        return Math.Clamp(Erf(Math.Abs(z) / Math.Sqrt(2)), 0, 1);
    }

    // Abramowitz and Stegun 7.1.26: absolute error at most 1.5e-7 for x >= 0.
    private static double Erf(double x)
    {
        var t = 1 / (1 + (0.3275911 * x));
        var tail = ((((((((1.061405429 * t) - 1.453152027) * t) + 1.421413741) * t) - 0.284496736) * t) + 0.254829592) * t;
        return x == 0 ? 0 : 1 - (tail * Math.Exp(-x * x));
    }
}
