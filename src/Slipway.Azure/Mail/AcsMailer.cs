using Azure;
using Azure.Communication.Email;
using Slipway.Azure.Clients;
using Slipway.Azure.Throttling;
using Slipway.Workflow.Mail;
using Slipway.Workflow.Ports;

namespace Slipway.Azure.Mail;

/// <summary>
/// Mail over Communication Services. A mail is handed over and not waited for; how it stands is a question of its own. The operation id
/// goes along as the service's idempotency key, and one that this instance has handed over is not handed over again; where both forget, a
/// mail can come twice. Safe for concurrent use; one instance for each resource and process, since it keeps the service's limits.
/// </summary>
public sealed class AcsMailer : IMailer, IDisposable
{
    /// <summary>How many accepted mails are remembered: more than an hour's worth of the largest limit.</summary>
    private const int Remembered = 1000;

    private static readonly AzureSystem Service = new("mail service", "Communication and Email Service Owner");

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>The wait after a refusal that states none.</summary>
    private static readonly TimeSpan UsualWait = TimeSpan.FromMinutes(1);

    private readonly EmailClient _client;
    private readonly string _sender;
    private readonly string _replyTo;
    private readonly TimeProvider _time;
    private readonly RequestBudget _sends;
    private readonly RequestBudget _polls;
    private readonly SemaphoreSlim _one = new(1);
    private readonly Dictionary<Guid, string> _accepted = [];
    private readonly Queue<Guid> _order = [];
    private DateTimeOffset _notBefore;

    /// <summary>Makes the mailer; throws <see cref="FormatException"/> when an address is not one.</summary>
    /// <param name="client">The resource; see <see cref="AzureClients.Mail"/>.</param>
    /// <param name="sender">The sender's address, of a domain that is linked with the resource. The name beside it is set at the domain.</param>
    /// <param name="limits">What the domain allows.</param>
    /// <param name="time">The clock.</param>
    /// <param name="replyTo">Where answers go; empty: to the sender.</param>
    public AcsMailer(EmailClient client, string sender, MailLimits limits, TimeProvider time, string replyTo = "")
    {
        _client = client;
        _sender = MailAddressForm.Check(sender);
        _replyTo = replyTo.Length == 0 ? "" : MailAddressForm.Check(replyTo);
        _time = time;
        _sends = new RequestBudget(time, limits.Sends);
        _polls = new RequestBudget(time, limits.Polls);
    }

    /// <summary>
    /// Hands one mail over, and says under which operation. Throws <see cref="PortUnavailableException"/> when the service does not accept
    /// it, or when a limit keeps it back on this side; <see cref="PortUnavailableException.RetryAt"/> then says until when. Throws
    /// <see cref="FormatException"/> when the recipient is not a mail address.
    /// </summary>
    public async Task<string> SendAsync(OutgoingMail mail, CancellationToken cancellation)
    {
        var message = AcsMessage.Of(mail, _sender, _replyTo);

        // One after the other: what is sent again while it is under way finds the first one's answer.
        if (!await _one.TryEnterAsync(Patience, _time, cancellation))
        {
            // A service that does not answer must not hold more than one sender: whoever asks again would take a place of its own each time.
            var at = _time.GetUtcNow() + UsualWait;
            throw new PortUnavailableException(Service.Name, $"the mail before has no answer yet; not asked before {AzurePort.Clock(at)}") { RetryAt = at };
        }

        try
        {
            if (_accepted.TryGetValue(mail.OperationId, out var accepted)) return accepted;
            Wait();
            return Remember(mail.OperationId, await HandOverAsync(message, mail.OperationId, cancellation));
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public bool ConfirmsLater => true;

    /// <summary>Asks how a mail stands. Throws <see cref="PortUnavailableException"/> when the service does not answer, has been asked as often as it
    /// allows, or asked to wait; <see cref="PortUnavailableException.RetryAt"/> then says until when.</summary>
    /// <param name="operationId">The mail's operation id.</param>
    /// <param name="cancellation">Ends the question.</param>
    public async Task<MailDelivery> DeliveryAsync(Guid operationId, CancellationToken cancellation)
    {
        AzurePort.Take(Service, _polls, "the number of status questions");
        var operation = new EmailSendOperation(operationId.ToString("D"), _client);
        return await AzurePort.HeedAsync(() => AzurePort.CallAsync(Service, _time, () => AskAsync(operation, cancellation), cancellation), _polls, _polls);
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    private static async Task<MailDelivery> AskAsync(EmailSendOperation operation, CancellationToken cancellation)
    {
        try
        {
            await operation.UpdateStatusAsync(cancellation);
        }
        catch (RequestFailedException error) when (error.Status == 404)
        {
            return new MailDelivery(MailProgress.Unknown, "");
        }
        catch (RequestFailedException error) when (error.Status is >= 200 and < 300)
        {
            // The question was answered; what failed is the mail.
            var reason = string.IsNullOrEmpty(error.ErrorCode) ? "canceled, or failed without a reason" : $"{error.ErrorCode}: {error.Message.ReplaceLineEndings("\n").Split('\n')[0]}";
            return new MailDelivery(MailProgress.Failed, MailLine.Of(reason));
        }

        if (!operation.HasCompleted) return new MailDelivery(MailProgress.UnderWay, "");
        return operation.Value.Status == EmailSendStatus.Succeeded
            ? new MailDelivery(MailProgress.Delivered, "")
            : new MailDelivery(MailProgress.Failed, operation.Value.Status.ToString());
    }

    private void Wait()
    {
        if (_notBefore > _time.GetUtcNow())
        {
            throw new PortUnavailableException(Service.Name, $"the service asked to wait; not asked before {AzurePort.Clock(_notBefore)}") { RetryAt = _notBefore };
        }

        AzurePort.Take(Service, _sends, "the number of mails that the domain may send");
    }

    private async Task<string> HandOverAsync(EmailMessage message, Guid operationId, CancellationToken cancellation)
    {
        try
        {
            var operation = await AzurePort.CallAsync(
                Service, _time, () => _client.SendAsync(WaitUntil.Started, message, operationId, cancellation), cancellation);
            return $"accepted as operation {operation.Id}";
        }
        catch (PortUnavailableException error) when (AsksToWait(error))
        {
            _notBefore = error.RetryAt ?? _time.GetUtcNow() + UsualWait;
            if (error.RetryAt is not null) throw;
            throw new PortUnavailableException(Service.Name, $"throttled (429); not to be asked before {AzurePort.Clock(_notBefore)}", error) { RetryAt = _notBefore };
        }
    }

    private static bool AsksToWait(PortUnavailableException error) =>
        error.InnerException is RequestFailedException { Status: 429 } || error is { RetryAt: not null, InnerException: RequestFailedException { Status: 503 } };

    private string Remember(Guid operationId, string accepted)
    {
        if (_order.Count >= Remembered) _accepted.Remove(_order.Dequeue());
        _order.Enqueue(operationId);
        return _accepted[operationId] = accepted;
    }
}
