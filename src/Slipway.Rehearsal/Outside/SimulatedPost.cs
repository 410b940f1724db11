using Slipway.Workflow.Ports;

namespace Slipway.Rehearsal.Outside;

/// <summary>Takes every mail, and shows it to those who answer mail.</summary>
internal sealed class SimulatedMail(Action<OutgoingMail> onMail) : IMailer
{
    private readonly HashSet<Guid> _taken = [];

    public Task<string> SendAsync(OutgoingMail mail, CancellationToken cancellation)
    {
        if (_taken.Add(mail.OperationId)) onMail(mail);
        return Task.FromResult($"accepted {mail.OperationId:D}");
    }
}

/// <summary>Takes every post.</summary>
internal sealed class SimulatedWebhooks : IWebhook
{
    public Task PostAsync(Uri url, string json, string idempotencyKey, CancellationToken cancellation) => Task.CompletedTask;
}
