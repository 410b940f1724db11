using System.Text;

namespace Slipway.Fuzz.Running;

/// <summary>Makes new inputs of known ones: bit flips, cuts, repeats, numbers at their limits, the target's words, pieces of another input.</summary>
/// <param name="random">Chooses.</param>
/// <param name="words">What means something to the target.</param>
internal sealed class Mutator(FuzzRandom random, IReadOnlyList<string> words)
{
    /// <summary>The longest input that is made: more than any reader takes, but for telemetry's megabyte.</summary>
    public const int Longest = 300_000;

    private const int Usual = 8_000;

    private static readonly string[] Anywhere =
    [
        "\"", "\\", "\0", "\n", "\r\n", "\t", ":", "- ", "{", "}", "[", "]", ",", "#", "&a ", "*a", "!!str ", "|\n", ">-\n", "%", "\uFEFF", "\u2028", "\u202E", "é", "😀",
        "\\ud800", "\\udc00\\ud800", "\\u0000", "null", "true", "~", "0", "-1", "1e999", "-0", "NaN", "Infinity", "9223372036854775807", "9223372036854775808", "2147483648",
        "1e-400", "0.1", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "<script>", "../", "{{", "}}", "[[[[[[[[", "]]]]", "{\"a\":", "---\n", "...\n", "? ",
    ];

    private readonly byte[][] _words = [.. words.Concat(Anywhere).Select(Encoding.UTF8.GetBytes)];

    /// <summary>A new input.</summary>
    /// <param name="known">What it is made of.</param>
    /// <param name="other">Where pieces come from.</param>
    public byte[] Mutate(byte[] known, byte[] other)
    {
        var bytes = new List<byte>(known);
        for (var left = 1 + random.Below(random.OneIn(4) ? 12 : 3); left > 0; left--) Once(bytes, other);

        // Rarely something long: depth and length are attacks of their own.
        if (random.OneIn(3_000)) Swell(bytes);
        if (bytes.Count > Longest) bytes.RemoveRange(Longest, bytes.Count - Longest);
        return [.. bytes];
    }

    private void Once(List<byte> bytes, byte[] other)
    {
        var at = random.Below(bytes.Count + 1);
        var most = bytes.Count - at;
        switch (random.Below(9))
        {
            case 0 when most > 0:
                bytes[at] ^= (byte)(1 << random.Below(8));
                break;
            case 1 when most > 0:
                bytes[at] = (byte)random.Next();
                break;
            case 2 when most > 0:
                bytes.RemoveRange(at, 1 + random.Below(Math.Min(most, random.OneIn(3) ? most : 8)));
                break;
            case 3 when most > 0 && bytes.Count < Usual:
                bytes.InsertRange(random.Below(bytes.Count + 1), bytes.GetRange(at, 1 + random.Below(Math.Min(most, 64))));
                break;
            case 4 when other.Length > 0 && bytes.Count < Usual:
                var from = random.Below(other.Length);
                bytes.InsertRange(at, other.AsSpan(from, 1 + random.Below(Math.Min(other.Length - from, 200))).ToArray());
                break;
            case 5 when most > 1:
                var to = at + random.Below(most);
                (bytes[at], bytes[to]) = (bytes[to], bytes[at]);
                break;
            case 6 when most > 0:
                Replace(bytes, at);
                break;
            default:
                bytes.InsertRange(at, random.Of(_words));
                break;
        }
    }

    /// <summary>A word for a run of letters or digits: a name for a name, a number for a number.</summary>
    private void Replace(List<byte> bytes, int at)
    {
        var end = at;
        while (end < bytes.Count && (char.IsAsciiLetterOrDigit((char)bytes[end]) || bytes[end] is (byte)'_' or (byte)'.')) end++;
        bytes.RemoveRange(at, end - at);
        bytes.InsertRange(at, random.Of(_words));
    }

    private void Swell(List<byte> bytes)
    {
        var at = random.Below(bytes.Count + 1);
        var piece = random.OneIn(2) || at == bytes.Count ? random.Of(_words) : [.. bytes.GetRange(at, 1 + random.Below(Math.Min(40, bytes.Count - at)))];
        var times = 1 + random.Below(Math.Max(1, (Longest - bytes.Count) / Math.Max(1, piece.Length)));
        var swollen = new byte[times * piece.Length];
        for (var index = 0; index < times; index++) piece.CopyTo(swollen, index * piece.Length);
        bytes.InsertRange(at, swollen);
    }
}
