using Slipway.Core.Documents.Markdown;

namespace Slipway.Core.Documents.Changelog;

/// <summary>The section of CHANGELOG.md for the version, in the groups of Keep a Changelog 1.1.0 (https://keepachangelog.com/en/1.1.0/).</summary>
internal static class ChangelogDocument
{
    public static string Render(ReleaseDossier dossier)
    {
        var (document, changes) = (new MarkdownBuilder(), dossier.Changes);
        var version = dossier.Request.Release.Version.Length > 0 ? $"[{MarkdownText.Inline(dossier.Request.Release.Version, 60)}]" : DocumentParts.Question("Which version? State release.version");
        document.Heading(2, $"{version} - {DocumentNumbers.Date(dossier.Start)}");
        Group(document, "Added", changes.Features);
        Group(document, "Changed", [.. changes.Breaking.Select(text => $"BREAKING: {text}")]);
        Group(document, "Deprecated", changes.Deprecations);
        Group(document, "Fixed", changes.Fixes);
        if (changes.Bump == VersionBump.None && changes.Deprecations.Count == 0)
            document.Paragraph(DocumentParts.Question("What changes for users? State changes.features, fixes or commits"));
        if (changes.Unread.Count > 0)
            document.Paragraph($"Not Conventional Commits, and so in no group: {string.Join("; ", changes.Unread.Select(text => MarkdownText.Inline(text, 120)))}");
        return document.ToString();
    }

    private static void Group(MarkdownBuilder document, string name, IReadOnlyList<string> items)
    {
        if (items.Count == 0) return;
        document.Heading(3, name);
        foreach (var item in items) document.Bullet(MarkdownText.Inline(item));
    }
}
