namespace Slipway.Cli.Demo.Storefront;

/// <summary>How well one path of the code behaves: the storefront's stand-in for bugs.</summary>
/// <param name="Name">The path, for example <c>search v1</c>.</param>
/// <param name="ErrorRate">Share of requests that fail, 0 to 1.</param>
/// <param name="ErrorType">What fails, as the telemetry names it.</param>
/// <param name="Work">Median time of one request.</param>
/// <param name="Find">Which way of searching it uses.</param>
internal sealed record CodePath(
    string Name, double ErrorRate, string ErrorType, TimeSpan Work, Func<Catalogue, string, IReadOnlyList<Product>> Find)
{
    /// <summary>
    /// Whether request <paramref name="number"/> fails on this path: the same answer for the same path, seed and number, so that a run
    /// can be repeated whatever order the requests arrive in.
    /// </summary>
    public bool Fails(int seed, long number) => Share(seed, number, salt: 1) < ErrorRate;

    /// <summary>How long request <paramref name="number"/> works: between half and one and a half times <see cref="Work"/>.</summary>
    public TimeSpan Takes(int seed, long number) => Work * (0.5 + Share(seed, number, salt: 2));

    /// <summary>A number in [0, 1) that is spread evenly over request numbers (the finaliser of SplitMix64).</summary>
    private double Share(int seed, long number, ulong salt)
    {
        var path = 17UL;
        foreach (var letter in Name) path = (path * 31) + letter;
        var z = ((ulong)number * 0x9E3779B97F4A7C15) + ((ulong)(uint)seed << 32) + (path * 0xD1B54A32D192ED03) + salt;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
