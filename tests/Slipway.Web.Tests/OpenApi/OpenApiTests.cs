using System.Text.Json.Nodes;
using Slipway.Core.Tests.Ledgers;
using Slipway.Web.Api;
using Slipway.Web.OpenApi;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.OpenApi;

public sealed class OpenApiTests
{
    private static readonly JsonNode Document = JsonNode.Parse(OpenApiDocument.Text)!;
    private readonly ApiWorld _world = new();

    [Fact]
    public void Every_address_for_programs_is_described_and_nothing_else()
    {
        var table = ApiRoutes.Create(_world.Services).Routes
            .Where(route => !route.Page && route.Template.Text != "/assets/{name}")
            .Select(route => $"{route.Method} {route.Template.Text}");

        Assert.Equal(table.Order(StringComparer.Ordinal), ApiOperations.All.Select(operation => operation.Route).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_reference_leads_to_a_schema_of_the_document()
    {
        var references = References(Document).ToList();

        Assert.NotEmpty(references);
        foreach (var reference in references.Distinct())
        {
            Assert.StartsWith("#/components/schemas/", reference, StringComparison.Ordinal);
            JsonNode? target = Document;
            foreach (var part in reference.Split('/').Skip(1)) target = target is JsonArray array ? array[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)] : target?[part];
            Assert.True(target is not null, reference);
        }
    }

    [Fact]
    public void Every_operation_says_what_it_does_and_how_it_can_fail()
    {
        foreach (var (path, item) in Document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in item!.AsObject())
            {
                Assert.EndsWith(".", operation!["summary"]!.GetValue<string>(), StringComparison.Ordinal);
                Assert.NotNull(operation["responses"]!["500"]);
                var named = path.Split('/').Count(segment => segment.StartsWith('{'));
                Assert.Equal(named, operation["parameters"]!.AsArray().Count(parameter => parameter!["in"]!.GetValue<string>() == "path"));
                if (method == "post" && operation["security"] is null) Assert.NotNull(operation["responses"]!["401"]);
            }
        }
    }

    [Theory]
    [InlineData("/api/releases", "ReleasePage")]
    [InlineData("/api/releases/{id}/summary", "ReleaseSummary")]
    [InlineData("/api/releases/{id}/outlook", "PromotionOutlook")]
    [InlineData("/flags", "FlagList")]
    [InlineData("/api/freezes", "FreezeStatus")]
    [InlineData("/health", "HealthAnswer")]
    [InlineData("/api/releases/nothing", "Problem")]
    public async Task Answers_have_the_members_of_their_schema(string path, string schema)
    {
        var release = await _world.LoadAsync(SampleLedgers.All["running"]);
        await _world.Flags.CreateOffAsync("x", CancellationToken.None);

        var answer = await _world.SendAsync("GET", path.Replace("{id}", release.Value, StringComparison.Ordinal));

        Fits((JsonObject)Document["components"]!["schemas"]![schema]!, JsonNode.Parse(answer.Body)!, path);
    }

    [Fact]
    public async Task It_is_served_to_everyone()
    {
        var answer = await _world.SendAsync("GET", "/openapi.json", token: null);

        Assert.Equal(200, answer.Status);
        Assert.Equal(OpenApiDocument.Text, answer.Body);
    }

    // Every member is described, and every member that is required is there.
    private static void Fits(JsonNode schema, JsonNode? value, string where)
    {
        if (value is JsonArray array && schema["items"] is { } items)
        {
            foreach (var item in array) Fits(items, item, $"{where}[]");
        }
        else if (value is JsonObject json && schema["properties"] is JsonObject properties)
        {
            foreach (var (name, member) in json)
            {
                Assert.True(properties.ContainsKey(name), $"{where}: {name} is not described");
                Fits(properties[name]!, member, $"{where}.{name}");
            }

            foreach (var required in schema["required"]?.AsArray() ?? [])
                Assert.True(json.ContainsKey(required!.GetValue<string>()), $"{where}: {required} is missing");
        }
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject json => json.SelectMany(member => member.Key == "$ref" ? [member.Value!.GetValue<string>()] : References(member.Value)),
        JsonArray array => array.SelectMany(References),
        _ => [],
    };
}
