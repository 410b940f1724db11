using System.Text.Json;
using Azure;

namespace Slipway.Azure.Configuration;

/// <summary>One setting as the service holds it. The value is read from the answer itself: the library's own type for flags writes their
/// JSON anew, and a captured flag must come back to the letter.</summary>
/// <param name="Key">The key.</param>
/// <param name="Label">The label; empty for none.</param>
/// <param name="Value">The value; null reads as empty.</param>
/// <param name="ETag">Its version, without quotes.</param>
/// <param name="ContentType">What the value is; may be empty.</param>
/// <param name="Tags">Somebody's tags; a write keeps them.</param>
internal sealed record StoredSetting(string Key, string Label, string Value, string ETag, string ContentType, IReadOnlyDictionary<string, string> Tags)
{
    /// <summary>Reads an answer; throws <see cref="JsonException"/> when it is not a setting.</summary>
    public static StoredSetting Read(Response response)
    {
        using var document = JsonDocument.Parse(response.Content);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || Text(root, "etag") is not { Length: > 0 } etag || Text(root, "key") is not { } key)
        {
            throw new JsonException("expected a setting with key and etag");
        }

        var tags = root.TryGetProperty("tags", out var found) && found.ValueKind == JsonValueKind.Object
            ? found.EnumerateObject().ToDictionary(tag => tag.Name, tag => tag.Value.ToString(), StringComparer.Ordinal)
            : [];
        return new StoredSetting(key, Text(root, "label") ?? "", Text(root, "value") ?? "", etag, Text(root, "content_type") ?? "", tags);
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
