namespace Slipway.Cli.Terminal;

/// <summary>"Did you mean": the nearest of the valid names by edit distance.</summary>
internal static class NearestName
{
    /// <summary>The nearest name, or null when none is near: at most a third of the letters, and at most three, may differ.</summary>
    public static string? Of(string word, IReadOnlyCollection<string> names)
    {
        var limit = Math.Min(3, Math.Max(1, word.Length / 3));
        return names
            .Select(name => (name, distance: Distance(word.ToLowerInvariant(), name.ToLowerInvariant())))
            .Where(pair => pair.distance <= limit)
            .OrderBy(pair => pair.distance)
            .ThenBy(pair => pair.name, StringComparer.Ordinal)
            .Select(pair => pair.name)
            .FirstOrDefault();
    }

    private static int Distance(string left, string right)
    {
        var previous = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var current = new int[right.Length + 1];
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replace = previous[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                current[j] = Math.Min(replace, Math.Min(previous[j], current[j - 1]) + 1);
            }

            previous = current;
        }

        return previous[right.Length];
    }
}
