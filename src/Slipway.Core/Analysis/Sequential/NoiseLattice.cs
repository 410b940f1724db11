namespace Slipway.Core.Analysis.Sequential;

/// <summary>
/// The grid on which regressions and noise are looked for. Ratios are <c>rho_r = e^(r h)</c> with <c>h = ln(1.25)/2</c> and r from
/// <see cref="FirstRatio"/> to <see cref="LastRatio"/>, relative to the tolerated ratio, so that r = 0 is just tolerated: 0.21 to 20 times.
/// Noise is a gamma factor on each arm's rate in each interval with a coefficient of variation out of <see cref="NoiseSizes"/>; the log
/// ratio of two such factors has the density <c>e^(kappa L) / (1 + e^L)^(2 kappa)</c> with <c>kappa = 1/cv²</c> (a generalised logistic),
/// which is taken at the same steps h, so that one convolution serves every ratio.
/// </summary>
internal static class NoiseLattice
{
    /// <summary>The smallest ratio's index.</summary>
    public const int FirstRatio = -14;

    /// <summary>The largest ratio's index.</summary>
    public const int LastRatio = 27;

    /// <summary>How many ratios there are.</summary>
    public const int Ratios = LastRatio - FirstRatio + 1;

    /// <summary>The position of r = 0.</summary>
    public const int Tolerated = -FirstRatio;

    /// <summary>Ratios of one noise size are kept in a row of this length, a multiple of four; the rest of a row is padding.</summary>
    public const int Row = 44;

    /// <summary>How many steps the noise reaches to either side.</summary>
    public const int Reach = 130;

    /// <summary>Points of the likelihood: every ratio with the whole reach around it.</summary>
    public const int Points = Ratios + (2 * Reach);

    /// <summary>How many noise sizes there are.</summary>
    public const int Noises = 8;

    /// <summary>Beyond this many steps only the noise sizes from <see cref="FirstWide"/> on have weight.</summary>
    public const int NarrowReach = 72;

    /// <summary>The first noise size that reaches beyond <see cref="NarrowReach"/>.</summary>
    public const int FirstWide = 4;

    /// <summary>Length of half a row of weights, padded to a multiple of four.</summary>
    public const int HalfRow = 132;

    /// <summary>A weight this far below its row's largest changes no decision and is left out.</summary>
    private const double Negligible = 1e-30;

    /// <summary>ln(1.25)/2.</summary>
    public static readonly double Step = Math.Log(1.25) / 2;

    private static readonly double[] Sizes = [0, 0.1, 0.2, 0.3, 0.45, 0.65, 1.0, 1.4];
    private static readonly double[] Priors = [.02, .03, .05, .08, .12, .17, .23, .30];
    private static readonly double[] HalfWeights = [.. Sizes.SelectMany(Weights)];
    private static readonly double[] LogPriors = [.. Priors.Select(prior => Math.Log(prior))];

    /// <summary>Coefficients of variation, from none to 1.4.</summary>
    public static ReadOnlySpan<double> NoiseSizes => Sizes;

    /// <summary>The logarithm of each noise size's weight before anything was seen; heavy noise is likelier than none.</summary>
    public static ReadOnlySpan<double> LogPrior => LogPriors;

    /// <summary>The ratio of an index, relative to the tolerated one.</summary>
    public static double RatioOf(int index) => Math.Exp(index * Step);

    /// <summary>The weights of the noise sizes, a row of <see cref="HalfRow"/> each, for i = 0, 1, 2, … steps to either side; that of i = 0
    /// is halved, since both sides count it.</summary>
    public static ReadOnlySpan<double> Weight => HalfWeights;

    private static double[] Weights(double size)
    {
        var row = new double[HalfRow];
        if (size == 0)
        {
            row[0] = 0.5;
            return row;
        }

        var kappa = 1 / (size * size);
        for (var i = 0; i <= Reach; i++)
        {
            var log = i * Step;
            row[i] = Math.Exp((kappa * log) - (2 * kappa * Math.Log(1 + Math.Exp(log))) + (2 * kappa * Math.Log(2)));
        }

        var sum = row[0] + (2 * row.Skip(1).Sum());
        for (var i = 0; i <= Reach; i++) row[i] = row[i] < Negligible ? 0 : row[i] / sum;
        row[0] /= 2;
        return row;
    }
}
