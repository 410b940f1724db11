using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;

namespace Slipway.Benchmarks.Speed;

/// <summary>
/// Work of a fixed kind and size that is none of ours: reading and writing a JSON document with the runtime's library, and its SHA-256. What computes
/// is compared with it, so that a slower machine, or a busy one, does not look like slower code.
/// </summary>
internal static class ReferenceWork
{
    private static readonly byte[] Document = JsonSerializer.SerializeToUtf8Bytes(
        Enumerable.Range(0, 40).Select(i => new Item(i, $"item-{i}", i * 1.5, i % 3 == 0, [$"a{i}", $"b{i}", "the quick brown fox jumps over the lazy dog"])));

    private static readonly byte[] Hash = new byte[SHA256.HashSizeInBytes];

    private static bool _compiled;

    /// <summary>One unit of it: 40 items, about 4 KB.</summary>
    public static void Once()
    {
        var items = JsonSerializer.Deserialize<List<Item>>(Document)!;
        SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(items), Hash);
    }

    /// <summary>Microseconds of one unit, on this thread, now.</summary>
    /// <param name="times">How many units are measured.</param>
    public static double Microseconds(int times = 400)
    {
        Compile();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < times; i++) Once();
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / times;
    }

    /// <summary>The runtime compiles in full what has run often, in the background and in steps: only then it is a measure.</summary>
    private static void Compile()
    {
        if (_compiled) return;
        for (var step = 0; step < 5; step++)
        {
            for (var i = 0; i < 300; i++) Once();
            Thread.Sleep(200);
        }

        _compiled = true;
    }

    private sealed record Item(int Id, string Name, double Value, bool Flag, IReadOnlyList<string> Words);
}
