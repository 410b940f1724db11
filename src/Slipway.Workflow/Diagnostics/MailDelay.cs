using System.Globalization;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;

namespace Slipway.Workflow.Diagnostics;

/// <summary>When a mail counts as delayed; pure.</summary>
public static class MailDelay
{
    /// <summary>A mail that was not accepted for this long is delayed.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    /// <summary>The mails of a release that still wait and do so for too long.</summary>
    internal static IEnumerable<DiagnosticFact.Delayed> In(ReleaseId release, ReleaseState state, DateTimeOffset now) => state.DueMessages
        .Where(message => message.Last.Kind == EffectKind.Mail && now - message.At >= Limit)
        .Select(message => Of(release, message, now));

    /// <summary>One delayed mail, without its recipient.</summary>
    internal static DiagnosticFact.Delayed Of(ReleaseId release, MessageFact message, DateTimeOffset now) => new(
        message.Last.MessageId,
        new ReleaseEvent.MailDelayed(release, CleanText.Of(string.Create(
            CultureInfo.InvariantCulture, $"a mail ({DiagnosticFacts.Word(message.Last.Checkpoint)}) was not accepted for {(now - message.At).TotalMinutes:0} min: {message.Last.Details}"))));
}
