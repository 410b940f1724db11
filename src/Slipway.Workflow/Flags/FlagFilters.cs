using System.Text.Json.Nodes;
using Slipway.Core.Requests;

namespace Slipway.Workflow.Flags;

/// <summary>The filters of one flag's conditions.</summary>
internal static class FlagFilters
{
    public static List<FlagFilter> Of(string flag, JsonObject root)
    {
        if (Conditions(flag, root)?["client_filters"] is not { } node) return [];
        if (node is not JsonArray filters) throw new FlagFormatException(flag, "conditions.client_filters is not an array.");
        return [.. filters.Select((filter, index) => FlagFilter.Read(flag, filter, index))];
    }

    public static bool RequiresAll(JsonObject root) =>
        string.Equals((root["conditions"] as JsonObject)?["requirement_type"]?.ToString(), "All", StringComparison.OrdinalIgnoreCase);

    /// <summary>The filter that carries the percentage, made when it is not there, and bounding: no other filter can let more users in.</summary>
    public static FlagFilter Require(string flag, JsonObject root, FlagLever lever)
    {
        var conditions = Conditions(flag, root);
        if (conditions is null) root["conditions"] = conditions = [];
        var filters = Of(flag, root);
        if (conditions["client_filters"] is not JsonArray array) conditions["client_filters"] = array = [];

        var found = filters.Find(filter => filter.Lever == lever);
        if (found is null)
        {
            found = FlagFilter.Create(lever);
            filters.Add(found);
            array.Add((JsonNode)found.Node);
        }

        if (filters.Count > 1 && !RequiresAll(root)) conditions["requirement_type"] = "All";
        return found;
    }

    public static bool ReadSwitch(string flag, JsonNode? node) => node switch
    {
        null => false,
        _ when bool.TryParse(node.ToString(), out var value) => value,
        _ => throw new FlagFormatException(flag, $"enabled is {node.ToJsonString()}; expected true or false."),
    };

    private static JsonObject? Conditions(string flag, JsonObject root) => root["conditions"] switch
    {
        null => null,
        JsonObject conditions => conditions,
        _ => throw new FlagFormatException(flag, "conditions is not an object."),
    };
}
