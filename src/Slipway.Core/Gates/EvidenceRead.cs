using System.Globalization;
using System.Text.Json;

namespace Slipway.Core.Gates;

/// <summary>What an address answered that was asked for evidence.</summary>
/// <param name="Status">The HTTP status; null: there was no answer.</param>
/// <param name="Body">The start of the answer.</param>
/// <param name="Problem">Why there was no answer; empty when there was one.</param>
public sealed record EvidenceRead(int? Status, string Body, string Problem)
{
    /// <summary>The answer as a JSON object; null where it is none. Of members that stand twice the last counts.</summary>
    public JsonElement? Json()
    {
        if (Status is not (>= 200 and <= 299)) return null;
        try
        {
            using var document = JsonDocument.Parse(Body);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What came instead of what was expected.</summary>
    public string Found => Status is { } status ? string.Create(CultureInfo.InvariantCulture, $"answered {status}") : $"no answer: {Problem}";

    /// <summary>A whole number of the answer; null where there is none.</summary>
    public long? Whole(string member) => Member(member) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? number : null;

    /// <summary>A number of the answer; null where there is none.</summary>
    public decimal? Number(string member) => Member(member) is { ValueKind: JsonValueKind.Number } value && value.TryGetDecimal(out var number) ? number : null;

    /// <summary>True or false of the answer; null where there is neither.</summary>
    public bool? Truth(string member) => Member(member)?.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>A text of the answer; null where there is none.</summary>
    public string? Text(string member) => Member(member) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>A moment of the answer; null where there is none.</summary>
    public DateTimeOffset? Moment(string member) =>
        Text(member) is { } text && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : null;

    private JsonElement? Member(string member) => Json() is { } json && json.TryGetProperty(member, out var value) ? value : null;
}
