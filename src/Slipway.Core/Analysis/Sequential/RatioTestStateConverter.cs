using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Core.Analysis.Sequential;

/// <summary>Writes a state as the base64 of its little-endian numbers: a third of the size of decimal text, and exact.</summary>
internal sealed class RatioTestStateConverter : JsonConverter<RatioTestState>
{
    /// <inheritdoc/>
    public override RatioTestState Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var bytes = reader.GetBytesFromBase64();
        if (bytes.Length != RatioTestState.Length * sizeof(double))
            throw new JsonException($"A test's state has {bytes.Length} bytes; expected {RatioTestState.Length * sizeof(double)}.");
        return new RatioTestState(MemoryMarshal.Cast<byte, double>(bytes).ToArray());
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, RatioTestState value, JsonSerializerOptions options) =>
        writer.WriteBase64StringValue(MemoryMarshal.AsBytes(value.Numbers));
}
