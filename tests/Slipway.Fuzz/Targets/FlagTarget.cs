using System.Text;
using System.Text.Json.Nodes;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Fuzz.Running;
using Slipway.Workflow.Flags;

namespace Slipway.Fuzz.Targets;

/// <summary>The patcher of a flag's JSON: it can always turn off, never exposes more than it was told to, keeps every member that is not its own, and
/// does nothing at a second time.</summary>
internal sealed class FlagTarget : IFuzzTarget
{
    private static readonly FlagSpec Spec = new() { Name = "search-v2", Segments = ["beta"], Overrides = ["dana@example.com"] };

    /// <summary>What the patcher owns, or puts where it is missing.</summary>
    private static readonly string[] Owned = ["id", "enabled", "conditions", "client_filters", "requirement_type", "parameters", "audience", "value", "users", "groups", "defaultrolloutpercentage", "rolloutpercentage"];

    /// <inheritdoc/>
    public string Name => "flag";

    /// <inheritdoc/>
    public IReadOnlyList<string> Words { get; } =
    [
        "\"id\":\"search-v2\"", "\"enabled\":true", "\"conditions\":", "\"client_filters\":[]", "\"name\":\"Microsoft.Targeting\"", "\"name\":\"Microsoft.Percentage\"",
        "\"parameters\":{}", "\"Audience\":{}", "\"DefaultRolloutPercentage\":50", "\"Value\":\"12.5\"", "\"requirement_type\":\"Any\"", "\"Groups\":[]", "\"Users\":[]", "\"variants\":[]",
    ];

    /// <inheritdoc/>
    public string Read(byte[] input)
    {
        var json = Encoding.UTF8.GetString(input);
        var state = FlagJson.Read("search-v2", json, "e1");
        var off = FlagJson.SetExposure(json, Spec, Percentage.Zero);
        var read = FlagJson.Read("search-v2", off, "e2");
        if (read.Enabled || read.Exposure != Percentage.Zero) throw new BrokenPromiseException("a flag that was turned off is on");
        if (FlagJson.SetExposure(off, Spec, Percentage.Zero) != off) throw new BrokenPromiseException("turning off twice gives another text");
        return $"{Kind(state)}, {Patched(json, new Percentage(25))}, {Patched(json, Percentage.Full)}";
    }

    private static string Patched(string json, Percentage exposure)
    {
        string patched;
        try
        {
            patched = FlagJson.SetExposure(json, Spec, exposure);
        }
        catch (FlagFormatException problem)
        {
            return $"refused: {string.Join(' ', problem.Problem.Split(' ').Where(word => word.All(char.IsAsciiLetter)).Take(6))}";
        }

        var state = FlagJson.Parse("search-v2", patched, "e3");
        if (!state.Enabled || state.Exposure > exposure) throw new BrokenPromiseException("a patched flag exposes more than it was told to");
        if (FlagJson.SetExposure(patched, Spec, exposure) != patched) throw new BrokenPromiseException("patching twice gives another text");
        CheckKept(JsonNode.Parse(json), JsonNode.Parse(patched));
        return $"{state.Rules.Count} filters at {state.Exposure}";
    }

    /// <summary>Every member of the flag that is not the patcher's is in the patched one as it was.</summary>
    private static void CheckKept(JsonNode? before, JsonNode? after)
    {
        switch (before, after)
        {
            case (JsonObject old, JsonObject now):
                foreach (var (name, value) in old)
                {
                    if (!now.ContainsKey(name)) throw new BrokenPromiseException("a member got lost");
                    if (Owned.Contains(name.ToLowerInvariant())) CheckKept(value, now[name]);
                    else if (value?.ToJsonString() != now[name]?.ToJsonString()) throw new BrokenPromiseException("a member that is not the patcher's was changed");
                }

                break;
            case (JsonArray old, JsonArray now):
                if (now.Count < old.Count) throw new BrokenPromiseException("an item got lost");
                foreach (var (index, item) in old.Index())
                {
                    CheckKept(item, now[index]);
                }

                break;
            default:
                // A single value under a name that is the patcher's.
                break;
        }
    }

    private static string Kind(FlagState state) => state.Rules is [var rule] && rule.StartsWith("unreadable", StringComparison.Ordinal)
        ? string.Join(' ', rule.Split(' ').Where(word => word.All(char.IsAsciiLetter)).Take(6))
        : $"{state.Enabled} {state.Rules.Count} {state.Segments.Count} {state.Overrides.Count}";
}
