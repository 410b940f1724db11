using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Core.Reporting.Contract;

namespace Slipway.Core.Reporting;

/// <summary>
/// The report as JSON: every member, in contract order, snake_case; times as RFC 3339 in UTC with <c>Z</c>; no NaN or infinity (0 stands
/// for what cannot be computed); numbers rounded to six decimals; every text made fit by <see cref="ReportText"/>.
/// </summary>
public static class ReportJson
{
    /// <summary>The time of what has not happened: 1970-01-01T00:00:00Z.</summary>
    public static DateTimeOffset Never => DateTimeOffset.UnixEpoch;

    private static readonly JsonSerializerOptions Compact = Make(indented: false);
    private static readonly JsonSerializerOptions Readable = Make(indented: true);

    /// <summary>Writes the report; <paramref name="indented"/> for people.</summary>
    public static string Write(ReleaseReport report, bool indented = false) => JsonSerializer.Serialize(report, indented ? Readable : Compact);

    private static JsonSerializerOptions Make(bool indented)
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            WriteIndented = indented,
            NewLine = "\n",
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower), new Times(), new Numbers(), new Texts() },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    private sealed class Times : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.UtcDateTime);
    }

    private sealed class Numbers : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

        // The sum with zero turns -0 into 0.
        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(double.IsFinite(value) ? Math.Round(value, 6) + 0.0 : 0);
    }

    private sealed class Texts : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString();

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(ReportText.Clean(value));
    }
}
