using System.Net;
using Markdig;
using Slipway.Core.Documents;

namespace Slipway.Web.Documents;

/// <summary>
/// A document as one HTML page that needs nothing else: printable, without scripts, light and dark. HTML inside the Markdown is shown as text.
/// </summary>
public static class DocumentHtml
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().UseTaskLists().UseAutoIdentifiers().DisableHtml().Build();

    private const string Style = """
        :root{color-scheme:light dark;--ink:#1b1f24;--paper:#fff;--line:#c9d1d9;--soft:#f3f5f7;--link:#0b57d0}
        @media(prefers-color-scheme:dark){:root{--ink:#e6e8eb;--paper:#14171a;--line:#3a4149;--soft:#1e2328;--link:#8ab4f8}}
        body{overflow-wrap:anywhere;margin:2rem auto;max-width:62rem;padding:0 1rem;font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
        h1,h2,h3,h4{line-height:1.25;margin:1.6em 0 .5em}h1{font-size:1.7rem}h2{font-size:1.35rem;border-bottom:1px solid var(--line);padding-bottom:.2em}h3{font-size:1.1rem}h4{font-size:1rem}
        table{border-collapse:collapse;width:100%;margin:1em 0;display:block;overflow-x:auto}th,td{border:1px solid var(--line);padding:.4em .6em;text-align:left;vertical-align:top;overflow-wrap:break-word;min-width:4.5em}th{background:var(--soft)}
        code{font:.9em/1.4 ui-monospace,monospace;background:var(--soft);padding:.1em .3em;border-radius:3px;overflow-wrap:anywhere}pre{background:var(--soft);padding:.8em;overflow-x:auto;border-radius:4px;white-space:pre-wrap;overflow-wrap:anywhere}pre code{padding:0;background:none}
        a{color:var(--link)}ul,ol{padding-left:1.6em}li{margin:.2em 0}
        @media print{body{margin:0;max-width:none;font-size:11pt}a{color:inherit;text-decoration:none}h2,h3,h4{break-after:avoid}tr,pre{break-inside:avoid}table{display:table}}
        """;

    /// <summary>The policy that a page needs: its own style and nothing else.</summary>
    public static string ContentSecurityPolicy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Style)))}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    /// <summary>The page.</summary>
    /// <param name="document">The document.</param>
    /// <param name="title">What is released, for the title.</param>
    public static string Render(ReleaseDocument document, string title)
    {
        var body = document.MediaType == "text/markdown" ? Named(Markdown.ToHtml(document.Text, Pipeline)) : $"<pre>{WebUtility.HtmlEncode(document.Text)}</pre>\n";
        return $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width,initial-scale=1">
            <title>{WebUtility.HtmlEncode($"{document.Name.Replace('-', ' ')}: {title}")}</title>
            <style>{Style}</style>
            </head>
            <body>
            <main>
            {body}</main>
            </body>
            </html>

            """;
    }

    /// <summary>A box of a task list says in words whether it is ticked, since it has no label of its own; and a table that is wider than the
    /// window is scrolled by keyboard too.</summary>
    private static string Named(string html) => html
        .Replace("<table>", "<table tabindex=\"0\">", StringComparison.Ordinal)
        .Replace("type=\"checkbox\" checked=\"checked\"", "type=\"checkbox\" checked=\"checked\" aria-label=\"done\"", StringComparison.Ordinal)
        .Replace("type=\"checkbox\" />", "type=\"checkbox\" aria-label=\"not done\" />", StringComparison.Ordinal);
}
