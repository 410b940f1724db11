namespace Slipway.Infrastructure.Check;

/// <summary>What was found wrong, and how much was looked at.</summary>
internal sealed class Findings
{
    private readonly List<string> _all = [];

    public IReadOnlyList<string> All => _all;

    public int Facts { get; private set; }

    public void Expect(bool holds, string otherwise)
    {
        Facts++;
        if (!holds) _all.Add(otherwise);
    }

    /// <summary>Two sets that have to be one.</summary>
    public void ExpectSame(IEnumerable<string> these, string here, IEnumerable<string> those, string there)
    {
        HashSet<string> left = [.. these];
        HashSet<string> right = [.. those];
        foreach (var name in left.Union(right).Order(StringComparer.Ordinal))
            Expect(left.Contains(name) && right.Contains(name), left.Contains(name) ? $"{name} is in {here}, but not in {there}" : $"{name} is in {there}, but not in {here}");
    }

    public void ExpectWithin(IEnumerable<string> these, string here, IEnumerable<string> those, string there)
    {
        HashSet<string> known = [.. those];
        foreach (var name in these.Distinct().Order(StringComparer.Ordinal)) Expect(known.Contains(name), $"{name} is in {here}, but not in {there}");
    }
}
