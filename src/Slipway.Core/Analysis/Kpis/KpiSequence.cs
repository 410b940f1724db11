namespace Slipway.Core.Analysis.Kpis;

/// <summary>
/// How much a business metric's mean differs between the arms, relative to the control's, with a band that holds at every look: the
/// asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (Time-uniform central limit theory, 2024), half-width
/// <c>se sqrt(2 (N r² + 1)/(N r²) ln(sqrt(N r² + 1)/a))</c> with N the values of both arms, narrowest at <see cref="Tuned"/> values, and the
/// standard error of the ratio of means by the delta method. Pure.
/// </summary>
public static class KpiSequence
{
    /// <summary>The band is narrowest at this many values.</summary>
    public const int Tuned = 5000;

    /// <summary>Fewer values in an arm say nothing.</summary>
    public const int FewestValues = 30;

    /// <summary>The relative difference and its band; null where an arm has too few values or the control's mean is 0.</summary>
    /// <param name="canary">The canary's values.</param>
    /// <param name="control">The control arm's values.</param>
    /// <param name="alpha">The band misses the truth, at any look, with at most this chance; above 0 and below 1.</param>
    public static KpiBand? Of(KpiSample canary, KpiSample control, double alpha)
    {
        if (Difference(canary, control) is not { } difference) return null;
        double n = canary.Count + control.Count;
        var r2 = ((-2 * Math.Log(alpha)) + Math.Log(1 - (2 * Math.Log(alpha)))) / Tuned;
        var half = difference.Error * Math.Sqrt(2 * ((n * r2) + 1) / (n * r2) * Math.Log(Math.Sqrt((n * r2) + 1) / alpha));
        return new KpiBand(difference.Value, difference.Value - half, difference.Value + half);
    }

    /// <summary>The relative difference with its standard error; null as above.</summary>
    public static KpiDifference? Difference(KpiSample canary, KpiSample control)
    {
        if (canary.Count < FewestValues || control.Count < FewestValues) return null;
        var (mean, other) = (canary.Sum / canary.Count, control.Sum / control.Count);
        if (other == 0 || !double.IsFinite(mean) || !double.IsFinite(other)) return null;
        var error = Math.Sqrt((Variance(canary) / canary.Count / (other * other)) + (mean * mean * Variance(control) / control.Count / (other * other * other * other)));
        return double.IsFinite(error) ? new KpiDifference((mean - other) / Math.Abs(other), error) : null;
    }

    private static double Variance(KpiSample sample)
    {
        var mean = sample.Sum / sample.Count;
        return Math.Max(0, (sample.SumOfSquares - (sample.Count * mean * mean)) / (sample.Count - 1));
    }
}

/// <summary>A relative difference of means; 0.1 is a tenth more than the control.</summary>
/// <param name="Value">The difference.</param>
/// <param name="Error">Its standard error.</param>
public readonly record struct KpiDifference(double Value, double Error);

/// <summary>A relative difference of means with the band that holds at every look.</summary>
/// <param name="Value">The difference.</param>
/// <param name="Lower">The band's lower end.</param>
/// <param name="Upper">The band's upper end.</param>
public readonly record struct KpiBand(double Value, double Lower, double Upper);
