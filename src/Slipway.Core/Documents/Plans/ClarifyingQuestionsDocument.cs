using Slipway.Core.Documents.Markdown;

namespace Slipway.Core.Documents.Plans;

/// <summary>What the request leaves open, all at once: first what blocks the start, then the rest; one question a gap, with where its answer goes.</summary>
internal static class ClarifyingQuestionsDocument
{
    public static string Render(ReleaseDossier dossier)
    {
        var document = new MarkdownBuilder();
        var (blocking, open) = (dossier.Gaps.Gaps.Where(gap => gap.Blocking).ToList(), dossier.Gaps.Gaps.Where(gap => !gap.Blocking).ToList());
        document.Heading(1, $"Clarifying Questions: {MarkdownText.Inline(dossier.Title, 120)}");
        if (dossier.Gaps.Insufficient is { } insufficient)
        {
            document.Paragraph("These block the start; nothing runs before they are answered.");
            document.Numbered(blocking.Select(gap => $"{MarkdownText.Inline(gap.Question)} ({MarkdownText.Code(gap.Path)})"));
            foreach (var blocker in insufficient.DeploymentBlockers) document.Bullet($"Also in the way: {MarkdownText.Inline(blocker)}");
            document.Paragraph($"**Next best step**: {MarkdownText.Inline(insufficient.NextBestStep)}");
        }

        if (open.Count > 0)
        {
            document.Paragraph("The release can start without these; until they are answered, defaults are used and documents show the question.");
            foreach (var topic in open.GroupBy(gap => Topic(gap.Path)))
            {
                document.Paragraph($"**{topic.Key}**");
                document.Numbered(topic.Select(gap => $"{MarkdownText.Inline(gap.Question)} ({MarkdownText.Code(gap.Path)})"));
            }
        }

        if (blocking.Count + open.Count == 0) document.Paragraph("No question is open.");
        return document.ToString();
    }

    /// <summary>What a question is about, by the section that its answer goes to.</summary>
    private static string Topic(string path) => path.Split('.', '[')[0] switch
    {
        "release" or "artifacts" or "changes" => "What is released",
        "environments" or "strategy" or "stages" or "flags" or "tolerance" or "deploy" => "How users get it",
        "guardrails" or "preflight" or "rollback" or "telemetry" or "gates" => "What keeps it safe",
        "approvals" or "communications" or "contacts" or "operations" => "Who is there, and when",
        _ => "The system and its delivery",
    };
}
