using System.Runtime.InteropServices;
using System.Text.Json;

namespace Slipway.Core.Analysis.Sequential;

/// <summary>Writes the numbers of a test's memory as base64 of their little-endian bytes: a third of the size of decimal text, and exact.</summary>
internal static class NumberBlock
{
    /// <summary>Reads as many numbers as there have to be; throws <see cref="JsonException"/> on another count.</summary>
    public static double[] Read(ref Utf8JsonReader reader, int length)
    {
        var bytes = reader.TokenType == JsonTokenType.String && reader.TryGetBytesFromBase64(out var found) ? found : [];
        return bytes.Length == length * sizeof(double)
            ? MemoryMarshal.Cast<byte, double>(bytes).ToArray()
            : throw new JsonException($"A test's memory has {bytes.Length} bytes; expected {length * sizeof(double)} in base64.");
    }

    /// <summary>Writes them.</summary>
    public static void Write(Utf8JsonWriter writer, ReadOnlySpan<double> numbers) => writer.WriteBase64StringValue(MemoryMarshal.AsBytes(numbers));
}
