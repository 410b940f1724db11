using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Slipway.Core.Tests.Contract;

/// <summary>
/// A JSON Schema (2020-12) validator for the keywords that the report's schema uses. A keyword that it does not know is an error of the
/// schema, never ignored. <c>format</c> is an annotation, as the dialect says. Needs nothing but this file.
/// </summary>
internal sealed class SchemaValidator(JsonElement root)
{
    private static readonly string[] Annotations = ["$schema", "$id", "$comment", "$defs", "title", "description", "format", "default", "examples", "then", "else"];
    private static readonly ConcurrentDictionary<string, Regex> Patterns = new();

    private readonly ConcurrentDictionary<string, JsonElement> _resolved = new();

    public static SchemaValidator Parse(string schema)
    {
        using var document = JsonDocument.Parse(schema);
        return new SchemaValidator(document.RootElement.Clone());
    }

    /// <summary>Validates against the root, or against what a pointer such as <c>#/$defs/strictReport</c> names. Empty: valid.</summary>
    public IReadOnlyList<string> Validate(string json, string pointer = "#")
    {
        using var document = JsonDocument.Parse(json);
        return Validate(document.RootElement, pointer);
    }

    public IReadOnlyList<string> Validate(JsonElement instance, string pointer = "#")
    {
        var problems = new List<string>();
        Check(Resolve(pointer), instance, "$", problems);
        return problems;
    }

    private bool IsValid(JsonElement schema, JsonElement instance, string path)
    {
        var problems = new List<string>();
        Check(schema, instance, path, problems);
        return problems.Count == 0;
    }

    private void Check(JsonElement schema, JsonElement instance, string path, List<string> problems)
    {
        if (schema.ValueKind == JsonValueKind.False) problems.Add($"{path}: nothing is allowed here");
        if (schema.ValueKind != JsonValueKind.Object) return;
        foreach (var keyword in schema.EnumerateObject())
        {
            var before = problems.Count;
            if (!Applicator(schema, keyword, instance, path, problems) && !Assertion(keyword, instance) && problems.Count == before)
                problems.Add($"{path}: {keyword.Name} {Short(keyword.Value)} does not hold for {Short(instance)}");
        }
    }

    // True: the keyword was handled here, with its problems added.
    private bool Applicator(JsonElement schema, JsonProperty keyword, JsonElement instance, string path, List<string> problems)
    {
        var value = keyword.Value;
        switch (keyword.Name)
        {
            case "$ref": Check(Resolve(value.GetString()!), instance, path, problems); return true;
            case "allOf": foreach (var part in value.EnumerateArray()) Check(part, instance, path, problems); return true;
            case "anyOf": return value.EnumerateArray().Any(part => IsValid(part, instance, path));
            case "oneOf": OneOf(value, instance, path, problems); return true;
            case "not": return !IsValid(value, instance, path);
            case "if":
                if (schema.TryGetProperty(IsValid(value, instance, path) ? "then" : "else", out var branch)) Check(branch, instance, path, problems);
                return true;
            case "properties":
                if (instance.ValueKind != JsonValueKind.Object) return true;
                foreach (var property in value.EnumerateObject())
                    if (instance.TryGetProperty(property.Name, out var member)) Check(property.Value, member, $"{path}.{property.Name}", problems);
                return true;
            case "additionalProperties":
                if (instance.ValueKind != JsonValueKind.Object) return true;
                foreach (var member in instance.EnumerateObject())
                    if (!schema.TryGetProperty("properties", out var known) || !known.TryGetProperty(member.Name, out _))
                        Check(value, member.Value, $"{path}.{member.Name}", problems);
                return true;
            case "items":
                if (instance.ValueKind != JsonValueKind.Array) return true;
                var index = 0;
                foreach (var item in instance.EnumerateArray()) Check(value, item, $"{path}[{index++}]", problems);
                return true;
            case "contains":
                return instance.ValueKind != JsonValueKind.Array || instance.EnumerateArray().Any(item => IsValid(value, item, path));
            default: return Annotations.Contains(keyword.Name);
        }
    }

