using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Serialization;
using Slipway.Web.Api;

namespace Slipway.Web.OpenApi;

/// <summary>
/// The OpenAPI 3.1 document, made from <see cref="ApiOperations"/> and the types that the handlers write. No host describes its endpoints
/// itself: both have none, and the document is the same everywhere.
/// </summary>
public static class OpenApiDocument
{
    private const string Problem = "Problem";

    /// <summary>The document as JSON text.</summary>
    public static string Text { get; } = Write().ToJsonString(SlipwayJson.Indented) + "\n";

    private static JsonObject Write()
    {
        var schemas = new SortedDictionary<string, JsonNode>(StringComparer.Ordinal) { [Problem] = SchemaOf(typeof(ApiProblem), Problem) };
        var paths = new JsonObject();
        foreach (var operation in ApiOperations.All)
        {
            var (method, path) = Split(operation.Route);
            if (paths[path] is not JsonObject item) paths[path] = item = [];
            item[method] = Operation(operation, path, schemas);
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "Slipway",
                ["version"] = typeof(OpenApiDocument).Assembly.GetName().Version?.ToString(3),
                ["description"] = "Releases from approved to all users, or safely back. Errors are RFC 9457 problems. Timestamps are RFC 3339 in UTC.",
            },
            ["security"] = new JsonArray(new JsonObject { ["bearer"] = new JsonArray() }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject { ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" } },
                ["schemas"] = new JsonObject(schemas.Select(schema => KeyValuePair.Create(schema.Key, (JsonNode?)schema.Value))),
            },
        };
    }

    private static JsonObject Operation(ApiOperation operation, string path, SortedDictionary<string, JsonNode> schemas)
    {
        var parameters = new JsonArray();
        foreach (var segment in path.Split('/').Where(segment => segment.StartsWith('{')))
            parameters.Add((JsonNode)Parameter(segment.Trim('{', '}'), "path", "", "string"));
        foreach (var query in operation.Query) parameters.Add((JsonNode)Parameter(query.Name, "query", query.Summary, query.Type));

        var responses = new JsonObject();
        foreach (var answer in operation.Answers) responses[Status(answer.Status)] = Response(answer, schemas);
        foreach (var status in operation.Problems.Concat(Always(operation)).Distinct().Order().Where(status => !responses.ContainsKey(Status(status))))
            responses[Status(status)] = Content(Words(status), "application/problem+json", Reference(Problem));

        var node = new JsonObject { ["summary"] = operation.Summary, ["parameters"] = parameters };
        if (Open(operation)) node["security"] = new JsonArray();
        if (operation.BodyTypes.Count > 0)
        {
            var content = new JsonObject();
            foreach (var type in operation.BodyTypes)
                content[type] = new JsonObject { ["schema"] = operation.Body is { } body ? Add(body, schemas) : new JsonObject { ["type"] = "string" } };
            node["requestBody"] = new JsonObject { ["required"] = true, ["content"] = content };
        }

        node["responses"] = responses;
        return node;
    }

    private static bool Open(ApiOperation operation) =>
        operation.Route.Contains("/health", StringComparison.Ordinal) || operation.Route.Contains("/approvals/", StringComparison.Ordinal) || operation.Route.Contains("/openapi", StringComparison.Ordinal);

    private static int[] Always(ApiOperation operation) => Open(operation) ? [429, 500, 503] : [401, 403, 429, 500, 503];

    private static JsonObject Parameter(string name, string place, string words, string type) => new()
    {
        ["name"] = name,
        ["in"] = place,
        ["required"] = place == "path",
        ["description"] = words,
        ["schema"] = new JsonObject { ["type"] = type },
    };

    private static JsonObject Response(ApiResponse answer, SortedDictionary<string, JsonNode> schemas) => answer.MediaType.Length == 0
        ? new JsonObject { ["description"] = answer.Summary }
        : Content(answer.Summary, answer.MediaType, answer.Schema is { } schema ? Add(schema, schemas) : new JsonObject());

    private static JsonObject Content(string words, string mediaType, JsonNode schema) => new()
    {
        ["description"] = words,
        ["content"] = new JsonObject { [mediaType] = new JsonObject { ["schema"] = schema } },
    };

