using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Core.Serialization;

namespace Slipway.Core.Requests;

/// <summary>
/// Identifies what a request says: the same meaning gives the same hash, whatever the notation, the order of keys, the way numbers and
/// durations are written, or the zone in which a moment is given. The order of list items counts.
/// </summary>
public static class RequestHash
{
    private static readonly JsonSerializerOptions Canonical = new(SlipwayJson.Options) { Converters = { new UtcConverter() } };

    /// <summary>SHA-256 of <see cref="CanonicalJson"/>, as 64 lower-case hexadecimal digits.</summary>
    public static string Of(ReleaseRequest request) => Convert.ToHexStringLower(SHA256.HashData(CanonicalJson(request)));

    /// <summary>The request as UTF-8 JSON: members in ordinal order, numbers without trailing zeros, moments in UTC, no white space.</summary>
    public static byte[] CanonicalJson(ReleaseRequest request)
    {
        var element = JsonSerializer.SerializeToElement(request with { Answers = null }, Canonical);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = SlipwayJson.Options.Encoder }))
            Write(element, writer);
        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(JsonElement element, Utf8JsonWriter writer)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in element.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(property.Name);
                    Write(property.Value, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                    Write(item, writer);
                writer.WriteEndArray();
                break;
            case JsonValueKind.Number:
                // Dividing by one with 28 zeros drops the trailing zeros of a decimal: 0.50 and 0.5 mean the same.
                writer.WriteNumberValue(element.GetDecimal() / 1.0000000000000000000000000000m);
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    private sealed class UtcConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetDateTimeOffset();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToUniversalTime());
    }
}
