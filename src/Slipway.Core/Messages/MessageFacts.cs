using Slipway.Core.Requests;

namespace Slipway.Core.Messages;

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

/// <summary>A message as it was composed: with it, anybody sees again what was sent.</summary>
/// <param name="Facts">What it tells. For somebody who is asked to approve without the link, which only the mail itself holds.</param>
/// <param name="Name">How the recipient is called.</param>
/// <param name="Shape">The webhook's shape; null: a mail.</param>
/// <param name="Asks">Whether the mail has an approval link of the recipient's own.</param>
public sealed record MessageRecord(MessageFacts Facts, string Name, WebhookShape? Shape, bool Asks);
