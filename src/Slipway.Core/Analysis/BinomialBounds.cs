namespace Slipway.Core.Analysis;

/// <summary>
/// Exact one-sided confidence bounds of a proportion (Clopper and Pearson 1934): the quantiles of the beta distribution that belong to
/// the binomial tail, found by false position (the Illinois variant, Dowell and Jarratt 1971) on the regularised incomplete beta function
/// (Lentz's continued fraction, Numerical Recipes section 6.4).
/// </summary>
public static class BinomialBounds
{
    /// <summary>The confidence with which a threshold counts as crossed: 99.99 %, one-sided.</summary>
    public const double CrossingConfidence = 0.9999;

    /// <summary>Above this confidence a share that is not even beyond the proportion itself need not be computed: the median of a binomial count is
    /// next to its mean (Kaas and Buhrman 1980), so that the tail holds at least half. A little more, since half is reached.</summary>
    private const double Half = 0.51;

    /// <summary>How far from a multiple rounds to it for certain: a millionth of one less than half.</summary>
    private const double Within = 0.5 - 1e-6;

    /// <summary>
    /// The largest proportion that is refuted from below: with the given confidence the true proportion is at least this. 0 when there
    /// are no successes.
    /// </summary>
    /// <param name="successes">Counted events, 0 to <paramref name="trials"/>.</param>
    /// <param name="trials">Trials, 0 or more; 0 gives 0.</param>
    /// <param name="confidence">One-sided, between 0 and 1.</param>
    /// <param name="roundedTo">Above 0 for a bound that is only shown: it rounds to the same multiple of this as the exact one, and is found in a few
    /// steps. 0: exact.</param>
    public static double Lower(long successes, long trials, double confidence = CrossingConfidence, double roundedTo = 0)
    {
        Check(successes, trials, confidence);
        return successes == 0 ? 0 : Quantile(1 - confidence, successes, trials - successes + 1.0, roundedTo);
    }

    /// <summary>
    /// The smallest proportion that is refuted from above: with the given confidence the true proportion is at most this. 1 when every
    /// trial succeeded or there was none.
    /// </summary>
    /// <inheritdoc cref="Lower" path="/param"/>
    public static double Upper(long successes, long trials, double confidence = CrossingConfidence, double roundedTo = 0)
    {
        Check(successes, trials, confidence);
        return successes == trials ? 1 : Quantile(confidence, successes + 1.0, trials - successes, roundedTo);
    }

    /// <summary>Whether <see cref="Lower"/> is above a proportion, without finding the bound: by the binomial tail at the proportion.</summary>
    /// <param name="successes">As there.</param>
    /// <param name="trials">As there.</param>
    /// <param name="proportion">0 to 1.</param>
    /// <param name="confidence">As there.</param>
    public static bool Exceeds(long successes, long trials, double proportion, double confidence = CrossingConfidence)
    {
        Check(successes, trials, confidence);
        if (successes <= proportion * trials && confidence > Half) return successes == 0 && proportion < 0;
        return successes == 0 ? proportion < 0 : RegularizedBeta(proportion, successes, trials - successes + 1.0) < 1 - confidence;
    }

    /// <summary>Whether <see cref="Upper"/> is below a proportion, without finding the bound.</summary>
    /// <inheritdoc cref="Exceeds" path="/param"/>
    public static bool FallsBelow(long successes, long trials, double proportion, double confidence = CrossingConfidence)
    {
        Check(successes, trials, confidence);
        if (successes >= proportion * trials && confidence > Half) return successes == trials && proportion > 1;
        return successes == trials ? proportion > 1 : RegularizedBeta(proportion, successes + 1.0, trials - successes) > confidence;
    }

    /// <summary>The regularised incomplete beta function I_x(a, b), for a and b above 0 and x from 0 to 1.</summary>
    public static double RegularizedBeta(double x, double a, double b)
    {
        if (x <= 0) return 0;
        if (x >= 1) return 1;
        return RegularizedBeta(x, a, b, LogGamma(a + b) - LogGamma(a) - LogGamma(b));
    }

    /// <summary>The same where the logarithm of the beta function is known: a search asks for the same one at every step.</summary>
    private static double RegularizedBeta(double x, double a, double b, double logBeta)
    {
        if (x <= 0) return 0;
        if (x >= 1) return 1;
        var logFront = logBeta + (a * Math.Log(x)) + (b * Math.Log(1 - x));
        return x < (a + 1) / (a + b + 2)
            ? Math.Exp(logFront) * ContinuedFraction(x, a, b) / a
            : 1 - (Math.Exp(logFront) * ContinuedFraction(1 - x, b, a) / b);
    }

