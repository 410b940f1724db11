using System.Globalization;
using System.Text;
using Slipway.Core.Messages;
using Slipway.Core.Requests;

namespace Slipway.Web.Messages;

/// <summary>What the mail's parts and the webhooks' shapes have in common: clean text, the subject, and words for values.</summary>
internal static class MessageText
{
    private const int LongestSubject = 160;
    private const int LongestLine = 500;
    private const int LongestLink = 4000;
    private const int LongestProse = 4000;

    /// <summary>The same facts without control characters; single-line members on one line.</summary>
    public static MessageFacts Clean(MessageFacts facts) => facts with
    {
        ReleaseId = Line(facts.ReleaseId),
        Title = Line(facts.Title),
        Version = Line(facts.Version),
        Headline = Line(facts.Headline),
        Details = Prose(facts.Details),
        Next = Line(facts.Next),
        Url = Shorten(OneLine(facts.Url), LongestLink),
        Command = facts.Command is { } command ? Shorten(OneLine(command), LongestLink) : null,
    };

    /// <summary>
    /// One line: a line break in a subject would let a title write headers of its own, so every run of white space and control
    /// characters becomes one blank.
    /// </summary>
    public static string Line(string text) => Shorten(OneLine(text), LongestLine);

    /// <summary>The subject: the same for everyone who is told.</summary>
    public static string Subject(MessageFacts facts) => Shorten($"[{CheckpointWord(facts.Checkpoint)}] {Name(facts)}: {facts.Headline}", LongestSubject);

    /// <summary>Title and version; the id where the title is empty.</summary>
    public static string Name(MessageFacts facts) => $"{(facts.Title.Length == 0 ? facts.ReleaseId : facts.Title)} {facts.Version}".Trim();

    /// <summary>For example <c>12.5 % of users</c>.</summary>
    public static string Share(decimal percentage) => string.Create(CultureInfo.InvariantCulture, $"{percentage:0.######} % of users");

    /// <summary>A moment with its zone.</summary>
    public static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>A moment for machines, RFC 3339 in UTC.</summary>
    public static string Machine(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The facts' own command, else the one that shows the release; null when the id could not stand on a command line.</summary>
    public static string? Command(MessageFacts facts) =>
        facts.Command is { Length: > 0 } command ? command : facts.ReleaseId.Length > 0 && facts.ReleaseId.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.')
            ? $"slipway show {facts.ReleaseId}"
            : null;

    /// <summary>The URL when a link may point to it: absolute http or https; otherwise null.</summary>
    public static string? Link(MessageFacts facts) =>
        Uri.TryCreate(facts.Url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? facts.Url : null;

    /// <summary>Whether the recipient is asked to approve, by a link of their own.</summary>
    public static bool Asks(MessageFacts facts) => facts is { Checkpoint: Checkpoint.Approval, Command.Length: > 0 };

    /// <summary>A checkpoint in words.</summary>
    public static string CheckpointWord(Checkpoint checkpoint) => checkpoint switch
    {
        Checkpoint.Notice => "Notice",
        Checkpoint.Start => "Started",
        Checkpoint.Stage => "Stage",
        Checkpoint.Approval => "Approval needed",
        Checkpoint.Pause => "Held",
        Checkpoint.Breach => "Breach",
        Checkpoint.Rollback => "Rollback",
        Checkpoint.Done => "Done",
        Checkpoint.Review => "Review",
        Checkpoint.Progress => "Progress",
        _ => checkpoint.ToString(),
    };

    private static string Prose(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n').Select(OneLine);
        return Shorten(string.Join('\n', lines).Trim(), LongestProse);
    }

    private static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            // Format characters include the bidirectional overrides, which make text read as something else.
            var category = char.GetUnicodeCategory(letter);
            if (category == UnicodeCategory.Format)
                continue;
            var blank = char.IsWhiteSpace(letter) || char.IsControl(letter);
            if (!blank)
                line.Append(letter);
            else if (line.Length > 0 && line[^1] != ' ')
                line.Append(' ');
        }

        return line.ToString().TrimEnd();
    }

    private static string Shorten(string text, int limit)
    {
        if (text.Length <= limit)
            return text;
        // Never between the halves of a surrogate pair.
        var end = char.IsHighSurrogate(text[limit - 2]) ? limit - 2 : limit - 1;
        return text[..end] + "…";
    }
}
