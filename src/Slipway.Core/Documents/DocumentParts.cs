using Slipway.Core.Documents.Commands;
using Slipway.Core.Documents.Markdown;

namespace Slipway.Core.Documents;

/// <summary>Parts that several documents have in common. Everything that comes back is inline Markdown.</summary>
internal static class DocumentParts
{
    /// <summary>Something that is not stated, as a visible question: never a placeholder.</summary>
    public static string Question(string question) => $"🚧 {MarkdownText.Inline(question)}";

    /// <summary>A list whose absence is a question and whose emptiness is an answer.</summary>
    public static string Names(IReadOnlyList<string>? names, string path) => names switch
    {
        null => Question($"Which are there? State {path}, or none"),
        { Count: 0 } => "none",
        _ => string.Join(", ", names.Select(name => MarkdownText.Inline(name, 120))),
    };

    /// <summary>A value, or the question for it.</summary>
    public static string OrAsk(string? value, string question) => string.IsNullOrWhiteSpace(value) ? Question(question) : MarkdownText.Inline(value);

    /// <summary>A step: what to do, the command, what is expected, and what to do when that is not seen.</summary>
    public static string Step(ProcedureStep step)
    {
        var how = step.Command is { } command ? $": {MarkdownText.Code(command, 2000)}" : step.Question is { } question ? $". {Question(question)}" : "";
        return $"{MarkdownText.Inline(step.Action)}{how}. Expected: {MarkdownText.Inline(step.Expected)}. If not: {MarkdownText.Inline(step.OnFailure)}.";
    }

    /// <summary>The commands of steps in one block to copy from, each once; nothing where there is none.</summary>
    public static void Commands(MarkdownBuilder document, IEnumerable<ProcedureStep> steps)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        List<string> lines = [];
        foreach (var step in steps)
        {
            if (step.Command is not { } command || !seen.Add(command)) continue;
            lines.Add($"# {MarkdownText.Clean(step.Action)}");
            lines.Add(MarkdownText.Clean(command, 2000));
            lines.Add($"# Expected: {MarkdownText.Clean(step.Expected)}");
        }

        if (lines.Count > 0) document.Fence("bash", lines);
    }
}
