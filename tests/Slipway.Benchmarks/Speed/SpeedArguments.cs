namespace Slipway.Benchmarks.Speed;

/// <summary>What a run of the table was asked for.</summary>
/// <param name="Quick">With small sizes.</param>
/// <param name="Json">As JSON.</param>
/// <param name="Against">The file of the kept table; null: none.</param>
/// <param name="Parts">The names of the parts; empty: all.</param>
internal sealed record SpeedArguments(bool Quick, bool Json, string? Against, IReadOnlyList<string> Parts)
{
    /// <summary>Reads arguments; null when one of them is not understood.</summary>
    public static SpeedArguments? Parse(IReadOnlyList<string> arguments)
    {
        var (quick, json, against, parts) = (false, false, default(string), new List<string>());
        for (var i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "--quick": quick = true; break;
                case "--json": json = true; break;
                case "--against" when against is null && i + 1 < arguments.Count: against = arguments[++i]; break;
                case var name when SpeedPart.All.Any(part => part.Name == name): parts.Add(name); break;
                default: return null;
            }
        }

        return new SpeedArguments(quick, json, against, parts);
    }
}
