using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Core.Releases;

namespace Slipway.Core.Serialization;

internal sealed class ReleaseIdConverter : JsonConverter<ReleaseId>
{
    public override ReleaseId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ReleaseId.TryParse(reader.GetString(), out var id) ? id : throw new JsonException("Not a release id.");

    public override void Write(Utf8JsonWriter writer, ReleaseId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}

/// <summary>Writes a flag's key in its text form, also as a member's name.</summary>
internal sealed class FlagKeyConverter : JsonConverter<FlagKey>
{
    public override FlagKey Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        FlagKey.TryParse(reader.GetString(), out var key) ? key : throw new JsonException("Not a flag's key.");

    public override void Write(Utf8JsonWriter writer, FlagKey value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());

    public override FlagKey ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Read(ref reader, typeToConvert, options);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, FlagKey value, JsonSerializerOptions options) => writer.WritePropertyName(value.ToString());
}

internal sealed class PercentageConverter : JsonConverter<Percentage>
{
    public override Percentage Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var value = reader.GetDecimal();
        return value is >= 0 and <= 100 ? new Percentage(value) : throw new JsonException($"{value} is not a percentage from 0 to 100.");
    }

    public override void Write(Utf8JsonWriter writer, Percentage value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
}

/// <summary>Moments in UTC with a <c>Z</c>, fractions of a second as far as there are any.</summary>
internal sealed class MomentConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
}
