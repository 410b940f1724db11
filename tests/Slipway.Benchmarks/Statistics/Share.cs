namespace Slipway.Benchmarks.Statistics;

/// <summary>How many of how many, with Wilson's interval (1927) at 95 %.</summary>
/// <param name="Hits">0 to <paramref name="Of"/>.</param>
/// <param name="Of">Trials.</param>
internal readonly record struct Share(long Hits, long Of)
{
    private const double Usual = 1.959963984540054;

    /// <summary>Standard deviations to either side.</summary>
    private double Deviations { get; init; } = Usual;

    /// <summary>Hits among trials; 0 without trials.</summary>
    public double Rate => Of == 0 ? 0 : (double)Hits / Of;

    /// <summary>The lower end of the interval.</summary>
    public double Low => Of == 0 ? 0 : Math.Max(0, Middle - HalfWidth);

    /// <summary>The upper end of the interval.</summary>
    public double High => Of == 0 ? 1 : Math.Min(1, Middle + HalfWidth);

    private double Scale => 1 + (Deviations * Deviations / Of);

    private double Middle => (Rate + (Deviations * Deviations / (2 * Of))) / Scale;

    private double HalfWidth => Deviations / Scale * Math.Sqrt((Rate * (1 - Rate) / Of) + (Deviations * Deviations / (4.0 * Of * Of)));

    /// <summary>The same, picked as the most extreme of so many: with an interval so wide that all of theirs hold together (Bonferroni).</summary>
    public Share WorstOf(int cells) => this with { Deviations = Normal.Deviations(0.05 / cells) };

    /// <summary>Both together.</summary>
    public static Share operator +(Share left, Share right) => new(left.Hits + right.Hits, left.Of + right.Of);
}
