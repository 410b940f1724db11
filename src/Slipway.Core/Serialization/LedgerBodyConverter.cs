using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Core.Ledgers;

namespace Slipway.Core.Serialization;

/// <summary>Writes a ledger body as <c>{"type": "stage.started.v1", "body": {…}}</c>, so that drafts survive in recorded histories.</summary>
internal sealed class LedgerBodyConverter : JsonConverter<LedgerBody>
{
    public override LedgerBody Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        if (!root.TryGetProperty("type", out var type) || type.GetString() is not { } name || !root.TryGetProperty("body", out var body))
        {
            throw new JsonException("A ledger body needs the members type and body.");
        }

        return LedgerBodies.Read(name, body.Clone());
    }

    public override void Write(Utf8JsonWriter writer, LedgerBody value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("type", LedgerBodies.NameOf(value));
        writer.WritePropertyName("body");
        LedgerBodies.Write(value).WriteTo(writer);
        writer.WriteEndObject();
    }
}