    private void OneOf(JsonElement parts, JsonElement instance, string path, List<string> problems)
    {
        var results = parts.EnumerateArray().Select(part =>
        {
            var found = new List<string>();
            Check(part, instance, path, found);
            return found;
        }).ToList();
        var matching = results.Count(found => found.Count == 0);
        if (matching == 1) return;
        problems.Add($"{path}: {matching} of {results.Count} alternatives hold, expected exactly 1");
        // The alternative with the fewest faults is the one that was meant.
        if (matching == 0) problems.AddRange(results.MinBy(found => found.Count)!);
    }

    private static bool Assertion(JsonProperty keyword, JsonElement instance)
    {
        var value = keyword.Value;
        var isText = instance.ValueKind == JsonValueKind.String;
        var isNumber = instance.ValueKind == JsonValueKind.Number;
        var isList = instance.ValueKind == JsonValueKind.Array;
        return keyword.Name switch
        {
            "type" => value.ValueKind == JsonValueKind.Array
                ? value.EnumerateArray().Any(type => IsType(type.GetString()!, instance))
                : IsType(value.GetString()!, instance),
            "const" => JsonElement.DeepEquals(value, instance),
            "enum" => value.EnumerateArray().Any(item => JsonElement.DeepEquals(item, instance)),
            "required" => instance.ValueKind != JsonValueKind.Object || value.EnumerateArray().All(name => instance.TryGetProperty(name.GetString()!, out _)),
            "minItems" => !isList || instance.GetArrayLength() >= value.GetInt32(),
            "maxItems" => !isList || instance.GetArrayLength() <= value.GetInt32(),
            "uniqueItems" => !isList || !value.GetBoolean() || Unique([.. instance.EnumerateArray()]),
            "minLength" => !isText || Length(instance) >= value.GetInt32(),
            "maxLength" => !isText || Length(instance) <= value.GetInt32(),
            "pattern" => !isText || Pattern(value.GetString()!).IsMatch(instance.GetString()!),
            "minimum" => !isNumber || instance.GetDouble() >= value.GetDouble(),
            "maximum" => !isNumber || instance.GetDouble() <= value.GetDouble(),
            "exclusiveMinimum" => !isNumber || instance.GetDouble() > value.GetDouble(),
            "exclusiveMaximum" => !isNumber || instance.GetDouble() < value.GetDouble(),
            "anyOf" or "not" or "contains" => false,
            _ => throw new NotSupportedException($"The schema uses the keyword '{keyword.Name}', which this validator does not know."),
        };
    }

    private static bool IsType(string type, JsonElement instance) => type switch
    {
        "object" => instance.ValueKind == JsonValueKind.Object,
        "array" => instance.ValueKind == JsonValueKind.Array,
        "string" => instance.ValueKind == JsonValueKind.String,
        "boolean" => instance.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => instance.ValueKind == JsonValueKind.Null,
        "number" => instance.ValueKind == JsonValueKind.Number,
        "integer" => instance.ValueKind == JsonValueKind.Number && Math.Floor(instance.GetDouble()) == instance.GetDouble(),
        _ => throw new NotSupportedException($"The schema uses the type '{type}', which does not exist."),
    };

    private static bool Unique(List<JsonElement> items) =>
        !items.Where((item, index) => items.Take(index).Any(other => JsonElement.DeepEquals(item, other))).Any();

    // Lengths count characters, not UTF-16 units.
    private static int Length(JsonElement text) => text.GetString()!.EnumerateRunes().Count();

    // In .NET a final $ also matches before a last line feed; in JSON Schema it does not.
    private static Regex Pattern(string pattern) => Patterns.GetOrAdd(pattern, text => new Regex(
        text.EndsWith('$') && !text.EndsWith("\\$", StringComparison.Ordinal) ? text[..^1] + "\\z" : text, RegexOptions.CultureInvariant | RegexOptions.Compiled));

    private JsonElement Resolve(string pointer) => _resolved.GetOrAdd(pointer, Find);

    private JsonElement Find(string pointer)
    {
        if (!pointer.StartsWith('#')) throw new NotSupportedException($"Only references inside the schema are known, not '{pointer}'.");
        var found = root;
        foreach (var part in pointer.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries)) found = found.GetProperty(part);
        return found;
    }

    private static string Short(JsonElement element)
    {
        var text = element.GetRawText();
        return text.Length <= 120 ? text : text[..120] + "…";
    }
}
