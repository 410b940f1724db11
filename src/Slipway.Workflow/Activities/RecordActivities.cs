using Slipway.Core.Approvals;
using Slipway.Core.Documents.Evidence;
using Slipway.Core.Ledgers;
using Slipway.Core.Messages;
using Slipway.Core.Releases;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;

namespace Slipway.Workflow.Activities;

/// <summary>
/// Appends to the ledger and publishes the snapshot that follows from it. Refuses with <see cref="ReleaseTakenOverException"/> that an
/// orchestration moves a release that was taken over: it has not read that yet, and ends when it does.
/// </summary>
public sealed class AppendEntries(ReleaseJournal journal) : IActivity<AppendInput, AppendOutput>
{
    /// <inheritdoc/>
    public async Task<AppendOutput> RunAsync(AppendInput input, CancellationToken cancellation)
    {
        if (input.Drafts.Any(MovesByOrchestration) && await journal.StateAsync(input.Release, cancellation) is { TakenOver: { } taken })
        {
            throw new ReleaseTakenOverException(input.Release, taken.By);
        }

        var entries = await journal.AppendAsync(input.Release, input.Drafts, cancellation);
        return new AppendOutput(entries.Count == 0 ? 0 : entries[^1].Sequence);
    }

    private static bool MovesByOrchestration(LedgerDraft draft) =>
        draft.Body is PhaseEntered or ReleaseEnded or EffectIntended && draft.EntryId.StartsWith(ReleaseRun.EntryPrefix, StringComparison.Ordinal);
}

/// <summary>Asks how a mail stands.</summary>
public sealed class AskDelivery(IMailer mailer) : IActivity<DeliveryInput, MailDelivery>
{
    /// <inheritdoc/>
    public Task<MailDelivery> RunAsync(DeliveryInput input, CancellationToken cancellation) => mailer.DeliveryAsync(input.OperationId, cancellation);
}

/// <summary>Hands one message to its sender. At least once, with a stable operation id. Who is asked to approve gets rehearsal and power with it, read
/// from the release's first entry here, so that neither history nor ledger holds them once more for each approver.</summary>
public sealed class SendMessage(IMailer mailer, IWebhook webhook, IMessageComposer composer, ApprovalKeys? keys = null, ReleaseJournal? journal = null) : IActivity<MessageInput, EffectOutput>
{
    /// <inheritdoc/>
    public async Task<EffectOutput> RunAsync(MessageInput input, CancellationToken cancellation)
    {
        try
        {
            if (input.Webhook is { } target)
            {
                await webhook.PostAsync(target.Url, composer.Webhook(input.Facts, target.Shape), input.OperationId.ToString("D"), cancellation);
                return new EffectOutput(EffectOutcome.Done, $"accepted by {target.Name}");
            }

            if (input.Ask is not null && keys is null) return new EffectOutput(EffectOutcome.Failed, "this server has no key to sign approval links with");
            var evidence = input.Ask is null ? null : await EvidenceAsync(input.Ask.Claim.Release, cancellation);
            var words = composer.Mail(input.Ask is null ? input.Facts : Asking(input.Facts, input.Ask, keys!), input.Name, evidence);
            var mail = new OutgoingMail(input.OperationId, input.Email ?? "", input.Name, words.Subject, words.Text, words.Html, input.Facts.ReleaseId);
            return new EffectOutput(EffectOutcome.Done, await mailer.SendAsync(mail, cancellation)) { Unconfirmed = mailer.ConfirmsLater, Evidence = evidence is not null };
        }
        catch (PortUnavailableException error)
        {
            return new EffectOutput(EffectOutcome.Failed, error.Message);
        }
    }

    /// <summary>Nobody waits for the question because of what goes with it: a ledger that is away leaves it out.</summary>
    private async Task<StartEvidence?> EvidenceAsync(ReleaseId release, CancellationToken cancellation)
    {
        try
        {
            return journal is not null && await journal.StateAsync(release, cancellation) is { } state ? StartEvidence.Of(state) : null;
        }
        catch (PortUnavailableException)
        {
            return null;
        }
    }

    /// <summary>The facts with the approver's own link and command; the same ask gives the same link, so that a mail sent twice is one.</summary>
    private static MessageFacts Asking(MessageFacts facts, ApprovalAsk ask, ApprovalKeys keys)
    {
        var token = ApprovalToken.Sign(ask.Claim, keys);
        return facts with { Url = $"{ask.BaseUrl}/approvals/{token}", Command = $"slipway approve {token}" };
    }
}
