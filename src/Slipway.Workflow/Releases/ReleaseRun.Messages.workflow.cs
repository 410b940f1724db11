using System.Globalization;
using Slipway.Core.Ledgers;
using Slipway.Core.Messages;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Messages;

namespace Slipway.Workflow.Releases;

/// <summary>Telling people: in the background, at least once, and never in the way of a shift or a rollback.</summary>
internal sealed partial class ReleaseRun
{
    /// <summary>How often those who asked for it are told of the progress.</summary>
    private static readonly TimeSpan ProgressPeriod = TimeSpan.FromMinutes(30);

    private readonly List<Task> _outgoing = [];
    private readonly SortedSet<string> _unaccepted = new(StringComparer.Ordinal);
    private readonly HashSet<string> _startTold = new(StringComparer.OrdinalIgnoreCase);
    private MessageFacts? _retraction;
    private int _posts;

    /// <summary>Sends a checkpoint's message to everyone who asked for it, in the background.</summary>
    private void Post(Checkpoint checkpoint, string headline, string details, IReadOnlyList<string>? toldOtherwise = null)
    {
        _posts++;
        var facts = Facts(checkpoint, headline, details);
        var communications = _request.Communications;
        foreach (var person in communications.Stakeholders.Where(person => person.Hears(checkpoint)))
        {
            if (toldOtherwise?.Contains(person.Email, StringComparer.OrdinalIgnoreCase) == true) continue;
            Send(facts, person.Email, person.Name, null);
        }

        foreach (var webhook in communications.Webhooks.Where(webhook => webhook.Hears(checkpoint))) Send(facts, null, webhook.Name, webhook);
    }

    /// <summary>
    /// The last word on a release that did not complete: whoever was told of the start gets it as the retraction of that, whatever else they
    /// asked for, and everyone else who hears of rollbacks as it is. Nobody gets both.
    /// </summary>
    private void PostEnd(string headline, string details)
    {
        _posts++;
        var facts = Facts(Checkpoint.Rollback, headline, details);
        _retraction = Retraction.Of(facts, _request.Release.Version);
        foreach (var person in _request.Communications.Stakeholders)
        {
            if (_startTold.Contains(person.Email)) Send(_retraction, person.Email, person.Name, null);
            else if (person.Hears(Checkpoint.Rollback)) Send(facts, person.Email, person.Name, null);
        }

        foreach (var webhook in _request.Communications.Webhooks)
        {
            if (_startTold.Contains(webhook.Name)) Send(_retraction, null, webhook.Name, webhook);
            else if (webhook.Hears(Checkpoint.Rollback)) Send(facts, null, webhook.Name, webhook);
        }

        if (_machine.Exposed) TellChannels(facts);
    }

    /// <summary>The incident channel and the status page, once a rollback; as messages of their own, whoever else hears of it.</summary>
    private void TellChannels(MessageFacts facts)
    {
        _posts++;
        if (RollbackChannels.Incident(_request) is { } incident) Send(facts, null, incident.Name, incident);
        if (RollbackChannels.Status(_request) is { } status)
            Send(facts with { Details = RollbackChannels.ForCustomers(_request, _machine.Phase == ReleasePhase.RolledBack) }, null, status.Name, status);
    }

    /// <summary>Keeps who accepted the notice of the start; one that was accepted after the last word is retracted at once.</summary>
    private void StartTold(MessageInput message)
    {
        _startTold.Add(message.Email ?? message.Name);
        if (_retraction is not { } retraction) return;
        _posts++;
        Send(retraction, message.Email, message.Name, message.Webhook);
    }

    /// <summary>Whether a message says what is no longer so.</summary>
    private bool IsStale(Checkpoint checkpoint) => checkpoint switch
    {
        Checkpoint.Approval => _approvals.TrueForAll(one => one.Closed is not null),
        Checkpoint.Start or Checkpoint.Stage or Checkpoint.Progress => _machine.Phase is ReleasePhase.RollingBack or ReleasePhase.RolledBack or ReleasePhase.Failed,
        _ => false,
    };

    /// <summary>Tells everyone on call who has not just been told as a stakeholder, whatever checkpoints anyone asked for.</summary>
    private void PageOnCall(Checkpoint checkpoint, string headline, string details, string? command = null)
    {
        var facts = Facts(checkpoint, headline, details) with { Command = command };
        var told = _request.Communications.Stakeholders
            .Where(person => person.Hears(checkpoint) || (checkpoint == Checkpoint.Rollback && _startTold.Contains(person.Email)))
            .Select(person => person.Email);
        foreach (var address in _request.Contacts.OnCall.Except(told, StringComparer.OrdinalIgnoreCase)) Send(facts, address, "On call", null);
    }

