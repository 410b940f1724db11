namespace Slipway.Fuzz.Running;

/// <summary>SplitMix64: the same numbers for the same seed on every runtime, which <see cref="Random"/> does not promise.</summary>
/// <param name="seed">Where it begins.</param>
internal sealed class FuzzRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        var mixed = _state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>A number from 0 to below <paramref name="bound"/>, which is above 0.</summary>
    public int Below(int bound) => (int)(Next() % (ulong)bound);

    /// <summary>Whether one of <paramref name="among"/> equally likely cases came.</summary>
    public bool OneIn(int among) => Below(among) == 0;

    /// <summary>One of some things.</summary>
    public T Of<T>(IReadOnlyList<T> things) => things[Below(things.Count)];
}
