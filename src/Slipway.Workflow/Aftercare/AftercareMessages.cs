using System.Globalization;
using Slipway.Core.Aftercare;
using Slipway.Core.Ledgers;
using Slipway.Core.Messages;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Messages;

namespace Slipway.Workflow.Aftercare;

/// <summary>Who is told that a review is due, in which words, and the ledger entries around it; pure.</summary>
internal static class AftercareMessages
{
    /// <summary>One message for each owner, each person on call, each stakeholder who hears of reviews, and each webhook; nobody twice.</summary>
    public static IReadOnlyList<MessageInput> For(ReleaseId release, LoadOutput loaded, AftercareBrief brief, AftercareCheckpoint checkpoint, DateTimeOffset at)
    {
        var request = loaded.Request;
        var facts = new MessageFacts
        {
            ReleaseId = release.Value,
            Title = request.Release.Title,
            Version = request.Release.Version,
            Checkpoint = Checkpoint.Review,
            Headline = MessageWords.Review(checkpoint, brief.Phase),
            Details = MessageWords.ReviewDetails(checkpoint),
            Percentage = brief.Exposure.Value,
            At = at,
            Url = $"{loaded.BaseUrl}/releases/{release}",
        };
        var people = checkpoint.Tasks
            .Select(task => (Email: task.Owner, Name: "Owner"))
            .Where(owner => owner.Email.Contains('@', StringComparison.Ordinal))
            .Concat(request.Communications.Stakeholders
                .Where(person => person.Hears(Checkpoint.Review))
                .Select(person => (person.Email, person.Name)))
            .DistinctBy(person => person.Email, StringComparer.OrdinalIgnoreCase);
        return
        [
            .. people.Select(person => new MessageInput(IdOf(release, checkpoint, person.Email), facts, person.Email, person.Name, null)),
            .. request.Communications.Webhooks.Where(webhook => webhook.Hears(Checkpoint.Review)).Select(webhook => new MessageInput(IdOf(release, checkpoint, webhook.Name), facts, null, webhook.Name, webhook)),
        ];
    }

    /// <summary>The owners of what is not ticked off.</summary>
    public static IReadOnlyList<MessageInput> Reminder(ReleaseId release, LoadOutput loaded, AftercareBrief brief, int number, DateTimeOffset at)
    {
        var facts = new MessageFacts
        {
            ReleaseId = release.Value,
            Title = loaded.Request.Release.Title,
            Version = loaded.Request.Release.Version,
            Checkpoint = Checkpoint.Review,
            Headline = "Still open after the release",
            Details = string.Join('\n', brief.Open.Select(task => $"- {task.Action} ({task.Owner})")),
            Percentage = brief.Exposure.Value,
            At = at,
            Url = $"{loaded.BaseUrl}/releases/{release}",
        };
        return [.. brief.Open.Select(task => task.Owner).Where(owner => owner.Contains('@', StringComparison.Ordinal)).Distinct(StringComparer.OrdinalIgnoreCase)
            .Select(owner => new MessageInput(MessageIdentity.Of(release, string.Create(CultureInfo.InvariantCulture, $"aftercare:remind:{number}"), owner), facts, owner, "Owner", null))];
    }

    /// <summary>Everyone on call and the incident channel: metrics are bad after the release is over.</summary>
    public static IReadOnlyList<MessageInput> Alarm(ReleaseId release, LoadOutput loaded, AftercareBrief brief, string headline, string sentence, DateTimeOffset seen, DateTimeOffset at)
    {
        var request = loaded.Request;
        var facts = new MessageFacts
        {
            ReleaseId = release.Value,
            Title = request.Release.Title,
            Version = request.Release.Version,
            Checkpoint = Checkpoint.Breach,
            Headline = headline,
            Details = sentence,
            Percentage = brief.Exposure.Value,
            At = at,
            Url = $"{loaded.BaseUrl}/api/releases/{release}",
        };
        var occasion = string.Create(CultureInfo.InvariantCulture, $"aftercare:alarm:{seen.UtcTicks}");
        return
        [
            .. request.Contacts.OnCall.Select(address => new MessageInput(MessageIdentity.Of(release, occasion, address), facts, address, "On call", null)),
            .. RollbackChannels.Incident(request) is { } channel ? [new MessageInput(MessageIdentity.Of(release, occasion, channel.Name), facts, null, channel.Name, channel)] : Array.Empty<MessageInput>(),
        ];
    }

    /// <summary>Before the first attempt.</summary>
    public static LedgerDraft Intent(MessageInput message, DateTimeOffset at) => new(
        $"aftercare:tell:{message.OperationId:D}", at, AftercareWorkflow.Actor,
        message.Intended());

    /// <summary>What became of it, under the name that <see cref="MessageDelivery"/> gives.</summary>
    public static IReadOnlyList<LedgerDraft> Told(MessageInput message, string name, IReadOnlyList<LedgerBody> bodies, DateTimeOffset at) =>
        [.. bodies.Select((body, index) => new LedgerDraft(
            index == 0 ? $"aftercare:told:{message.OperationId:D}:{name}" : $"aftercare:told:{message.OperationId:D}:{name}:{index}", at, AftercareWorkflow.Actor, body))];

    private static Guid IdOf(ReleaseId release, AftercareCheckpoint checkpoint, string recipient) => MessageIdentity.Of(release, $"aftercare:{checkpoint.Step}", recipient);
}
