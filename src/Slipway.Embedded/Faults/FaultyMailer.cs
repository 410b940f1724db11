using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Faults;

/// <summary>A mailer that fails by plan.</summary>
public sealed class FaultyMailer(IMailer inner, FaultPlan plan) : IMailer
{
    /// <inheritdoc/>
    public bool ConfirmsLater => inner.ConfirmsLater;

    /// <inheritdoc/>
    public Task<MailDelivery> DeliveryAsync(Guid operationId, CancellationToken cancellation) => inner.DeliveryAsync(operationId, cancellation);

    /// <inheritdoc/>
    public Task<string> SendAsync(OutgoingMail mail, CancellationToken cancellation) =>
        FaultyCall.RunAsync(plan, "mail service", FaultOperations.Mail, mail.To, () => inner.SendAsync(mail, cancellation), cancellation);
}
