namespace Slipway.Benchmarks.AzureCost.Counting;

/// <summary>What was counted, by name: dotted, the area first. A name that was never counted is zero.</summary>
internal sealed class Tally
{
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>Everything, ascending by name.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    /// <summary>One count.</summary>
    public long this[string name] => _counts.GetValueOrDefault(name);

    /// <summary>Counts.</summary>
    /// <param name="name">What.</param>
    /// <param name="by">How many.</param>
    public void Add(string name, long by = 1)
    {
        if (by != 0) _counts[name] = this[name] + by;
    }

    /// <summary>The sum of an area, for example of every activity.</summary>
    public long Of(string area) => _counts.Where(count => count.Key.StartsWith(area + '.', StringComparison.Ordinal)).Sum(count => count.Value);
}
