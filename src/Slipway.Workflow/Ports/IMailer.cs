using Slipway.Core.Requests;

namespace Slipway.Workflow.Ports;

/// <summary>Sends mail, at least once, with a stable operation id.</summary>
public interface IMailer
{
    /// <summary>Hands one mail over. Sending the same <see cref="OutgoingMail.OperationId"/> again is safe. Throws
    /// <see cref="PortUnavailableException"/> when the service does not answer.</summary>
    Task<string> SendAsync(OutgoingMail mail, CancellationToken cancellation);
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
    ComposedMail Mail(MessageFacts facts, string recipientName);

    /// <summary>The webhook's JSON in the shape asked for.</summary>
    string Webhook(MessageFacts facts, WebhookShape shape);
}

/// <summary>A mail's words.</summary>
public sealed record ComposedMail(string Subject, string Text, string Html);

/// <summary>What a message is about, in numbers and sentences; everything that a composer may say comes from here.</summary>
public sealed record MessageFacts
{
    /// <summary>The release's id.</summary>
    public required string ReleaseId { get; init; }

    /// <summary>Its title.</summary>
    public required string Title { get; init; }

    /// <summary>Its version.</summary>
    public required string Version { get; init; }

    /// <summary>What is told.</summary>
    public required Checkpoint Checkpoint { get; init; }

    /// <summary>The headline, for example <c>Stage 2 of 4: 25 % of users</c>.</summary>
    public required string Headline { get; init; }

    /// <summary>Why, and with what numbers.</summary>
    public required string Details { get; init; }

    /// <summary>Exposure in percent at this moment.</summary>
    public required decimal Percentage { get; init; }

    /// <summary>What happens next, and when; may be empty.</summary>
    public string Next { get; init; } = "";

    /// <summary>When it happened.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Where to see the release; for somebody who is asked to approve, their own link.</summary>
    public required string Url { get; init; }

    /// <summary>The command that does the same as the link; null: the one that shows the release.</summary>
    public string? Command { get; init; }
}
