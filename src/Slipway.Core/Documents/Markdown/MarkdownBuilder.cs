using System.Globalization;
using System.Text;

namespace Slipway.Core.Documents.Markdown;

/// <summary>
/// Builds one Markdown document block by block. Inline text is Markdown already: whoever puts in text of people escapes it with <see
/// cref="MarkdownText"/>. Blocks are separated by one empty line; the document ends with one line break.
/// </summary>
public sealed class MarkdownBuilder
{
    private readonly StringBuilder _text = new();
    private bool _inList;

    /// <summary>A heading; 1 is the title.</summary>
    public MarkdownBuilder Heading(int level, string inline) => Block($"{new string('#', level)} {OneLine(inline)}");

    /// <summary>A paragraph.</summary>
    public MarkdownBuilder Paragraph(string inline) => Block(OneLine(inline));

    /// <summary>A bullet.</summary>
    /// <param name="inline">Its text.</param>
    /// <param name="depth">0 for the outer list.</param>
    public MarkdownBuilder Bullet(string inline, int depth = 0) => Item($"{new string(' ', 2 * depth)}- {OneLine(inline)}");

    /// <summary>An item of a task list.</summary>
    public MarkdownBuilder Task(bool done, string inline) => Item($"- [{(done ? 'x' : ' ')}] {OneLine(inline)}");

    /// <summary>A numbered list, from 1.</summary>
    public MarkdownBuilder Numbered(IEnumerable<string> items)
    {
        var number = 0;
        foreach (var item in items) Item(string.Create(CultureInfo.InvariantCulture, $"{++number}. {OneLine(item)}"));
        _inList = false;
        return this;
    }

    /// <summary>A label and a value, as a bullet: <c>**Label**: value</c>.</summary>
    public MarkdownBuilder Field(string label, string inline) => Bullet($"**{label}**: {inline}");

    /// <summary>A table. Every row gets exactly as many cells as there are headers; an empty cell shows a dash.</summary>
    public MarkdownBuilder Table(IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<string>> rows)
    {
        var lines = new StringBuilder();
        Row(lines, headers, headers.Count);
        lines.Append('|').Append(string.Concat(Enumerable.Repeat(" --- |", headers.Count)));
        foreach (var row in rows)
        {
            lines.Append('\n');
            Row(lines, row, headers.Count, last: true);
        }

        return Block(lines.ToString());
    }

    /// <summary>A fenced block. The fence is longer than any run of backticks in it.</summary>
    public MarkdownBuilder Fence(string language, IEnumerable<string> lines)
    {
        var body = lines.SelectMany(line => line.ReplaceLineEndings("\n").Split('\n')).ToList();
        var fence = new string('`', Math.Max(3, body.Select(MarkdownText.LongestRun).DefaultIfEmpty(0).Max() + 1));
        return Block($"{fence}{language}\n{string.Join('\n', body)}\n{fence}");
    }

    /// <summary>The document.</summary>
    public override string ToString() => _text.ToString().TrimEnd('\n') + "\n";

    /// <summary>Escapes what would end a cell, also inside code spans.</summary>
    internal static string Cell(string inline)
    {
        var text = OneLine(inline);
        if (text.Length == 0) return "–";
        var cell = new StringBuilder(text.Length + 4);
        var backslashes = 0;
        foreach (var character in text)
        {
            if (character == '|' && backslashes % 2 == 0) cell.Append('\\');
            backslashes = character == '\\' ? backslashes + 1 : 0;
            cell.Append(character);
        }

        return cell.ToString();
    }

    private static void Row(StringBuilder lines, IReadOnlyList<string> cells, int width, bool last = false)
    {
        if (cells.Count != width) throw new ArgumentException($"a row of {cells.Count} cells in a table of {width} columns", nameof(cells));
        lines.Append("| ").Append(string.Join(" | ", cells.Select(Cell))).Append(" |");
        if (!last) lines.Append('\n');
    }

    private static string OneLine(string inline) => inline.ReplaceLineEndings(" ").Trim();

    private MarkdownBuilder Block(string block)
    {
        if (_text.Length > 0) _text.Append('\n');
        _text.Append(block).Append('\n');
        _inList = false;
        return this;
    }

    private MarkdownBuilder Item(string line)
    {
        if (!_inList && _text.Length > 0) _text.Append('\n');
        _text.Append(line).Append('\n');
        _inList = true;
        return this;
    }
}
