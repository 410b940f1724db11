using Slipway.Core.Requests;

namespace Slipway.Core.Tests.Requests;

/// <summary>Requests for tests, written as JSON.</summary>
internal static class Given
{
    /// <summary>A request that says just enough to start.</summary>
    public const string Small = """
        {
          "release": { "title": "Search", "version": "2.4.0", "declared_risk": "low" },
          "environments": [{ "name": "prod" }],
          "flags": [{ "name": "search-v2", "kill_switch": true }],
          "telemetry": { "source": "embedded" },
          "communications": { "stakeholders": [{ "email": "support@example.com" }] }
        }
        """;

    public static ReleaseRequest Request(string json)
    {
        var reading = ReleaseRequestReader.Read(JsonRequestDocument.Parse(json));
        Assert.Empty(reading.Problems);
        return reading.Request!;
    }

    /// <summary>The small request with a top-level member added or replaced.</summary>
    public static ReleaseRequest SmallWith(string member, string json)
    {
        var root = System.Text.Json.Nodes.JsonNode.Parse(Small)!.AsObject();
        root[member] = System.Text.Json.Nodes.JsonNode.Parse(json);
        return Request(root.ToJsonString());
    }

    /// <summary>The small request without a member, for example <c>release.title</c>.</summary>
    public static ReleaseRequest SmallWithout(string path)
    {
        var root = System.Text.Json.Nodes.JsonNode.Parse(Small)!.AsObject();
        var parts = path.Split('.');
        (parts.Length == 1 ? root : root[parts[0]]!.AsObject()).Remove(parts[^1]);
        return Request(root.ToJsonString());
    }
}
