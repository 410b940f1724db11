using System.Text.Json;

namespace Slipway.Infrastructure.Check;

/// <summary>A resource as a deployment would make it; values that only Azure knows stay expressions in brackets.</summary>
internal sealed record Resource(string Variant, string Type, string Id, JsonElement Json)
{
    public JsonElement? At(params string[] path)
    {
        var here = Json;
        foreach (var name in path)
            if (here.ValueKind != JsonValueKind.Object || !here.TryGetProperty(name, out here)) return null;
        return here;
    }

    public bool Is(string expected, params string[] path) => At(path) is { } value && string.Equals(value.ToString(), expected, StringComparison.OrdinalIgnoreCase);
}

/// <summary>What deployments would make.</summary>
/// <param name="Smallest">With nothing set.</param>
/// <param name="Everything">With every option.</param>
internal sealed record CompiledTemplates(IReadOnlyList<Resource> Smallest, IReadOnlyList<Resource> Everything)
{
    public IEnumerable<Resource> All => Smallest.Concat(Everything);
}
