using System.Globalization;
using System.Text.Json;

namespace Slipway.Benchmarks.Speed;

/// <summary>
/// The table of an earlier run, kept as a file (what <c>all --quick --json</c> printed). A run is held against it by its ratios alone: seconds are of a
/// machine. A ratio that has fallen to less than <see cref="Share"/> of the kept one is a regression.
/// </summary>
internal sealed class KeptTable
{
    /// <summary>What has to be left of a ratio: 70 %.</summary>
    public const double Share = 0.7;

    private readonly Dictionary<(string Part, string What), double> _ratios;

    private KeptTable(string mode, Dictionary<(string, string), double> ratios) => (Mode, _ratios) = (mode, ratios);

    /// <summary>quick or full: only runs of the same size compare.</summary>
    public string Mode { get; }

    /// <summary>The names of the parts with ratios that may not fall.</summary>
    public IEnumerable<string> Parts => _ratios.Keys.Select(row => row.Part).Distinct();

    /// <summary>Reads a table; throws <see cref="FormatException"/> with what is wrong.</summary>
    public static KeptTable Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.GetProperty("schema").GetString() is var schema && schema != SpeedReport.Schema)
                throw new FormatException($"The kept table has the schema {schema}; expected {SpeedReport.Schema}.");
            var ratios = new Dictionary<(string, string), double>();
            foreach (var row in root.GetProperty("rows").EnumerateArray())
            {
                if (row.GetProperty("ratio") is not { ValueKind: JsonValueKind.Object } ratio || !ratio.GetProperty("guarded").GetBoolean()) continue;
                ratios.Add((row.GetProperty("part").GetString()!, row.GetProperty("what").GetString()!), ratio.GetProperty("value").GetDouble());
            }

            return new KeptTable(root.GetProperty("mode").GetString()!, ratios);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException($"The kept table is not what 'all --json' prints: {error.Message}", error);
        }
    }

    /// <summary>What has become worse, a sentence each. A kept row that was not measured again is told too: nobody may lose one unseen.</summary>
    /// <param name="rows">The rows of this run.</param>
    /// <param name="parts">The names of the parts that were measured.</param>
    public IReadOnlyList<string> Regressions(IReadOnlyList<(SpeedPart Part, SpeedRow Row)> rows, IReadOnlyCollection<string> parts)
    {
        var found = rows.ToDictionary(pair => (pair.Part.Name, pair.Row.What), pair => pair.Row.Ratio);
        List<string> worse = [];
        foreach (var ((part, what), kept) in _ratios.Where(row => parts.Contains(row.Key.Part)))
        {
            if (found.GetValueOrDefault((part, what)) is not { } ratio) worse.Add($"{part}, {what}: it is in the kept table and was not measured with a ratio");
            else if (!(ratio.Value >= kept * Share))
                worse.Add(string.Create(CultureInfo.InvariantCulture, $"{part}, {what}: {ratio.Value:0.###} times {ratio.Against}; kept {kept:0.###}, at least {kept * Share:0.###} expected"));
        }

        return worse;
    }
}
