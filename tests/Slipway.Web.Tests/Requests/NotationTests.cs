using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.Core.Reporting;
using Slipway.Core.Requests;
using Slipway.Core.Requests.Reading;
using Slipway.Core.Tests.Contract;
using Slipway.Web.Requests;

namespace Slipway.Web.Tests.Requests;

public sealed partial class NotationTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_same_request_in_YAML_and_JSON_is_the_same_request_with_the_same_hash(bool full)
    {
        var yaml = full ? Samples.Full : Samples.Small;
        var json = ToJson(YamlRequestDocument.Parse(yaml).Root!, reversed: false)!.ToJsonString();
        var reversed = ToJson(YamlRequestDocument.Parse(yaml).Root!, reversed: true)!.ToJsonString();

        var fromYaml = ReleaseRequestReader.Read(YamlRequestDocument.Parse(yaml)).Request!;
        ReleaseRequest[] others =
        [
            ReleaseRequestReader.Read(JsonRequestDocument.Parse(json)).Request!,
            ReleaseRequestReader.Read(YamlRequestDocument.Parse(json)).Request!,
            ReleaseRequestReader.Read(JsonRequestDocument.Parse(reversed)).Request!,
        ];

        Assert.All(others, other => Assert.Equal(
            Encoding.UTF8.GetString(RequestHash.CanonicalJson(fromYaml)), Encoding.UTF8.GetString(RequestHash.CanonicalJson(other))));
        Assert.All(others, other => Assert.Equal(RequestHash.Of(fromYaml), RequestHash.Of(other)));
        Assert.NotEqual(json, reversed);
    }

    [Fact]
    public void Schema_and_reader_know_the_same_keys()
    {
        var context = new ReadingContext();
        ReleaseRequestReader.Read(YamlRequestDocument.Parse(Samples.Full).Root!, context);

        var schema = JsonNode.Parse(ContractSchemas.ReleaseRequest)!.AsObject();
        var keys = new SortedSet<string>(StringComparer.Ordinal);
        Collect(schema, "", keys);

        Assert.Empty(context.Problems());
        Assert.Equal(keys, context.KnownKeys);
        Assert.True(keys.Count > 190);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("strategy: cannary", "strategy")]
    [InlineData("stages: [{percentage: 120, bake: 1h}]", "percentage")]
    [InlineData("stages: [{percentage: 5, bake: 30}]", "bake")]
    [InlineData("guardrails: {triggers: [{metric: error_rate, above: 1, below: 2}]}", "triggers")]
    [InlineData("flgas: []", "flgas")]
    public void The_schema_accepts_the_samples_and_refuses_what_the_reader_refuses(string yaml, string? fault)
    {
        var schema = SchemaValidator.Parse(ContractSchemas.ReleaseRequest);

        if (fault is not null)
            Assert.Contains(schema.Validate(Json(yaml)), problem => problem.Contains(fault, StringComparison.Ordinal));
        else
            Assert.All([Samples.Small, Samples.Full], sample => Assert.Empty(schema.Validate(Json(sample))));

        static string Json(string text) => ToJson(YamlRequestDocument.Parse(text).Root!, reversed: false)!.ToJsonString();
    }

    [Fact]
    public void Every_field_of_the_schema_has_a_description()
    {
        var schema = JsonNode.Parse(ContractSchemas.ReleaseRequest)!.AsObject();

        Assert.Equal("https://json-schema.org/draft/2020-12/schema", schema["$schema"]!.GetValue<string>());
        Assert.All(Fields(schema), field => Assert.False(string.IsNullOrWhiteSpace(field.Value!["description"]?.GetValue<string>()), field.Key));
    }

    [Fact]
    public void The_words_of_the_schema_are_the_words_of_the_reader()
    {
        var schema = JsonNode.Parse(ContractSchemas.ReleaseRequest)!.AsObject();
        var strategy = schema["properties"]!["strategy"]!["enum"]!.AsArray().Select(word => word!.GetValue<string>());
        var problem = Assert.Single(ReleaseRequestReader.Read(YamlRequestDocument.Parse("strategy: none of them")).Problems);

        Assert.Equal(problem.Expected, $"one of {string.Join(", ", strategy)}");
    }

    [Fact]
    public void Random_truncations_and_mutations_of_the_samples_never_throw()
    {
        var random = new Random(20261121);
        const string Pieces = "{}[]:,-\"'#&*!|>%@`\n\t \\\u0000\u0085\u2028\uD800€0Az?~<";
        foreach (var sample in new[] { Samples.Small, Samples.Full, ToJson(YamlRequestDocument.Parse(Samples.Full).Root!, reversed: false)!.ToJsonString() })
        {
            for (var round = 0; round < 200; round++)
            {
                var text = new StringBuilder(sample);
                if (round % 3 == 0)
                    text.Length = random.Next(text.Length);
                for (var change = random.Next(1, 6); change > 0 && text.Length > 0; change--)
                {
                    var at = random.Next(text.Length);
                    switch (random.Next(3))
                    {
                        case 0:
                            text.Remove(at, Math.Min(random.Next(1, 12), text.Length - at));
                            break;
                        case 1:
                            text.Insert(at, Pieces[random.Next(Pieces.Length)]);
                            break;
                        default:
                            text[at] = Pieces[random.Next(Pieces.Length)];
                            break;
                    }
                }

                foreach (var document in new[] { YamlRequestDocument.Parse(text.ToString()), JsonRequestDocument.Parse(text.ToString()), RequestFile.Parse(text.ToString()) })
                {
                    var reading = ReleaseRequestReader.Read(document);
                    Assert.Equal(reading.Request is null, reading.Problems.Count > 0);
                    if (reading.Request is not null)
                        Assert.Equal(64, RequestHash.Of(reading.Request).Length);
                }
            }
        }
    }

    private static JsonNode? ToJson(RequestNode node, bool reversed) => node switch
    {
        RequestMapping mapping => new JsonObject((reversed ? mapping.Entries.Reverse() : mapping.Entries)
            .Select(entry => KeyValuePair.Create(entry.Key, ToJson(entry.Value, reversed)))),
        RequestSequence list => new JsonArray([.. list.Items.Select(item => ToJson(item, reversed))]),
        RequestScalar { Quoted: false, Text: "true" or "false" } scalar => scalar.Text == "true",
        RequestScalar { Quoted: false } scalar when PlainNumber().IsMatch(scalar.Text) => JsonNode.Parse(scalar.Text),
        RequestScalar scalar => scalar.Text,
        _ => throw new InvalidOperationException(),
    };

    private static void Collect(JsonObject schema, string path, SortedSet<string> keys)
    {
        foreach (var (key, value) in schema["properties"]?.AsObject() ?? [])
        {
            var name = path.Length == 0 ? key : $"{path}.{key}";
            keys.Add(name);
            Collect(value!.AsObject(), name, keys);
        }

        if (schema["items"] is JsonObject items)
            Collect(items, path + "[]", keys);
        if (schema["additionalProperties"] is JsonObject free)
            Collect(free, path + ".*", keys);
        foreach (var form in schema["anyOf"]?.AsArray() ?? [])
            Collect(form!.AsObject(), path, keys);
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Fields(JsonObject schema) =>
        (schema["properties"]?.AsObject() ?? []).SelectMany(field => Fields(field.Value!.AsObject()).Prepend(field))
            .Concat(schema["items"] is JsonObject items ? Fields(items) : [])
            .Concat(schema["additionalProperties"] is JsonObject free ? Fields(free) : [])
            .Concat((schema["anyOf"]?.AsArray() ?? []).SelectMany(form => Fields(form!.AsObject())));

    [GeneratedRegex(@"\A-?(0|[1-9]\d*)(\.\d+)?\z")]
    private static partial Regex PlainNumber();
}
