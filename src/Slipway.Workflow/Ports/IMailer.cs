using Slipway.Core.Documents.Evidence;
using Slipway.Core.Messages;
using Slipway.Core.Requests;

namespace Slipway.Workflow.Ports;

/// <summary>Sends mail, at least once, with a stable operation id.</summary>
public interface IMailer
{
    /// <summary>Hands one mail over. Sending the same <see cref="OutgoingMail.OperationId"/> again is safe. Throws
    /// <see cref="PortUnavailableException"/> when the service does not answer.</summary>
    Task<string> SendAsync(OutgoingMail mail, CancellationToken cancellation);

    /// <summary>Whether a mail that was handed over may still fail, so that <see cref="DeliveryAsync"/> is worth a question. Default: false.</summary>
    bool ConfirmsLater => false;

    /// <summary>How a mail stands that was handed over. Throws <see cref="PortUnavailableException"/> when the service does not answer.
    /// Default: it went out.</summary>
    Task<MailDelivery> DeliveryAsync(Guid operationId, CancellationToken cancellation) => Task.FromResult(new MailDelivery(MailProgress.Delivered, ""));
}

/// <summary>One mail to one recipient.</summary>
/// <param name="OperationId">Stable id derived from release, checkpoint and recipient.</param>
/// <param name="To">Address.</param>
/// <param name="ToName">Display name; may be empty.</param>
/// <param name="Subject">Subject, one line.</param>
/// <param name="Text">The self-sufficient text part.</param>
/// <param name="Html">The HTML part.</param>
/// <param name="ThreadId">The same for all mails of a release.</param>
public sealed record OutgoingMail(Guid OperationId, string To, string ToName, string Subject, string Text, string Html, string ThreadId);

/// <summary>Posts to webhooks, at least once, with a stable id in <c>Idempotency-Key</c>.</summary>
public interface IWebhook
{
    /// <summary>Posts JSON. Throws <see cref="PortUnavailableException"/> when it is not accepted.</summary>
    Task PostAsync(Uri url, string json, string idempotencyKey, CancellationToken cancellation);
}

/// <summary>Writes the words of messages; pure, implemented beside the pages.</summary>
public interface IMessageComposer
{
    /// <summary>The mail's subject, text and HTML.</summary>
    /// <param name="facts">What it tells.</param>
    /// <param name="recipientName">How the recipient is called.</param>
    /// <param name="evidence">What was rehearsed and what the stages can see, for who is asked to approve; null: it says nothing of it.</param>
    ComposedMail Mail(MessageFacts facts, string recipientName, StartEvidence? evidence = null);

    /// <summary>The webhook's JSON in the shape asked for.</summary>
    string Webhook(MessageFacts facts, WebhookShape shape);
}

/// <summary>A mail's words.</summary>
public sealed record ComposedMail(string Subject, string Text, string Html);
