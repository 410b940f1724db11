using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Core.Serialization;

/// <summary>
/// The one JSON dialect of histories, ledgers and the API: snake_case, enums as snake_case words, null members left out, timestamps in
/// RFC 3339 and UTC, time spans as <c>[d.]hh:mm:ss[.fffffff]</c>.
/// </summary>
public static class SlipwayJson
{
    /// <summary>Compact form, for storage and hashing.</summary>
    public static JsonSerializerOptions Options { get; } = Make(indented: false);

    /// <summary>The same, indented, for people.</summary>
    public static JsonSerializerOptions Indented { get; } = Make(indented: true);

    private static JsonSerializerOptions Make(bool indented)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            DictionaryKeyPolicy = null,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            NumberHandling = JsonNumberHandling.Strict,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            WriteIndented = indented,
            MaxDepth = 64,
            Converters =
            {
                new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower), new ReleaseIdConverter(), new FlagKeyConverter(), new MomentConverter(),
                new PercentageConverter(), new LedgerBodyConverter(),
            },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
