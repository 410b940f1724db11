using Slipway.Core.Documents.Evidence;
using Slipway.Core.Ledgers;
using Slipway.Core.Messages;
using Slipway.Core.Releases;
using Slipway.Web.Messages;

namespace Slipway.Web.Pages.Mails;

/// <summary>Every message of a release.</summary>
/// <param name="Frame">What is around it.</param>
/// <param name="Release">The release.</param>
/// <param name="Title">Its title and version.</param>
/// <param name="Sent">What was sent, oldest first.</param>
/// <param name="Upcoming">What is still to come, as it would be.</param>
public sealed record MailsModel(PageFrame Frame, ReleaseId Release, string Title, IReadOnlyList<MessageView> Sent, IReadOnlyList<MessageView> Upcoming)
{
    /// <summary>Everything that a release's ledger says of its messages, and what is to come.</summary>
    public static MailsModel Of(PageFrame frame, ReleaseState state, IReadOnlyList<LedgerEntry> entries)
    {
        var evidence = StartEvidence.Of(state);
        return new MailsModel(
            frame,
            state.Plan.ReleaseId,
            $"{state.Request.Release.Title} {state.Request.Release.Version}".TrimEnd(),
            [.. MessageHistory.Of(entries).Select(line => MessageView.Of(line, evidence))],
            [.. UpcomingMessages.Of(state, frame.Now).Select((message, index) => MessageView.Of(message, index + 1, evidence))]);
    }

    /// <summary>The message of a key; null: there is none.</summary>
    public MessageView? Find(string key) => Sent.Concat(Upcoming).FirstOrDefault(message => message.Key == key);
}

/// <summary>One message as it was sent, or would be.</summary>
/// <param name="Key">Its place in addresses: the ledger sequence, or <c>next-1</c>.</param>
/// <param name="Subject">The mail's subject, or the webhook's headline.</param>
/// <param name="Recipients">Who gets it.</param>
/// <param name="Text">The mail's text part, or the webhook's JSON.</param>
/// <param name="Html">The mail's HTML part; null: a webhook.</param>
/// <param name="At">When it was written down; null: it is to come.</param>
/// <param name="When">When it is sent, in words; empty: it was.</param>
/// <param name="Asks">Whether it has an approval link, which is not shown.</param>
/// <param name="Attempts">The tries that are recorded.</param>
public sealed record MessageView(
    string Key, string Subject, IReadOnlyList<string> Recipients, string Text, string? Html, DateTimeOffset? At, string When, bool Asks, IReadOnlyList<MessageAttempt> Attempts)
{
    private static readonly MessageComposer Composer = new();

    /// <summary>Whether the sender accepted it.</summary>
    public bool Accepted => Attempts.Any(attempt => attempt.Accepted);

    /// <summary>A message that the ledger has.</summary>
    /// <param name="line">The message.</param>
    /// <param name="evidence">What stands in mails that ask to approve; those of before it did are shown without it.</param>
    public static MessageView Of(MessageLine line, StartEvidence? evidence)
    {
        var record = line.Record;
        var facts = record.Asks ? WithoutLink(record.Facts) : record.Facts;
        var key = line.Sequence.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (record.Shape is { } shape) return new MessageView(key, facts.Headline, [line.Recipient], Composer.Webhook(facts, shape), null, line.At, "", false, line.Attempts);
        var mail = Composer.Mail(facts, record.Name, record.Asks && (line.Attempts.IsEmpty || line.Attempts.Exists(attempt => attempt.Evidence)) ? evidence : null);
        return new MessageView(key, mail.Subject, [line.Recipient], mail.Text, mail.Html, line.At, "", record.Asks, line.Attempts);
    }

    /// <summary>A message that is to come.</summary>
    public static MessageView Of(UpcomingMessage message, int number, StartEvidence? evidence)
    {
        var mail = Composer.Mail(message.Asks ? WithoutLink(message.Facts) : message.Facts, "", message.Asks ? evidence : null);
        return new MessageView($"next-{number}", mail.Subject, message.Recipients, mail.Text, mail.Html, null, message.When, message.Asks, []);
    }

    /// <summary>A link decides: nobody but its recipient sees it.</summary>
    private static MessageFacts WithoutLink(MessageFacts facts) => facts with
    {
        Url = facts.Url.Replace($"/releases/{facts.ReleaseId}", "/approvals/(only-in-the-mail)", StringComparison.Ordinal),
        Command = "slipway approve TOKEN",
    };
}
