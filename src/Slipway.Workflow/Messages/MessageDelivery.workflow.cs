using System.Globalization;
using Slipway.Core.Ledgers;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Ports;

namespace Slipway.Workflow.Messages;

/// <summary>
/// One message on its way to one recipient: handed over until it is accepted, and asked after where the service says only later what became of
/// it. The same for every orchestrator that tells people; what happens is recorded as it happens.
/// </summary>
/// <param name="context">The engine.</param>
/// <param name="message">The message; every attempt has the same operation id.</param>
/// <param name="record">Records what became of it, under a name of its own among the message's entries: the number of the attempt, 0 first, or
/// <c>undelivered</c>.</param>
internal sealed class MessageDelivery(IWorkflowContext context, MessageInput message, Func<string, IReadOnlyList<LedgerBody>, Task> record)
{
    /// <summary>How long a message is tried, unless there is a reason for less.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromHours(24);

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>The waits before each question how an accepted mail stands: an hour in all.</summary>
    private static readonly TimeSpan[] ConfirmAfter = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(45)];

    /// <summary>When the last attempt is made. Default: a day from when this was made.</summary>
    public DateTimeOffset Until { get; init; } = context.Now + Limit;

    /// <summary>The wait between two attempts once the first six, seconds apart, were not accepted. Default: 5 minutes, so that a service that is down
    /// for a day gets some hundred tries.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether it says what is no longer so: then it is not tried again. Default: never.</summary>
    public Func<bool> IsStale { get; init; } = () => false;

    /// <summary>Called when it was accepted, before what becomes of it is known.</summary>
    public Action? OnAccepted { get; init; }

    /// <summary>Whether an accepted mail is asked after. Default: true.</summary>
    public bool Confirms { get; init; } = true;

    /// <summary>Tries until it is accepted, stale, or the time is over.</summary>
    public async Task<DeliveryOutcome> RunAsync()
    {
        for (var attempt = 0; ; attempt++)
        {
            if (attempt > 0 && IsStale()) return DeliveryOutcome.Stale;
            var (value, problem) = await context.Attempt(context.RunActivity(ReleaseActivities.Message, message), Timeout);
            var accepted = value is { Outcome: EffectOutcome.Done };
            var last = !accepted && context.Now >= Until;
            if (accepted || attempt == 0 || last) await record(attempt.ToString(CultureInfo.InvariantCulture), [message.Sent(attempt, accepted, value?.Details ?? problem) with { Evidence = value is { Evidence: true } }]);
            if (accepted)
            {
                OnAccepted?.Invoke();
                return value is { Unconfirmed: true } && Confirms ? await Confirm() : DeliveryOutcome.Accepted;
            }

            if (IsStale()) return DeliveryOutcome.Stale;
            if (last) return DeliveryOutcome.NotAccepted;
            await context.SleepUntil(context.Now + (attempt < 6 ? Insistence.Backoff(attempt) : Pause));
        }
    }

    /// <summary>
    /// Asks how an accepted mail stands, until it went out or failed. One that failed counts as not accepted, since nobody has read it; one that
    /// the service is still at after an hour counts as sent.
    /// </summary>
    private async Task<DeliveryOutcome> Confirm()
    {
        foreach (var wait in ConfirmAfter)
        {
            await context.SleepUntil(context.Now + wait);
            var (delivery, _) = await context.Attempt(context.RunActivity(ReleaseActivities.Delivery, new DeliveryInput(message.OperationId)), Timeout);
            if (delivery is { Progress: MailProgress.Delivered }) return DeliveryOutcome.Accepted;
            if (delivery is not { Progress: MailProgress.Failed }) continue;
            await record("undelivered", [message.Undelivered(delivery.Details), message.UndeliveredAlert(delivery.Details)]);
            return DeliveryOutcome.NotDelivered;
        }

        return DeliveryOutcome.Accepted;
    }
}

/// <summary>How the way of a message ended.</summary>
internal enum DeliveryOutcome
{
    /// <summary>It was accepted, and nothing else was heard of it.</summary>
    Accepted,

    /// <summary>It was accepted, and given up by the service later.</summary>
    NotDelivered,

    /// <summary>It was not accepted in its time.</summary>
    NotAccepted,

    /// <summary>It became stale before it was accepted.</summary>
    Stale,
}
