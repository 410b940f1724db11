using Slipway.Azure.Clients;
using Slipway.Azure.Mail;
using Slipway.Azure.Tests.Loopback;
using Slipway.Embedded.Tests.Contracts;
using Slipway.Embedded.Time;
using Slipway.Workflow.Ports;

namespace Slipway.Azure.Tests.Mail;

/// <summary>Status questions of a service that has too many of them, or is away for a while.</summary>
public sealed class AcsDeliveryTests : IAsyncDisposable
{
    private static readonly Guid Operation = new("6f0c5a52-3c0e-4f5b-9b1e-0d9f3a1c7e11");

    private readonly FakeMailService _service = new();
    private readonly VirtualTimeProvider _time = TestClock.AtNine();
    private readonly AcsMailer _mailer;

    public AcsDeliveryTests() => _mailer = new AcsMailer(
        AzureClients.Mail(Rerouted.Endpoint, new FakeCredential(), null, Rerouted.To(_service.Url)), "DoNotReply@mail.example.org", MailLimits.CustomDomain, _time);

    public async ValueTask DisposeAsync()
    {
        _mailer.Dispose();
        await _service.DisposeAsync();
    }

    [Theory]
    [InlineData(429, "120", 120)]
    [InlineData(429, null, 30)]
    [InlineData(503, "120", 120)]
    public async Task DeliveryAsync_OfAServiceThatAsksToWait_IsNotAskedBefore(int status, string? retryAfter, int seconds)
    {
        if (retryAfter is null) _service.Scripted.Add(status);
        else _service.Scripted.Add(status, "", ("Retry-After", retryAfter));
        var at = _time.GetUtcNow().AddSeconds(seconds);
        await Assert.ThrowsAsync<PortUnavailableException>(StatusAsync);

        var kept = await Assert.ThrowsAsync<PortUnavailableException>(StatusAsync);
        Assert.Contains("the service asked to wait", kept.Message, StringComparison.Ordinal);
        Assert.Equal(at, kept.RetryAt);
        Assert.Single(_service.Log);

        _time.AdvanceTo(at);
        Assert.Equal(MailProgress.Unknown, (await StatusAsync()).Progress);
        Assert.Equal(2, _service.Log.Count);
    }

    [Fact]
    public async Task DeliveryAsync_OfAServiceThatFailsWithoutAWait_IsAskedAgain()
    {
        _service.Scripted.Add(503);
        await Assert.ThrowsAsync<PortUnavailableException>(StatusAsync);
        Assert.Equal(MailProgress.Unknown, (await StatusAsync()).Progress);
    }

    private Task<MailDelivery> StatusAsync() => _mailer.DeliveryAsync(Operation, TestContext.Current.CancellationToken);
}
