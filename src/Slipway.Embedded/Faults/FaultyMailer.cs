using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Faults;

/// <summary>A mailer that fails by plan.</summary>
public sealed class FaultyMailer(IMailer inner, FaultPlan plan) : IMailer
{
    /// <inheritdoc/>
    public Task<string> SendAsync(OutgoingMail mail, CancellationToken cancellation) =>
        FaultyCall.RunAsync(plan, "mail service", FaultOperations.Mail, mail.To, () => inner.SendAsync(mail, cancellation), cancellation);
}