    private static JsonObject Add(ApiSchema schema, SortedDictionary<string, JsonNode> schemas)
    {
        if (!schemas.ContainsKey(schema.Name)) schemas[schema.Name] = schema.Type is { } type ? SchemaOf(type, schema.Name) : Published(schema.Name);
        return Reference(schema.Name);
    }

    /// <summary>The published schemas stay where they are: their own references are to their own roots.</summary>
    private static JsonNode Published(string name)
    {
        var text = name == "ReleaseReport" ? ContractSchemas.ReleaseReport : ContractSchemas.ReleaseRequest;
        var schema = (JsonObject)JsonNode.Parse(text)!;
        return new JsonObject
        {
            ["$id"] = schema["$id"]?.DeepClone() ?? $"urn:slipway:{name}",
            ["type"] = "object",
            ["description"] = $"The whole schema: `slipway schema {(name == "ReleaseReport" ? "report" : "request")}`. {schema["description"]?.GetValue<string>()}".Trim(),
        };
    }

    private static JsonNode SchemaOf(Type type, string name)
    {
        var schema = JsonSchemaExporter.GetJsonSchemaAsNode(SlipwayJson.Options, type, new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = static (context, node) => Known(context.TypeInfo.Type) ?? Named(context.TypeInfo.Type, node),
        });
        Settle(schema, name);
        return schema;
    }

    /// <summary>References become references into the document, and what is left out when it is null is not required.</summary>
    private static void Settle(JsonNode? node, string name)
    {
        if (node is JsonArray array)
        {
            foreach (var item in array) Settle(item, name);
        }

        if (node is not JsonObject json) return;
        if (json["$ref"] is JsonValue reference)
            json["$ref"] = $"#/components/schemas/{name}{reference.GetValue<string>().TrimStart('#')}";
        if (json["required"] is JsonArray required && json["properties"] is JsonObject properties)
        {
            foreach (var member in required.Where(member => MayBeNull(properties[member!.GetValue<string>()])).ToList()) required.Remove(member);
            if (required.Count == 0) json.Remove("required");
        }

        foreach (var (_, member) in json) Settle(member, name);
    }

    private static bool MayBeNull(JsonNode? schema) =>
        schema?["type"] is JsonArray types ? types.Any(type => type?.GetValue<string>() == "null") : schema?["type"] is null;

    /// <summary>Types that a converter writes as one word or number.</summary>
    private static JsonObject? Known(Type type) =>
        type == typeof(ReleaseId) ? new JsonObject { ["type"] = "string" }
        : type == typeof(FlagKey) ? new JsonObject { ["type"] = "string" }
        : type == typeof(Percentage) ? new JsonObject { ["type"] = "number" }
        : type == typeof(DateTimeOffset) ? new JsonObject { ["type"] = "string", ["format"] = "date-time" }
        : type == typeof(TimeSpan) ? new JsonObject { ["type"] = "string" }
        : null;

    // The exporter writes true for what a converter of ours writes.
    private static JsonNode Named(Type type, JsonNode node) =>
        node is JsonValue && node.GetValueKind() == JsonValueKind.True ? new JsonObject { ["description"] = type.Name } : node;

    private static JsonObject Reference(string name) => new() { ["$ref"] = $"#/components/schemas/{name}" };

    private static string Status(int status) => status.ToString(CultureInfo.InvariantCulture);

    private static (string Method, string Path) Split(string route) => route.Split(' ') is [var method, var path] ? (method.ToLowerInvariant(), path) : throw new ArgumentException(route);

    private static string Words(int status) => status switch
    {
        400 => "The input is not valid; nothing was done",
        401 => "No token, or one that this server does not know",
        403 => "Not allowed",
        404 => "There is no such thing here",
        409 => "It does not fit where things stand; nothing was done",
        410 => "Too late",
        413 => "The body is too large",
        415 => "The media type is not understood",
        429 => "Too many requests; Retry-After says when",
        503 => "Temporarily unavailable; Retry-After says when",
        _ => "An error that the server did not expect",
    };
}
