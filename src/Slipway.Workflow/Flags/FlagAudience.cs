using System.Text.Json.Nodes;

namespace Slipway.Workflow.Flags;

/// <summary>The audience of a targeting filter: groups with their own share, and users.</summary>
internal static class FlagAudience
{
    public static IEnumerable<string> Groups(JsonObject audience) =>
        Items(audience, "Groups").OfType<JsonObject>().Select(group => FlagFilter.Find(group, "Name")?.ToString()).OfType<string>();

    public static IEnumerable<string> Users(JsonObject audience) =>
        Items(audience, "Users").Select(user => user?.ToString()).OfType<string>();

    /// <summary>Adds segments (at 100 %) and overrides; a group of that name that had a smaller share gets 100 %.</summary>
    public static void Include(JsonObject audience, IReadOnlyList<string> segments, IReadOnlyList<string> overrides)
    {
        foreach (var segment in segments)
        {
            var group = Items(audience, "Groups").OfType<JsonObject>()
                .FirstOrDefault(group => FlagFilter.Find(group, "Name")?.ToString() == segment);
            if (group is null) Require(audience, "Groups").Add((JsonNode)new JsonObject { ["Name"] = segment, ["RolloutPercentage"] = 100 });
            else FlagFilter.Put(group, "RolloutPercentage", 100);
        }

        foreach (var user in overrides.Except(Users(audience), StringComparer.Ordinal))
        {
            Require(audience, "Users").Add((JsonNode)JsonValue.Create(user));
        }
    }

    private static JsonArray Require(JsonObject audience, string name)
    {
        if (FlagFilter.Find(audience, name) is JsonArray array) return array;
        FlagFilter.Put(audience, name, array = []);
        return array;
    }

    private static IEnumerable<JsonNode?> Items(JsonObject audience, string name) =>
        FlagFilter.Find(audience, name) as JsonArray ?? Enumerable.Empty<JsonNode?>();
}
