using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Core.Analysis.Sequential;

/// <summary>Writes a state as its numbers.</summary>
internal sealed class RatioTestStateConverter : JsonConverter<RatioTestState>
{
    /// <inheritdoc/>
    public override RatioTestState Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(NumberBlock.Read(ref reader, RatioTestState.Length));

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, RatioTestState value, JsonSerializerOptions options) => NumberBlock.Write(writer, value.Numbers);
}
