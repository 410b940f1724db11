using System.Buffers;
using System.Collections.Frozen;
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

    /// <summary>Those of <see cref="Harmless"/> that nearly every text is made of alone: looked for many at once, which is several times as fast.</summary>
    private static readonly SearchValues<char> HarmlessAscii = SearchValues.Create(
        " !\"%&'()*+,-./0123456789:;=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_abcdefghijklmnopqrstuvwxyz{|}");

    /// <summary>Characters of which none begins or belongs to anything that is made fit; a space where it is a single one.</summary>
    private static readonly SearchValues<char> Harmless = SearchValues.Create(
        " !\"%&'()*+,-./0123456789:;=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_abcdefghijklmnopqrstuvwxyz{|}äöüÄÖÜßéèàçñ–—…“”‘’·×≤≥");

    private static readonly FrozenSet<string> Tools = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, ToolNames.Split('|'));

    private const string ToolNames =
        "sudo|kubectl|az|aws|gcloud|git|npm|npx|yarn|pnpm|node|ssh|scp|curl|wget|psql|mysql|sqlcmd|terraform|ansible|ansible-playbook|pm2|helm|docker|podman|bash|sh|zsh|pwsh|powershell|cmd|systemctl|dotnet|func|python|python3|make|rm";

    /// <summary>The text made fit; empty stays empty.</summary>
    public static string Clean(string? text, int most = MostCharacters) =>
        string.IsNullOrEmpty(text) ? "" : text.Length <= most && IsClean(text) ? text : MakeFit(text, most);

    /// <summary>Whether a text needs nothing, told without rewriting it; false of some that need nothing either.</summary>
    private static bool IsClean(string text)
    {
        if (text[0] is ' ' or '>' || text[^1] == ' ' || (text.AsSpan().ContainsAnyExcept(HarmlessAscii) && text.AsSpan().ContainsAnyExcept(Harmless)) || text.Contains("  ", StringComparison.Ordinal)) return false;
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        var first = text.AsSpan(0, space < 0 ? text.Length : space);
        return first is not "PS>" && !Tools.GetAlternateLookup<ReadOnlySpan<char>>().Contains(first);
    }

    /// <summary>What <see cref="Clean"/> gives, found step by step.</summary>
    internal static string MakeFit(string text, int most)
    {
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

    [GeneratedRegex(@"^(" + ToolNames + @")(\s+\S|$)", RegexOptions.IgnoreCase)]
    private static partial Regex Tool();
}
