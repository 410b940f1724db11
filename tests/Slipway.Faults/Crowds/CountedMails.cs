using Slipway.Workflow.Ports;

namespace Slipway.Faults.Crowds;

/// <summary>Accepts every mail and keeps only their number.</summary>
internal sealed class CountedMails : IMailer
{
    public int Sent { get; private set; }

    public Task<string> SendAsync(OutgoingMail mail, CancellationToken cancellation)
    {
        Sent++;
        return Task.FromResult($"accepted {mail.OperationId:D}");
    }
}
