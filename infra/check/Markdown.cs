using System.Text.RegularExpressions;

namespace Slipway.Infrastructure.Check;

/// <summary>Tables of a Markdown document by heading.</summary>
internal sealed partial class Markdown(string text)
{
    /// <summary>The cells of the tables under a heading, without their head.</summary>
    public IReadOnlyList<string[]> Rows(string heading)
    {
        var section = Regex.Match(text, $@"^#+ {Regex.Escape(heading)}$(.*?)(?=^#+ |\z)", RegexOptions.Multiline | RegexOptions.Singleline);
        if (!section.Success) throw new InvalidOperationException($"infra/README.md has no heading '{heading}'.");
        return [.. section.Groups[1].Value.Split('\n').Where(static line => line.StartsWith('|'))
            .Select(static line => line.Trim().Trim('|').Split('|', StringSplitOptions.TrimEntries))
            .Where(static cells => !cells[0].StartsWith("---", StringComparison.Ordinal)).Skip(1)];
    }

    /// <summary>The names in backticks of the first cells under a heading.</summary>
    public IReadOnlyList<string> Names(string heading) => [.. Rows(heading).SelectMany(static cells => Quoted().Matches(cells[0])).Select(static match => match.Groups[1].Value)];

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
