using System.Text.RegularExpressions;
using Slipway.Core.Requests;

namespace Slipway.Web.Requests;

/// <summary>
/// Reads a brief in Markdown, with headings PERSONA, TASK, CONTEXT and FORMAT, into a <see cref="RequestNode"/> tree. The task becomes the
/// title; lines of the context with a known word before their colon (see <see cref="BriefFields"/>) become fields; all other text of the
/// context becomes the problem, so that nothing is lost. Persona and format say how to write, not what to release. What a brief does not
/// say is a gap like any other.
/// </summary>
public static partial class MarkdownBriefDocument
{
    /// <summary>Reads one brief. Never throws at what it says.</summary>
    public static RequestDocument Parse(string text)
    {
        var lines = Sections(text);
        var task = string.Join(' ', lines.Where(line => line.Section == "TASK").Select(line => line.Text)).Trim();
        if (task.Length == 0)
        {
            return RequestDocument.Unreadable(new RequestProblem(
                "", 1, 1, "no text under a heading TASK", "a brief with the headings PERSONA, TASK, CONTEXT and FORMAT, or a request in YAML or JSON"));
        }

        var tree = new BriefTree();
        tree.Set("release.title", Title(task), lines.First(line => line.Section == "TASK").Number);
        var rest = new List<BriefLine>();
        foreach (var line in lines.Where(line => line.Section == "CONTEXT"))
        {
            var named = Named().Match(line.Text);
            if (!named.Success || !BriefFields.TryRead(named.Groups["name"].Value, named.Groups["value"].Value.Trim(), line.Number, tree))
                rest.Add(line);
        }

        if (rest.Count > 0)
            tree.Set("release.problem", string.Join('\n', rest.Select(line => line.Text)), rest[0].Number);
        return RequestDocument.Of(tree.Root());
    }

    /// <summary>The task without its order: what is to be released.</summary>
    private static string Title(string task)
    {
        var sentence = task.Split(". ")[0].TrimEnd('.', ' ');
        var subject = Order().Replace(sentence, "");
        return subject.Length == 0 ? sentence : char.ToUpperInvariant(subject[0]) + subject[1..];
    }

    private static List<BriefLine> Sections(string text)
    {
        var lines = new List<BriefLine>();
        var section = "";
        foreach (var (index, raw) in text.TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n').Index())
        {
            if (raw.TrimStart().StartsWith("```", StringComparison.Ordinal))
                continue;
            if (Heading(raw) is { } heading)
                section = heading.ToUpperInvariant();
            else if (Bullet().Replace(raw, "").Trim() is { Length: > 0 } line)
                lines.Add(new BriefLine(section, line, index + 1));
        }

        return lines;
    }

    /// <summary>The text of a heading, without the marks that may stand behind it; null when the line is none. A regular expression for it tries every
    /// way to divide a run of blanks, which takes hours for a long one.</summary>
    private static string? Heading(string line)
    {
        var text = line.TrimStart('#');
        return line.Length - text.Length is >= 1 and <= 6 && text.Length > 0 && char.IsWhiteSpace(text[0]) ? text.Trim().TrimEnd('#').TrimEnd() : null;
    }

    [GeneratedRegex(@"\A\s*(?:[•*+-]|\d{1,3}[.)])\s+")]
    private static partial Regex Bullet();

    [GeneratedRegex(@"\A\**(?<name>[A-Za-z][A-Za-z /-]{1,40}?)\**\s*:\**\s*(?<value>\S.*)\z")]
    private static partial Regex Named();

    [GeneratedRegex(@"\A(?:please\s+)?(?:plan|design|prepare|create|write)\b.{0,60}?\b(?:rollout|roll-out|release|deployment|delivery|plan)\s+(?:for|of)\s+(?:(?:the|a|an|our)\s+)?", RegexOptions.IgnoreCase)]
    private static partial Regex Order();

    private sealed record BriefLine(string Section, string Text, int Number);
}
