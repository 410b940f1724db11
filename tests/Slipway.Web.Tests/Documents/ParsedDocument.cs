using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Slipway.Core.Documents;

namespace Slipway.Web.Tests.Documents;

/// <summary>A document as a Markdown reader sees it.</summary>
internal sealed class ParsedDocument
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().UseTaskLists().Build();

    public ParsedDocument(string text) => Tree = Markdown.Parse(Text = text, Pipeline);

    public string Text { get; }

    public MarkdownDocument Tree { get; }

    public static ParsedDocument Of(ReleaseDossier dossier, string name) => new(ReleaseDocuments.Render(dossier, name)!.Text);

    public IReadOnlyList<string> Headings(int level) => [.. Tree.Descendants<HeadingBlock>().Where(heading => heading.Level == level).Select(heading => Plain(heading.Inline))];

    /// <summary>The blocks below a heading, up to the next of the same or a higher level.</summary>
    public IReadOnlyList<Block> Section(string heading)
    {
        var start = Tree.ToList().FindIndex(block => block is HeadingBlock found && Plain(found.Inline) == heading);
        Assert.True(start >= 0, $"no heading '{heading}' in:\n{Text}");
        var level = ((HeadingBlock)Tree[start]).Level;
        return [.. Tree.Skip(start + 1).TakeWhile(block => block is not HeadingBlock next || next.Level > level)];
    }

    public string SectionText(string heading) => string.Join('\n', Section(heading).Select(block => Text.Substring(block.Span.Start, block.Span.Length)));

    public IReadOnlyList<Table> Tables(string heading) => [.. Section(heading).OfType<Table>()];

    /// <summary>Rows of cells as plain text, the header first.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Cells(Table table) =>
        [.. table.OfType<TableRow>().Select(row => (IReadOnlyList<string>)[.. row.OfType<TableCell>().Select(cell => string.Concat(cell.OfType<ParagraphBlock>().Select(paragraph => Plain(paragraph.Inline))))])];

    public static IReadOnlyList<string> Items(ListBlock list) =>
        [.. list.OfType<ListItemBlock>().Select(item => string.Join('\n', item.OfType<ParagraphBlock>().Select(paragraph => Plain(paragraph.Inline))))];

    public static string Plain(ContainerInline? inline)
    {
        if (inline is null) return "";
        return string.Concat(inline.Select(part => part switch
        {
            LiteralInline literal => literal.Content.ToString(),
            CodeInline code => code.Content,
            LineBreakInline => "\n",
            HtmlEntityInline entity => entity.Transcoded.ToString(),
            ContainerInline container => Plain(container),
            _ => "",
        }));
    }
}
