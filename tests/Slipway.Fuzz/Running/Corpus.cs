using System.Security.Cryptography;

namespace Slipway.Fuzz.Running;

/// <summary>The kept inputs of a target, <c>corpus/TARGET/</c>: seeds written by hand, and what the fuzzer found worth keeping.</summary>
internal static class Corpus
{
    private const int LongestKept = 4_000;
    private const int MostKept = 150;

    /// <summary>Every input of a target, by name; throws <see cref="InvalidDataException"/> when there is none.</summary>
    public static IReadOnlyList<byte[]> Of(string folder, string target)
    {
        var own = Path.Combine(folder, target);
        var files = Directory.Exists(own) ? Directory.GetFiles(own).Order(StringComparer.Ordinal).ToList() : [];
        return files.Count > 0 ? [.. files.Select(File.ReadAllBytes)] : throw new InvalidDataException($"{own} holds no input to begin with.");
    }

    /// <summary>Adds what is new, short ones first, up to a number that a repository can bear; returns how many were added.</summary>
    public static int Keep(string folder, string target, IReadOnlyList<byte[]> pool)
    {
        var own = Path.Combine(folder, target);
        var known = Of(folder, target).Select(NameOf).ToHashSet(StringComparer.Ordinal);
        var added = 0;
        foreach (var input in pool.Where(input => input.Length <= LongestKept).OrderBy(input => input.Length))
        {
            if (known.Count >= MostKept) break;
            if (!known.Add(NameOf(input))) continue;
            File.WriteAllBytes(Path.Combine(own, NameOf(input)), input);
            added++;
        }

        return added;
    }

    private static string NameOf(byte[] input) => Convert.ToHexStringLower(SHA256.HashData(input))[..16];
}
