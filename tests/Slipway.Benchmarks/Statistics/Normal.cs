namespace Slipway.Benchmarks.Statistics;

/// <summary>The standard normal distribution, to about fifteen digits: series near 0, continued fraction in the tails.</summary>
internal static class Normal
{
    /// <summary>P(Z &lt;= z).</summary>
    public static double Below(double z) => z > 0 ? 1 - Above(z) : Above(-z);

    /// <summary>P(Z &gt; z), exact also far out.</summary>
    public static double Above(double z)
    {
        if (z < 0) return 1 - Above(-z);
        if (z > 38) return 0;
        var density = Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);
        if (z < 3)
        {
            // Half minus density times z + z^3/3 + z^5/15 + ...
            var (term, sum) = (z, z);
            for (var i = 3; i < 200 && term > 1e-18 * sum; i += 2) sum += term *= z * z / i;
            return 0.5 - (density * sum);
        }

        // Laplace's continued fraction, from the inside out.
        var fraction = z;
        for (var i = 200; i >= 1; i--) fraction = z + (i / fraction);
        return density / fraction;
    }

    /// <summary>How many standard deviations to either side leave a chance outside; above 0 and below 1.</summary>
    public static double Deviations(double outside)
    {
        double low = 0, high = 38;
        while (high - low > 1e-12)
        {
            var middle = (low + high) / 2;
            if (2 * Above(middle) > outside) low = middle;
            else high = middle;
        }

        return (low + high) / 2;
    }
}
