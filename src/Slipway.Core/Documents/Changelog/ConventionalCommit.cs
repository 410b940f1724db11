using System.Text.RegularExpressions;

namespace Slipway.Core.Documents.Changelog;

/// <summary>One commit message after the Conventional Commits specification 1.0.0 (https://www.conventionalcommits.org/en/v1.0.0/).</summary>
/// <param name="Type">The type in lower case, for example <c>feat</c>.</param>
/// <param name="Scope">The scope; may be empty.</param>
/// <param name="Description">The description.</param>
/// <param name="Breaking">What breaks: the footer's text, or the description where only <c>!</c> says so; null: nothing.</param>
/// <param name="Deprecation">What is deprecated, by a footer <c>DEPRECATED:</c>; null: nothing.</param>
public sealed partial record ConventionalCommit(string Type, string Scope, string Description, string? Breaking, string? Deprecation)
{
    /// <summary>Reads a message; null when its first line is not of the form <c>type(scope)!: description</c>.</summary>
    public static ConventionalCommit? Parse(string message)
    {
        var lines = message.ReplaceLineEndings("\n").Split('\n');
        if (Header().Match(lines[0].Trim()) is not { Success: true } header) return null;
        var description = header.Groups["description"].Value.Trim();
        var breaking = Footer(lines, "BREAKING CHANGE", "BREAKING-CHANGE") ?? (header.Groups["bang"].Success ? description : null);
        return new ConventionalCommit(
            header.Groups["type"].Value.ToLowerInvariant(), header.Groups["scope"].Value.Trim(), description, breaking, Footer(lines, "DEPRECATED", "Deprecated"));
    }

    private static string? Footer(IEnumerable<string> lines, params IReadOnlyList<string> tokens) =>
        (from line in lines.Skip(1)
         from token in tokens
         where line.StartsWith(token + ": ", StringComparison.Ordinal) || line.StartsWith(token + " #", StringComparison.Ordinal)
         select line[(token.Length + 2)..].Trim()).FirstOrDefault(text => text.Length > 0);

    [GeneratedRegex(@"\A(?<type>[A-Za-z]+)(?:\((?<scope>[^()\r\n]+)\))?(?<bang>!)?: (?<description>.*\S)\z")]
    private static partial Regex Header();
}
