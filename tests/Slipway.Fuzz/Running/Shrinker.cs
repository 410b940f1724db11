namespace Slipway.Fuzz.Running;

/// <summary>Makes a failing input small: takes away halves, quarters and so on down to single bytes, as long as it fails in the same way.</summary>
internal static class Shrinker
{
    private const int MostTries = 5_000;

    /// <summary>The smallest input that was found.</summary>
    /// <param name="input">Fails.</param>
    /// <param name="fails">Whether another one fails in the same way.</param>
    public static byte[] Shrink(byte[] input, Func<byte[], bool> fails)
    {
        var best = input;
        var tries = 0;
        for (var size = Math.Max(1, best.Length / 2); size >= 1; size = size == 1 ? 0 : size / 2)
        {
            var smaller = true;
            while (smaller)
            {
                smaller = false;
                for (var at = 0; at + size <= best.Length && tries < MostTries; at += size)
                {
                    byte[] without = [.. best[..at], .. best[(at + size)..]];
                    tries++;
                    if (!fails(without)) continue;
                    best = without;
                    smaller = true;
                    at -= size;
                }
            }
        }

        return best;
    }
}