    private static void Check(long successes, long trials, double confidence)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, successes);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(confidence, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(confidence, 1);
    }

    /// <summary>Whether whatever lies between two numbers rounds to the same multiple.</summary>
    private static bool RoundAlike(double low, double high, double to)
    {
        var (left, right) = (low / to, high / to);
        var multiple = Math.Floor(left + 0.5);
        return left - multiple > -Within && right - multiple < Within;
    }

    private static double Quantile(double probability, double a, double b, double roundedTo)
    {
        var logBeta = LogGamma(a + b) - LogGamma(a) - LogGamma(b);
        if (roundedTo > 0)
        {
            // Mostly a guess rounds as the quantile does, which two looks tell: at both edges of what rounds like it.
            var multiple = Math.Floor((Guess(probability, a, b) / roundedTo) + 0.5);
            var (left, right) = (Math.Max(0, multiple - Within), Math.Min(1 / roundedTo, multiple + Within));
            if (Off(left * roundedTo) < 0 && Off(right * roundedTo) > 0) return multiple * roundedTo;
        }

        // Twelve standard deviations around the mean hold every quantile that is asked for; where they do not, the whole range does.
        var mean = a / (a + b);
        var reach = 12 * Math.Sqrt(mean * (1 - mean) / (a + b + 1));
        var (low, high) = (Math.Max(0, mean - reach), Math.Min(1, mean + reach));
        var (offLow, offHigh) = (Off(low), Off(high));
        if (offLow > 0) offLow = Off(low = 0);
        if (offHigh < 0) offHigh = Off(high = 1);
        for (var (i, side) = (0, 0); i < 200 && high - low > 1e-15 * high; i++)
        {
            if (roundedTo > 0 && RoundAlike(low, high, roundedTo)) break;

            // Every third step halves, so that a flat tail cannot hold the search up.
            var middle = i % 3 == 2 ? (low + high) / 2 : low + ((high - low) * (-offLow / (offHigh - offLow)));
            if (!(middle > low && middle < high)) middle = (low + high) / 2;
            if (middle <= low || middle >= high) break;
            var off = Off(middle);
            if (off == 0) return middle;
            if (off < 0)
            {
                (low, offLow) = (middle, off);
                if (side < 0) offHigh /= 2;
                side = -1;
            }
            else
            {
                (high, offHigh) = (middle, off);
                if (side > 0) offLow /= 2;
                side = 1;
            }
        }

        return (low + high) / 2;

        double Off(double x) => RegularizedBeta(x, a, b, logBeta) - probability;
    }

    /// <summary>About the quantile of the beta distribution (Abramowitz and Stegun 26.5.22, by the normal one of 26.2.23): the mean where that does not
    /// apply, below one event. Whoever needs it exactly looks whether it is.</summary>
    private static double Guess(double probability, double a, double b)
    {
        if (a <= 1 || b <= 1) return a / (a + b);
        var t = Math.Sqrt(-2 * Math.Log(Math.Min(probability, 1 - probability)));
        var y = t - ((2.515517 + (t * (0.802853 + (t * 0.010328)))) / (1 + (t * (1.432788 + (t * (0.189269 + (t * 0.001308)))))));
        if (probability > 0.5) y = -y;
        var (overA, overB) = (1 / ((2 * a) - 1), 1 / ((2 * b) - 1));
        var (h, lambda) = (2 / (overA + overB), ((y * y) - 3) / 6);
        var w = (y * Math.Sqrt(h + lambda) / h) - ((overB - overA) * (lambda + (5.0 / 6) - (2 / (3 * h))));
        return a / (a + (b * Math.Exp(2 * w)));
    }

    private static double ContinuedFraction(double x, double a, double b)
    {
        const double tiny = 1e-300;
        double c = 1, d = 1 - ((a + b) * x / (a + 1));
        d = 1 / (Math.Abs(d) < tiny ? tiny : d);
        var result = d;

        // Converges in O(sqrt(max(a, b))) steps; the bound is far above that for counts up to 1e9.
        for (var m = 1; m <= 200_000; m++)
        {
            var even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            d = 1 + (even * d);
            d = 1 / (Math.Abs(d) < tiny ? tiny : d);
            c = 1 + (even / c);
            c = Math.Abs(c) < tiny ? tiny : c;
            result *= d * c;

            var odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            d = 1 + (odd * d);
            d = 1 / (Math.Abs(d) < tiny ? tiny : d);
            c = 1 + (odd / c);
            c = Math.Abs(c) < tiny ? tiny : c;
            var step = d * c;
            result *= step;
            if (Math.Abs(step - 1) < 1e-15) break;
        }

        return result;
    }

    /// <summary>Lanczos approximation (g = 7, n = 9), relative error below 1e-14 for arguments of 0.5 and more.</summary>
    internal static double LogGamma(double x)
    {
        ReadOnlySpan<double> coefficients =
        [
            0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
            12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
        ];
        var y = x - 1;
        var sum = coefficients[0];
        for (var i = 1; i < coefficients.Length; i++) sum += coefficients[i] / (y + i);
        var t = y + 7.5;
        return (0.5 * Math.Log(2 * Math.PI)) + ((y + 0.5) * Math.Log(t)) - t + Math.Log(sum);
    }
}
