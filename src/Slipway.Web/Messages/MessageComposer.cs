using Slipway.Core.Messages;
using Slipway.Core.Requests;
using Slipway.Workflow.Ports;

namespace Slipway.Web.Messages;

/// <summary>Writes mails and webhook bodies from the facts of a checkpoint. Pure: the same facts give the same words.</summary>
public sealed class MessageComposer : IMessageComposer
{
    /// <inheritdoc/>
    public ComposedMail Mail(MessageFacts facts, string recipientName)
    {
        var clean = MessageText.Clean(facts);
        return new ComposedMail(
            MessageText.Subject(clean), MailText.Write(clean, MessageText.Line(recipientName)), MailHtml.Write(clean, MessageText.Line(recipientName)));
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
