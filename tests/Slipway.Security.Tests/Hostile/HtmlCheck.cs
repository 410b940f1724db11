using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace Slipway.Security.Tests.Hostile;

/// <summary>Looks at a page as a browser does, for anything that runs, loads or leads somewhere because of what somebody wrote.</summary>
internal static class HtmlCheck
{
    private static readonly string[] Addresses = ["href", "src", "action", "formaction", "xlink:href", "data", "srcset", "poster", "background", "ping", "cite"];
    private static readonly string[] Never = ["img", "object", "embed", "applet", "base", "frame", "math", "video", "audio"];

    /// <summary>Throws where there is something; returns the text that a reader sees.</summary>
    /// <param name="where">The page, for the message.</param>
    /// <param name="html">Its HTML.</param>
    public static string AssertHarmless(string where, string html)
    {
        var document = new HtmlParser().ParseDocument(html);
        foreach (var element in document.All)
        {
            Assert.False(Never.Contains(element.LocalName), $"{where}: <{element.LocalName}>: {Short(element)}");
            Assert.False(element.LocalName.Contains(HostileText.Mark, StringComparison.OrdinalIgnoreCase), $"{where}: an element made of text: {Short(element)}");
            if (element.LocalName == "iframe") Assert.True(element.HasAttribute("sandbox") && !element.HasAttribute("srcdoc"), $"{where}: a frame that may do anything: {Short(element)}");
            if (element.LocalName is "script" or "style") Assert.False(element.TextContent.Contains(HostileText.Mark, StringComparison.OrdinalIgnoreCase), $"{where}: text in <{element.LocalName}>");
            if (element.LocalName == "script" && element.GetAttribute("type") != "application/json") Assert.StartsWith("/assets/", element.GetAttribute("src") ?? "nothing", StringComparison.Ordinal);
            foreach (var attribute in element.Attributes) Check(where, element, attribute);
        }

        return document.DocumentElement.TextContent;
    }

    private static void Check(string where, IElement element, IAttr attribute)
    {
        Assert.False(attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase), $"{where}: the handler {attribute.Name}: {Short(element)}");
        Assert.False(attribute.Name.Contains(HostileText.Mark, StringComparison.OrdinalIgnoreCase), $"{where}: an attribute made of text: {Short(element)}");
        if (attribute.Name == "style") Assert.False(attribute.Value.Contains(HostileText.Mark, StringComparison.OrdinalIgnoreCase), $"{where}: text in a style: {Short(element)}");
        if (!Addresses.Contains(attribute.Name)) return;
        var address = string.Concat(attribute.Value.Where(letter => letter > ' '));
        Assert.True(
            address.Length == 0 || address[0] is '/' or '#' or '?' || address.StartsWith("http://127.0.0.1", StringComparison.Ordinal) || address.StartsWith("mailto:", StringComparison.Ordinal),
            $"{where}: leads to {attribute.Value}");
        Assert.False(address.StartsWith("//", StringComparison.Ordinal), $"{where}: leads to another host: {attribute.Value}");
    }

    private static string Short(IElement element) => element.OuterHtml.Length > 300 ? element.OuterHtml[..300] : element.OuterHtml;
}
