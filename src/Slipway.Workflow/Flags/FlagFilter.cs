using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Workflow.Flags;

/// <summary>
/// One filter of a flag. Parameter names are found without regard to case, as the feature library finds them through configuration.
/// </summary>
internal sealed record FlagFilter(JsonObject Node, string Name, FlagLever? Lever, Percentage? Share)
{
    private const string AudienceMember = "Audience";

    private const string DefaultRollout = "DefaultRolloutPercentage";

    /// <summary>The audience of a targeting filter; null for every other filter, and for one whose audience is not an object.</summary>
    public JsonObject? Audience => Lever == FlagLever.Targeting ? Find(Parameters(Node), AudienceMember) as JsonObject : null;

    public static FlagFilter Read(string flag, JsonNode? node, int index)
    {
        if (node is not JsonObject filter || filter["name"]?.ToString() is not { Length: > 0 } name)
        {
            throw new FlagFormatException(flag, $"conditions.client_filters[{index}] has no name.");
        }

        var lever = LeverOf(name);
        var share = lever switch
        {
            FlagLever.Targeting => ReadShare(flag, Find(Find(Parameters(filter), AudienceMember) as JsonObject, DefaultRollout), DefaultRollout),
            FlagLever.Percentage => ReadShare(flag, Find(Parameters(filter), "Value"), "Value"),
            _ => (Percentage?)null,
        };
        return new FlagFilter(filter, name, lever, share);
    }

    public static FlagFilter Create(FlagLever lever)
    {
        var targeting = lever == FlagLever.Targeting;
        var name = targeting ? "Microsoft.Targeting" : "Microsoft.Percentage";
        var parameters = targeting
            ? new JsonObject
            {
                [AudienceMember] = new JsonObject { ["Users"] = new JsonArray(), ["Groups"] = new JsonArray(), [DefaultRollout] = 0 },
            }
            : new JsonObject { ["Value"] = 0 };
        return new FlagFilter(new JsonObject { ["name"] = name, ["parameters"] = parameters }, name, lever, Percentage.Zero);
    }

    public void SetPercentage(string flag, Percentage exposure)
    {
        if (Find(Node, "parameters") is not JsonObject parameters) Put(Node, "parameters", parameters = []);
        if (Lever == FlagLever.Percentage)
        {
            if (decimal.Truncate(exposure.Value) != exposure.Value)
            {
                throw new FlagFormatException(
                    flag, $"{exposure} was asked of Microsoft.Percentage; expected a whole percentage, or the targeting lever.");
            }

            Put(parameters, "Value", Number(exposure));
            return;
        }

        if (Find(parameters, AudienceMember) is not JsonObject audience) Put(parameters, AudienceMember, audience = []);
        Put(audience, DefaultRollout, Number(exposure));
    }

    /// <summary>A member by name without regard to case.</summary>
    public static JsonNode? Find(JsonObject? node, string name) =>
        node?.FirstOrDefault(member => string.Equals(member.Key, name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>Sets a member where it stands, in the spelling that it has; else adds it at the end.</summary>
    public static void Put(JsonObject node, string name, JsonNode value)
    {
        var key = node.Select(member => member.Key).FirstOrDefault(key => string.Equals(key, name, StringComparison.OrdinalIgnoreCase)) ?? name;
        node[key] = value;
    }

    private static JsonObject? Parameters(JsonObject filter) => Find(filter, "parameters") as JsonObject;

    private static JsonValue Number(Percentage share) => decimal.Truncate(share.Value) == share.Value
        ? JsonValue.Create((int)share.Value)
        : JsonValue.Create(share.Value);

    // The feature library matches a filter by its alias with or without the namespace, and with or without "Filter" at the end.
    private static FlagLever? LeverOf(string name)
    {
        var alias = name.StartsWith("Microsoft.", StringComparison.OrdinalIgnoreCase) ? name["Microsoft.".Length..] : name;
        alias = alias.EndsWith("Filter", StringComparison.OrdinalIgnoreCase) ? alias[..^"Filter".Length] : alias;
        return alias.ToUpperInvariant() switch
        {
            "TARGETING" => FlagLever.Targeting,
            "PERCENTAGE" => FlagLever.Percentage,
            _ => null,
        };
    }

    private static Percentage ReadShare(string flag, JsonNode? node, string name)
    {
        if (node is null) return Percentage.Zero;
        return decimal.TryParse(node.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 100
            ? new Percentage(value)
            : throw new FlagFormatException(flag, $"{name} is {node.ToJsonString()}; expected a number from 0 to 100.");
    }
}
