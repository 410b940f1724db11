using Slipway.Core.Ledgers;
using Slipway.Core.Messages;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Rescue;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Messages;

namespace Slipway.Workflow.Rescue;

/// <summary>Who is told that a release was brought back without its orchestration, and the ledger entries around it; pure.</summary>
public static class RescueMessages
{
    /// <summary>One message for each person on call, each stakeholder and webhook that hears of rollbacks, and each that was told of the start, for
    /// which it is the retraction of that; nobody twice.</summary>
    public static IReadOnlyList<MessageInput> For(ReleaseId release, LoadOutput loaded, RescueBrief brief, RescueEnding ending, DateTimeOffset at)
    {
        var request = loaded.Request;
        var facts = new MessageFacts
        {
            ReleaseId = release.Value,
            Title = request.Release.Title,
            Version = request.Release.Version,
            Checkpoint = Checkpoint.Rollback,
            Headline = ending.Phase == ReleasePhase.RolledBack ? $"Brought back by {brief.By}" : $"{brief.By} could not bring everything back",
            Details = $"{ending.Reason}. Left to do by hand: {string.Join("; ", ending.LeftToDo)}",
            Percentage = ending.Phase == ReleasePhase.RolledBack ? 0 : brief.Exposure.Value,
            At = at,
            Url = $"{loaded.BaseUrl}/releases/{release}",
        };
        var retraction = Retraction.Of(facts, request.Release.Version);
        var told = brief.ToldOfStart.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var people = request.Contacts.OnCall
            .Select(address => (Email: address, Name: "On call"))
            .Concat(request.Communications.Stakeholders
                .Where(person => person.Hears(Checkpoint.Rollback) || told.Contains(person.Email))
                .Select(person => (person.Email, person.Name)))
            .DistinctBy(person => person.Email, StringComparer.OrdinalIgnoreCase);
        return
        [
            .. people.Select(person => new MessageInput(IdOf(release, person.Email), told.Contains(person.Email) ? retraction : facts, person.Email, person.Name, null)),
            .. request.Communications.Webhooks.Where(webhook => webhook.Hears(Checkpoint.Rollback) || told.Contains(webhook.Name))
                .Select(webhook => new MessageInput(IdOf(release, webhook.Name), told.Contains(webhook.Name) ? retraction : facts, null, webhook.Name, webhook)),
            .. Channels(release, request, facts, ending.Phase == ReleasePhase.RolledBack),
        ];
    }

    /// <summary>The incident channel and the status page.</summary>
    private static IEnumerable<MessageInput> Channels(ReleaseId release, ReleaseRequest request, MessageFacts facts, bool back)
    {
        if (RollbackChannels.Incident(request) is { } incident)
            yield return new MessageInput(MessageIdentity.Of(release, "rescue:incident", incident.Name), facts, null, incident.Name, incident);
        if (RollbackChannels.Status(request) is { } status)
            yield return new MessageInput(MessageIdentity.Of(release, "rescue:status", status.Name), facts with { Details = RollbackChannels.ForCustomers(request, back) }, null, status.Name, status);
    }

    /// <summary>Before the first attempt.</summary>
    public static LedgerDraft Intent(MessageInput message, string by, DateTimeOffset at) => new(
        $"rescue:tell:{message.OperationId:D}", at, by,
        message.Intended());

    /// <summary>What became of it, under the name that <see cref="MessageDelivery"/> gives.</summary>
    public static IReadOnlyList<LedgerDraft> Told(MessageInput message, string by, string name, IReadOnlyList<LedgerBody> bodies, DateTimeOffset at) =>
        [.. bodies.Select((body, index) => new LedgerDraft(index == 0 ? $"rescue:told:{message.OperationId:D}:{name}" : $"rescue:told:{message.OperationId:D}:{name}:{index}", at, by, body))];

    private static Guid IdOf(ReleaseId release, string recipient) => MessageIdentity.Of(release, "rescue", recipient);
}