    /// <summary>Tells the escalation contacts; where none is reached by mail, everyone on call once more.</summary>
    private void Escalate(string headline, string details, string command)
    {
        _posts++;
        var facts = Facts(Checkpoint.Breach, headline, details) with { Command = command };
        var escalation = _request.Contacts.Escalation.Where(contact => contact.Contains('@', StringComparison.Ordinal)).ToList();
        foreach (var address in escalation.Count > 0 ? escalation : _request.Contacts.OnCall) Send(facts, address, "Escalation", null);
    }

    private MessageFacts Facts(Checkpoint checkpoint, string headline, string details) => new()
    {
        ReleaseId = release.Value,
        Title = _request.Release.Title,
        Version = _request.Release.Version,
        Checkpoint = checkpoint,
        Headline = headline,
        Details = details,
        Percentage = _exposure.Value,
        Next = _nextAt is { } at && at > context.Now && _nextEvent.Length > 0 ? string.Create(CultureInfo.InvariantCulture, $"{_nextEvent}, {at.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC") : "",
        At = context.Now,
        Url = $"{loaded.BaseUrl}/releases/{release}",
    };

    private void Send(MessageFacts facts, string? email, string name, WebhookSpec? webhook, ApprovalAsk? ask = null)
    {
        var message = new MessageInput(MessageIdentity.Of(release, $"{facts.Checkpoint}:{_posts}", email ?? name), facts, email, name, webhook, ask);
        Record(message.Intended());
        _outgoing.Add(SendUntilAccepted(message));
    }

    /// <summary>The entry before the effect; a ledger that is away does not keep people from being told.</summary>
    private Task Intended() => _ledger.RecordedUntil(context.Now + RecordPatience);

    private async Task SendUntilAccepted(MessageInput message)
    {
        var progress = message.Facts.Checkpoint == Checkpoint.Progress;
        var delivery = new MessageDelivery(context, message, (_, bodies) =>
        {
            foreach (var body in bodies) Record(body);
            return Task.CompletedTask;
        })
        {
            // The next progress report makes this one stale, so it is not tried for longer.
            Until = context.Now + (progress ? ProgressPeriod : MessageDelivery.Limit),
            IsStale = () => IsStale(message.Facts.Checkpoint),
            OnAccepted = () =>
            {
                if (message.Facts.Checkpoint == Checkpoint.Start) StartTold(message);
            },
        };
        await Intended();
        if (await delivery.RunAsync() is DeliveryOutcome.NotAccepted or DeliveryOutcome.NotDelivered && !progress) _unaccepted.Add(message.Recipient);
    }

    /// <summary>
    /// All users are on the new version; what is left is that everyone who was due was told. The release stays watched, and can be rolled
    /// back, until then.
    /// </summary>
    private async Task<bool> Conclude()
    {
        Post(Checkpoint.Done, MessageWords.Completed, MessageWords.CompletedDetails(_plan));
        var limit = context.Now + MessageDelivery.Limit + TimeSpan.FromMinutes(10);
        for (var (raised, looked) = (false, !loaded.LooksBeforeItMoves); ;)
        {
            if (!await MayGoOn()) return false;
            if (_acknowledged || (_outgoing.Count == 0 && _unaccepted.Count == 0))
            {
                if (looked) break;
                looked = true;
                await LookForCommands();
                continue;
            }

            if (!raised && (_outgoing.Count == 0 || context.Now >= limit))
            {
                raised = true;
                Raise("notices", AlertSeverity.Critical, $"not accepted within {MessageDelivery.Limit.TotalHours:0} h, or not delivered: {string.Join(", ", _unaccepted)}", "waiting for an acknowledgement");
            }

            await Pump(() => _acknowledged || _machine.Phase == ReleasePhase.Paused || (_outgoing.Count == 0 && (!raised || _unaccepted.Count == 0)), null, raised ? null : limit);
            if (_stop is not null) return false;
        }

        Fire(ReleaseTrigger.NoticesAccepted, _acknowledged ? "outstanding notices were acknowledged by an operator" : "every due notice was accepted");
        return true;
    }
}
