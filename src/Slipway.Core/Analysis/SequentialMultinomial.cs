namespace Slipway.Core.Analysis;

/// <summary>
/// Whether counts are split as they should be, at every look: the sequential multinomial test of Lindon and Malek (Anytime-valid inference
/// for multinomial count data, 2020), with a Dirichlet prior around the expected shares. Pure.
/// </summary>
public static class SequentialMultinomial
{
    /// <summary>How strongly the prior believes in shares near the expected ones.</summary>
    public const double Concentration = 100;

    /// <summary>The chance, 0 to 1, of a split that looks so wrong at this or any earlier look, if the shares were as expected.</summary>
    /// <param name="counts">Counts by cell, 0 or more each.</param>
    /// <param name="shares">Expected shares, above 0 each, adding up to 1.</param>
    public static double PValue(ReadOnlySpan<long> counts, ReadOnlySpan<double> shares)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(counts.Length, shares.Length);
        double total = 0, log = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(counts[i]);
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(shares[i], 0);
            var prior = Concentration * shares[i];
            total += counts[i];
            log += LogGamma(prior + counts[i]) - LogGamma(prior) - (counts[i] * Math.Log(shares[i]));
        }

        log += BinomialBounds.LogGamma(Concentration) - BinomialBounds.LogGamma(Concentration + total);
        return Math.Min(1, Math.Exp(-log));
    }

    // The approximation behind it holds from a half on.
    private static double LogGamma(double x) => x >= 0.5 ? BinomialBounds.LogGamma(x) : BinomialBounds.LogGamma(x + 1) - Math.Log(x);
}
