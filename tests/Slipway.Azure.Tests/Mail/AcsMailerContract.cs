using Slipway.Azure.Clients;
using Slipway.Azure.Mail;
using Slipway.Azure.Tests.Loopback;
using Slipway.Embedded.Tests.Contracts;
using Slipway.Workflow.Ports;

namespace Slipway.Azure.Tests.Mail;

public sealed class AcsMailerContract : MailerContract, IAsyncDisposable
{
    private readonly FakeMailService _service = new();
    private readonly AcsMailer _mailer;

    public AcsMailerContract() => _mailer = new AcsMailer(
        AzureClients.Mail(Rerouted.Endpoint, new FakeCredential(), Rerouted.Quick, Rerouted.To(_service.Url)),
        "DoNotReply@mail.example.org",
        MailLimits.ManagedDomain,
        TestClock.AtNine());

    protected override IMailer Mailer => _mailer;

    public async ValueTask DisposeAsync()
    {
        _mailer.Dispose();
        await _service.DisposeAsync();
    }

    protected override Task<int> CountAsync() => Task.FromResult(_service.Mails.Count);
}
