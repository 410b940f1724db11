using System.Text;
using Slipway.Core.Documents.Markdown;
using Slipway.Core.Messages;

namespace Slipway.Web.Messages;

/// <summary>The text part: says everything that the HTML part says, with the bare URL and the command.</summary>
internal static class MailText
{
    /// <summary>The columns that every mail program shows without breaking a line.</summary>
    private const int Width = 76;

    public static string Write(MessageFacts facts, string recipientName, IReadOnlyList<MailBlock> blocks)
    {
        var text = new StringBuilder();
        if (recipientName.Length > 0)
            text.Append("Hello ").Append(recipientName).Append(",\n\n");
        text.Append(facts.Headline).Append("\n\n");
        if (facts.Details.Length > 0)
            text.Append(facts.Details).Append("\n\n");
        foreach (var (name, value) in MailRows.Of(facts))
            text.Append(name).Append(": ").Append(value).Append('\n');
        text.Append(MessageText.Asks(facts) ? "\nDecide here: " : "\nSee it: ").Append(facts.Url).Append('\n');
        if (MessageText.Command(facts) is { } command)
            text.Append("Or run: ").Append(command).Append('\n');
        foreach (var block in blocks) Append(text, block);
        return text.Append("\n-- \nSent by Slipway. Nobody reads answers to this address.\n").ToString();
    }

    /// <summary>Behind the link, so that nobody scrolls to decide.</summary>
    private static void Append(StringBuilder text, MailBlock block)
    {
        text.Append('\n').Append(block.Heading).Append('\n').Append('-', block.Heading.Length).Append('\n');
        foreach (var line in block.Before) Wrap(text, line);
        if (block.Rows.Count > 0)
        {
            List<IReadOnlyList<string>> rows = [[.. block.Titles.Select(title => title.ToUpperInvariant())], .. block.Rows];
            rows = [.. rows.Select(row => (IReadOnlyList<string>)[.. row.Select((cell, column) => Cut(cell, block.Widths[column]))])];
            var widths = block.Widths.Select((_, column) => rows.Max(row => row[column].Length)).ToList();
            text.Append('\n');
            foreach (var row in rows) text.Append(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()).Append('\n');
            if (block.After.Count > 0) text.Append('\n');
        }

        foreach (var line in block.After) Wrap(text, line);
        if (block.Link.Length > 0) text.Append("All of it: ").Append(block.Link).Append('\n');
    }

    private static string Cut(string cell, int most) => cell.Length <= most ? cell : MarkdownText.Clean(cell, most - 1);

    private static void Wrap(StringBuilder text, string line)
    {
        var column = 0;
        foreach (var word in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (column > 0 && column + 1 + word.Length > Width)
            {
                text.Append('\n');
                column = 0;
            }

            if (column > 0) text.Append(' ');
            text.Append(word);
            column += word.Length + (column > 0 ? 1 : 0);
        }

        text.Append('\n');
    }
}
