using System.Security.Cryptography;

namespace Slipway.Fuzz.Running;

/// <summary>The kept inputs of a target, <c>corpus/TARGET/</c>: seeds written by hand, and what the fuzzer found worth keeping.</summary>
internal static class Corpus
{
    private const int LongestKept = 4_000;
    private const int MostKept = 60;

    /// <summary>Every input of a target, by name; throws <see cref="InvalidDataException"/> when there is none.</summary>
    public static IReadOnlyList<byte[]> Of(string folder, string target)
    {
        var own = Path.Combine(folder, target);
        var files = Directory.Exists(own) ? Directory.GetFiles(own).Order(StringComparer.Ordinal).ToList() : [];
        return files.Count > 0 ? [.. files.Select(File.ReadAllBytes)] : throw new InvalidDataException($"{own} holds no input to begin with.");
    }

    /// <summary>Adds some of what is new, short and long ones alike, up to a number that a repository can bear; returns how many were added.</summary>
    public static int Keep(string folder, string target, IReadOnlyList<byte[]> pool)
    {
        var own = Path.Combine(folder, target);
        var known = Of(folder, target).Select(NameOf).ToHashSet(StringComparer.Ordinal);
        var fresh = pool.Where(input => input.Length <= LongestKept && !known.Contains(NameOf(input))).DistinctBy(NameOf).OrderBy(input => input.Length).ToList();
        var room = Math.Max(0, Math.Min(fresh.Count, MostKept - known.Count));
        for (var index = 0; index < room; index++)
        {
            var input = fresh[(int)((long)index * fresh.Count / room)];
            File.WriteAllBytes(Path.Combine(own, NameOf(input)), input);
        }

        return room;
    }

    private static string NameOf(byte[] input) => Convert.ToHexStringLower(SHA256.HashData(input))[..16];
}
