using System.Text;
using System.Text.Encodings.Web;
using Slipway.Core.Messages;

namespace Slipway.Web.Messages;

/// <summary>
/// The HTML part: at most 600 px, tables for layout because mail programs have little else in common, no images, no scripts, nothing
/// loaded from anywhere. Every value is encoded.
/// </summary>
internal static class MailHtml
{
    private const string Head = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="supported-color-schemes" content="light dark">
        <title>{{title}}</title>
        <style>
        body, .page { background-color: #f2f4f7; color: #1b1f24; }
        .card { background-color: #ffffff; }
        .quiet { color: #57606a; }
        @media (prefers-color-scheme: dark) {
        body, .page { background-color: #16191d !important; color: #e6e8eb !important; }
        .card { background-color: #22272e !important; }
        .quiet { color: #adb5bd !important; }
        a.bare { color: #8ab8ff !important; }
        }
        </style>
        </head>

        """;

    public static string Write(MessageFacts facts, string recipientName, IReadOnlyList<MailBlock> blocks)
    {
        var html = new StringBuilder(Head.Replace("{{title}}", Encode(facts.Headline), StringComparison.Ordinal));
        html.Append("<body style=\"margin:0;padding:0;font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:1.5\">\n");
        html.Append("<table role=\"presentation\" class=\"page\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\"><tr><td align=\"center\" style=\"padding:16px\">\n");
        html.Append("<table role=\"presentation\" class=\"card\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" style=\"max-width:600px;text-align:left\">\n");
        Row(html, "padding:24px 24px 0", $"<p class=\"quiet\" style=\"margin:0\">{Encode(MessageText.CheckpointWord(facts.Checkpoint))}</p>"
            + $"<h1 style=\"margin:0;font-size:22px;line-height:1.3\">{Encode(facts.Headline)}</h1>");
        if (recipientName.Length > 0)
            Row(html, "padding:16px 24px 0", $"Hello {Encode(recipientName)},");
        if (facts.Details.Length > 0)
            Row(html, "padding:16px 24px 0", Lines(facts.Details));
        Row(html, "padding:16px 24px 0", Facts(facts));
        if (MessageText.Link(facts) is { } link)
            Row(html, "padding:24px 24px 0", Button(link, MessageText.Asks(facts) ? "Approve or reject" : "See the release"));
        if (blocks.Count == 0)
        {
            Row(html, "padding:16px 24px 24px", Address(facts) + Signed("16px 0 0"));
        }
        else
        {
            Row(html, "padding:16px 24px 0", Address(facts));
            foreach (var block in blocks) Row(html, "padding:24px 24px 0", Block(block));
            Row(html, "padding:16px 24px 24px", Signed("0"));
        }

        return html.Append("</table>\n</td></tr></table>\n</body>\n</html>\n").ToString();
    }

    // The encoder writes a line break as a character reference, which is no break to a reader: each line is encoded for itself.
    private static string Lines(string text) => string.Join("<br>\n", text.Split('\n').Select(Encode));

    private static void Row(StringBuilder html, string style, string content) =>
        html.Append("<tr><td style=\"").Append(style).Append("\">").Append(content).Append("</td></tr>\n");

    private static string Facts(MessageFacts facts)
    {
        var rows = MailRows.Of(facts).Select(row =>
            $"<tr><th scope=\"row\" class=\"quiet\" align=\"left\" valign=\"top\" style=\"padding:2px 16px 2px 0;font-weight:normal\">{Encode(row.Name)}</th>"
            + $"<td valign=\"top\" style=\"padding:2px 0;word-break:break-word\">{Encode(row.Value)}</td></tr>");
        return $"<table cellpadding=\"0\" cellspacing=\"0\">\n{string.Join('\n', rows)}\n</table>";
    }

    private static string Button(string link, string words) =>
        "<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\"><tr><td style=\"background-color:#0b5cad;border-radius:4px;padding:12px 20px\">"
        + $"<a href=\"{Encode(link)}\" style=\"color:#ffffff;text-decoration:none;font-size:16px\">{words}</a></td></tr></table>";

    /// <summary>A table of its own behind the link; its cells break where a phone is narrow.</summary>
    private static string Block(MailBlock block)
    {
        var text = new StringBuilder($"<h2 style=\"margin:0;font-size:18px;line-height:1.3\">{Encode(block.Heading)}</h2>");
        foreach (var line in block.Before) text.Append($"\n<p style=\"margin:8px 0 0;font-size:14px\">{Encode(line)}</p>");
        if (block.Rows.Count > 0)
        {
            const string Cell = "style=\"padding:2px 8px 2px 0;font-size:14px;word-break:break-word\"";
            text.Append("\n<table width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" style=\"margin:8px 0 0\">\n<tr>");
            foreach (var title in block.Titles) text.Append($"<th scope=\"col\" class=\"quiet\" align=\"left\" valign=\"bottom\" {Cell}>{Encode(title)}</th>");
            text.Append("</tr>\n");
            foreach (var row in block.Rows)
                text.Append($"<tr><th scope=\"row\" align=\"left\" valign=\"top\" {Cell}>{Encode(row[0])}</th>{string.Concat(row.Skip(1).Select(cell => $"<td valign=\"top\" {Cell}>{Encode(cell)}</td>"))}</tr>\n");
            text.Append("</table>");
        }

        foreach (var line in block.After) text.Append($"\n<p style=\"margin:8px 0 0;font-size:14px\">{Encode(line)}</p>");
        if (block.Link.Length > 0) text.Append($"\n<p style=\"margin:8px 0 0;font-size:14px;word-break:break-all\">All of it: <a class=\"bare\" href=\"{Encode(block.Link)}\">{Encode(block.Link)}</a></p>");
        return text.ToString();
    }

    private static string Signed(string margin) => $"<p class=\"quiet\" style=\"margin:{margin}\">Sent by Slipway. Nobody reads answers to this address.</p>";

    private static string Address(MessageFacts facts)
    {
        var url = MessageText.Link(facts) is { } link ? $"<a class=\"bare\" href=\"{Encode(link)}\">{Encode(link)}</a>" : Encode(facts.Url);
        var command = MessageText.Command(facts) is { } text ? $"<br>\nOr run: <code>{Encode(text)}</code>" : "";
        return $"<p class=\"quiet\" style=\"margin:0;word-break:break-all\">{url}{command}</p>";
    }

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
