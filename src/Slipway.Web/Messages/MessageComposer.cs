using Slipway.Core.Documents.Evidence;
using Slipway.Core.Messages;
using Slipway.Core.Requests;
using Slipway.Workflow.Ports;

namespace Slipway.Web.Messages;

/// <summary>Writes mails and webhook bodies from the facts of a checkpoint. Pure: the same facts give the same words.</summary>
public sealed class MessageComposer : IMessageComposer
{
    /// <inheritdoc/>
    public ComposedMail Mail(MessageFacts facts, string recipientName, StartEvidence? evidence = null)
    {
        var (clean, name) = (MessageText.Clean(facts), MessageText.Line(recipientName));
        var blocks = evidence is null ? [] : MailEvidence.Of(evidence);
        return new ComposedMail(MessageText.Subject(clean), MailText.Write(clean, name, blocks), MailHtml.Write(clean, name, blocks));
    }

    /// <inheritdoc/>
    public string Webhook(MessageFacts facts, WebhookShape shape)
    {
        var clean = MessageText.Clean(facts);
        return shape switch
        {
            WebhookShape.Plain => WebhookJson.Plain(clean),
            WebhookShape.Slack => WebhookJson.Slack(clean),
            WebhookShape.Teams => WebhookJson.Teams(clean),
            _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, "Unknown webhook shape."),
        };
    }
}
