using System.Text;
using System.Text.RegularExpressions;

namespace Slipway.Core.Reporting;

/// <summary>
/// Makes any text fit for the report, which carries no deployment scripts: one line, no control characters, no code fence, shebang, shell
/// prompt or script tag, never starting with the name of a command-line tool and an argument, and cut at a word. Text is neutralised, never
/// refused: a line that would read as a command is set in quotation marks. Cleaning clean text changes nothing.
/// </summary>
public static partial class ReportText
{
    /// <summary>The contract's longest text, in UTF-16 units (the schema counts code points, which are never more).</summary>
    public const int MostCharacters = 4000;

    /// <summary>The contract's longest summary, in words (runs without white space).</summary>
    public const int MostWords = 200;

    /// <summary>The text made fit; empty stays empty.</summary>
    public static string Clean(string? text, int most = MostCharacters)
    {
        if (string.IsNullOrEmpty(text)) return "";
        var line = Blank().Replace(WellFormed(text), " ").Trim();
        line = Backticks().Replace(line, "'''");
        line = Tildes().Replace(line, "~-~");
        line = line.Replace("#!/", "#-/", StringComparison.Ordinal);
        line = ScriptTag().Replace(line, "<-$1");
        if (Prompt().IsMatch(line) || Tool().IsMatch(line)) line = $"“{line}”";
        return Cut(line, most);
    }

    /// <summary>The text made fit, or <paramref name="otherwise"/> when nothing is left of it.</summary>
    public static string OrElse(string? text, string otherwise) => Clean(text) is { Length: > 0 } clean ? clean : otherwise;

    /// <summary>The sentences one after the other, as many whole words as fit into <paramref name="most"/> words.</summary>
    public static string Words(IEnumerable<string> sentences, int most = MostWords)
    {
        var words = Clean(string.Join(' ', sentences.Where(sentence => !string.IsNullOrWhiteSpace(sentence))))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length <= most ? string.Join(' ', words) : string.Concat(string.Join(' ', words.Take(most)).TrimEnd('.', ',', ';'), "…");
    }

    private static string Cut(string line, int most)
    {
        if (line.Length <= most) return line;
        var space = line.LastIndexOf(' ', most - 1);
        // A word longer than half of the room is cut inside, but never inside a character.
        var end = space > most / 2 ? space : most - 1;
        if (char.IsHighSurrogate(line[end - 1])) end--;
        return string.Concat(line.AsSpan(0, end), "…");
    }

    private static string WellFormed(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) clean.Append(rune.ToString());
        return clean.ToString();
    }

    [GeneratedRegex(@"[\s\p{Cc}\u0085\u2028\u2029\uFEFF]+")]
    private static partial Regex Blank();

    [GeneratedRegex("`{3,}")]
    private static partial Regex Backticks();

    [GeneratedRegex("~{3,}")]
    private static partial Regex Tildes();

    [GeneratedRegex("<(script)", RegexOptions.IgnoreCase)]
    private static partial Regex ScriptTag();

    [GeneratedRegex(@"^(\$|PS>|>>|#)\s+\S")]
    private static partial Regex Prompt();

    [GeneratedRegex(
        @"^(sudo|kubectl|az|aws|gcloud|git|npm|npx|yarn|pnpm|node|ssh|scp|curl|wget|psql|mysql|sqlcmd|terraform|ansible|ansible-playbook|pm2|helm|docker|podman|bash|sh|zsh|pwsh|powershell|cmd|systemctl|dotnet|func|python|python3|make|rm)(\s+\S|$)",
        RegexOptions.IgnoreCase)]
    private static partial Regex Tool();
}
