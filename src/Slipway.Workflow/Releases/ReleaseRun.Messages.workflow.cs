using Slipway.Core.Ledgers;
using Slipway.Core.Messages;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Ports;

namespace Slipway.Workflow.Releases;

/// <summary>Telling people: in the background, at least once, and never in the way of a shift or a rollback.</summary>
internal sealed partial class ReleaseRun
{
    /// <summary>How long a message is tried.</summary>
    private static readonly TimeSpan MessageLimit = TimeSpan.FromHours(24);

    private readonly List<Task> _outgoing = [];
    private readonly SortedSet<string> _unaccepted = new(StringComparer.Ordinal);
    private int _posts;

    /// <summary>Sends a checkpoint's message to everyone who asked for it, in the background.</summary>
    private void Post(Checkpoint checkpoint, string headline, string details, IReadOnlyList<string>? toldOtherwise = null)
    {
        _posts++;
        var facts = Facts(checkpoint, headline, details);
        var communications = _request.Communications;
        foreach (var person in communications.Stakeholders.Where(person => person.Checkpoints.Count == 0 || person.Checkpoints.Contains(checkpoint)))
        {
            if (toldOtherwise?.Contains(person.Email, StringComparer.OrdinalIgnoreCase) == true) continue;
            Send(facts, person.Email, person.Name, null);
        }

        foreach (var webhook in communications.Webhooks) Send(facts, null, webhook.Name, webhook);
    }

    /// <summary>Tells everyone on call who has not just been told as a stakeholder, whatever checkpoints anyone asked for.</summary>
    private void PageOnCall(Checkpoint checkpoint, string headline, string details, string? command = null)
    {
        var facts = Facts(checkpoint, headline, details) with { Command = command };
        var told = _request.Communications.Stakeholders
            .Where(person => person.Checkpoints.Count == 0 || person.Checkpoints.Contains(checkpoint))
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
        At = context.Now,
        Url = $"{loaded.BaseUrl}/api/releases/{release}",
    };

    private void Send(MessageFacts facts, string? email, string name, WebhookSpec? webhook, ApprovalAsk? ask = null)
    {
        var recipient = email ?? name;
        var id = MessageIdentity.Of(release, $"{facts.Checkpoint}:{_posts}", recipient);
        var kind = webhook is null ? EffectKind.Mail : EffectKind.Webhook;
        Record(new EffectIntended($"message:{id:D}", kind, recipient, $"tell {recipient}: {facts.Headline}"));
        _outgoing.Add(SendUntilAccepted(new MessageInput(id, facts, email, name, webhook, ask), kind, recipient));
    }

    /// <summary>The entry before the effect; a ledger that is away does not keep people from being told.</summary>
    private async Task Intended()
    {
        using var cancel = new CancellationTokenSource();
        await Task.WhenAny(Recorded(), context.SleepUntil(context.Now + RecordPatience, cancel.Token));
        cancel.Cancel();
    }

    private async Task SendUntilAccepted(MessageInput message, EffectKind kind, string recipient)
    {
        var until = context.Now + MessageLimit;
        await Intended();
        for (var attempt = 0; ; attempt++)
        {
            var answer = await Attempt(context.RunActivity(ReleaseActivities.Message, message), ForwardTimeout);
            var accepted = answer.Value is { Outcome: EffectOutcome.Done };
            var last = !accepted && context.Now >= until;
            if (accepted || attempt == 0 || last)
            {
                Record(new MessageSent(message.OperationId.ToString("D"), message.Facts.Checkpoint, recipient, kind, accepted, answer.Value?.Details ?? answer.Problem, attempt > 0));
            }

            // A request for an approval that is decided is no longer due.
            if (accepted || (message.Facts.Checkpoint == Checkpoint.Approval && _approvals.TrueForAll(one => one.Closed is not null))) return;
            if (last)
            {
                _unaccepted.Add(recipient);
                return;
            }

            // Seconds at first, later every five minutes: a mail service that is down for a day gets some hundred tries.
            await context.SleepUntil(context.Now + (attempt < 6 ? Backoff(attempt) : TimeSpan.FromMinutes(5)));
        }
    }

    /// <summary>
    /// All users are on the new version; what is left is that everyone who was due was told. The release stays watched, and can be rolled
    /// back, until then.
    /// </summary>
    private async Task<bool> Conclude()
    {
        Post(Checkpoint.Done, "All users are on the new version", $"{_plan.Stages.Count} stages passed");
        var limit = context.Now + MessageLimit + TimeSpan.FromMinutes(10);
        for (var raised = false; ;)
        {
            if (!await MayGoOn()) return false;
            if (_acknowledged || (_outgoing.Count == 0 && _unaccepted.Count == 0)) break;
            if (!raised && (_outgoing.Count == 0 || context.Now >= limit))
            {
                raised = true;
                Raise("notices", AlertSeverity.Critical, $"not accepted within {MessageLimit.TotalHours:0} h: {string.Join(", ", _unaccepted)}", "waiting for an acknowledgement");
            }

            await Pump(() => _acknowledged || _machine.Phase == ReleasePhase.Paused || (_outgoing.Count == 0 && (!raised || _unaccepted.Count == 0)), null, raised ? null : limit);
            if (_stop is not null) return false;
        }

        Fire(ReleaseTrigger.NoticesAccepted, _acknowledged ? "outstanding notices were acknowledged by an operator" : "every due notice was accepted");
        return true;
    }
}
