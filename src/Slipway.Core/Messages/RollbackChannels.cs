using Slipway.Core.Ledgers;
using Slipway.Core.Requests;

namespace Slipway.Core.Messages;

/// <summary>
/// The two channels that hear of a rollback once, at its end, beside the people who were told of the start: the incident channel, and the status
/// page where customers see the change. Pure.
/// </summary>
public static class RollbackChannels
{
    /// <summary>The recipient that stands for the status page; no webhook of the request may have this name.</summary>
    public const string StatusPage = "status page";

    /// <summary>The incident channel of a request that names none.</summary>
    public const string DefaultIncidentChannel = "#incidents";

    /// <summary>The incident channel's name.</summary>
    public static string IncidentChannel(ReleaseRequest request) =>
        request.Communications.IncidentChannel.Length > 0 ? request.Communications.IncidentChannel : DefaultIncidentChannel;

    /// <summary>The webhook of the incident channel; null: none is stated, and a person tells it.</summary>
    public static WebhookSpec? Incident(ReleaseRequest request) =>
        request.Communications.IncidentWebhook is { } target ? new WebhookSpec(IncidentChannel(request), target.Url, target.Shape) : null;

    /// <summary>The webhook of the status page; null where customers do not see the change, and where none is stated.</summary>
    public static WebhookSpec? Status(ReleaseRequest request) =>
        request is { System.CustomerFacing: true, Communications.StatusWebhook: { } target } ? new WebhookSpec(StatusPage, target.Url, target.Shape) : null;

    /// <summary>What the status page says: nothing of what was wrong inside.</summary>
    /// <param name="request">The request.</param>
    /// <param name="back">Whether everybody is back on the version before.</param>
    public static string ForCustomers(ReleaseRequest request, bool back) => back
        ? $"{request.Release.Title}: a change was taken back. Everybody is on the version before it, and the service is watched for a day."
        : $"{request.Release.Title}: a change is being taken back. Some may still be affected.";

    /// <summary>What a person does because no webhook does it, or because it was not accepted.</summary>
    public static IEnumerable<string> ByHand(ReleaseState state)
    {
        if (state.Rollback is null) yield break;
        var request = state.Request;
        var channel = IncidentChannel(request);
        if (Incident(request) is null) yield return $"Tell {channel} of the rollback: communications.incident_webhook is not stated";
        else if (NotAccepted(state, channel) is { } problem) yield return $"Tell {channel} of the rollback, which did not accept it: {problem}";

        var page = request.Communications.StatusPage is { } address ? $"the status page {address}" : "the status page";
        if (request.System?.CustomerFacing is null) yield return $"Update {page} if customers see the change: system.customer_facing is not stated";
        else if (request.System.CustomerFacing == true && Status(request) is null) yield return $"Update {page}: communications.status_webhook is not stated";
        else if (NotAccepted(state, StatusPage) is { } refusal) yield return $"Update {page}, which did not accept it: {refusal}";
    }

    /// <summary>Whether the status page accepted an update.</summary>
    public static bool StatusPageUpdated(ReleaseState state) => state.Messages.Values.Any(message => message.Last is { Recipient: StatusPage, Kind: EffectKind.Webhook, Accepted: true });

    private static string? NotAccepted(ReleaseState state, string recipient) =>
        state.Messages.Values.FirstOrDefault(message => message.Last.Recipient == recipient && message.Last is { Kind: EffectKind.Webhook, Checkpoint: Checkpoint.Rollback, Accepted: false }) is { } refused
            ? ShownEffect.Text(EffectKind.Webhook, refused.Last.Details)
            : null;
}
