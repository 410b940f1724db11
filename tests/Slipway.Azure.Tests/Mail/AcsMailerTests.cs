using System.Text.Json.Nodes;
using Slipway.Azure.Clients;
using Slipway.Azure.Mail;
using Slipway.Azure.Tests.Loopback;
using Slipway.Embedded.Tests.Contracts;
using Slipway.Embedded.Time;
using Slipway.Workflow.Ports;

namespace Slipway.Azure.Tests.Mail;

public sealed class AcsMailerTests : IAsyncDisposable
{
    private const string Sender = "DoNotReply@mail.example.org";

    private static readonly OutgoingMail Plain = new(
        new Guid("6f0c5a52-3c0e-4f5b-9b1e-0d9f3a1c7e11"), "dana@example.com", "Dana", "Stage 1 of 4", "Hello\n", "<p>Hello</p>\n", "search-v2");

    private readonly FakeMailService _service = new();
    private readonly VirtualTimeProvider _time = TestClock.AtNine();
    private readonly AcsMailer _mailer;

    public AcsMailerTests() => _mailer = Mailer(MailLimits.ManagedDomain);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _mailer.Dispose();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task SendAsync_SendsBothPartsAndTheHeadersOfAThread()
    {
        Assert.Equal("accepted as operation 6f0c5a52-3c0e-4f5b-9b1e-0d9f3a1c7e11", await _mailer.SendAsync(Plain, Cancellation));

        var mail = Assert.Single(_service.Mails);
        Assert.Equal(Sender, mail["senderAddress"]!.ToString());
        Assert.Equal(("Stage 1 of 4", "Hello\n", "<p>Hello</p>\n"), (Content(mail, "subject"), Content(mail, "plainText"), Content(mail, "html")));
        var to = Assert.Single(mail["recipients"]!["to"]!.AsArray())!;
        Assert.Equal(("dana@example.com", "Dana"), (to["address"]!.ToString(), to["displayName"]!.ToString()));
        var headers = mail["headers"]!.AsObject();
        Assert.Equal(["Auto-Submitted", "In-Reply-To", "References"], headers.Select(header => header.Key).Order());
        Assert.Matches("^<thread-[0-9a-f]{32}@mail.example.org>$", headers["References"]!.ToString());
        Assert.Equal(headers["References"]!.ToString(), headers["In-Reply-To"]!.ToString());
        Assert.Null(mail["replyTo"]);
    }

    [Fact]
    public async Task SendAsync_WithAnAddressForAnswers_StatesIt()
    {
        using var mailer = Mailer(MailLimits.CustomDomain, "release-team@example.org");
        await mailer.SendAsync(Plain, Cancellation);
        Assert.Equal("release-team@example.org", Assert.Single(Assert.Single(_service.Mails)["replyTo"]!.AsArray())!["address"]!.ToString());
    }

    [Fact]
    public async Task SendAsync_MailsOfOneReleaseShareAThread()
    {
        await _mailer.SendAsync(Plain, Cancellation);
        await _mailer.SendAsync(Plain with { OperationId = Operation(2) }, Cancellation);
        await _mailer.SendAsync(Plain with { OperationId = Operation(3), ThreadId = "another" }, Cancellation);
        var threads = _service.Mails.Select(mail => mail["headers"]!["References"]!.ToString()).ToList();
        Assert.Equal(threads[0], threads[1]);
        Assert.NotEqual(threads[0], threads[2]);
    }

    [Theory]
    [InlineData("Hi\r\nBcc: everybody@example.com")]
    [InlineData("Hi\rBcc: everybody@example.com")]
    [InlineData("Hi\u2028Bcc: everybody@example.com\u0000\u0085Bcc: x@example.com")]
    public async Task SendAsync_LineBreaksInSubjectNameOrThread_StayOnOneLine(string evil)
    {
        await _mailer.SendAsync(Plain with { Subject = evil, ToName = evil, ThreadId = evil }, Cancellation);
        var mail = Assert.Single(_service.Mails);
        var texts = mail["headers"]!.AsObject().Select(header => header.Value!.ToString())
            .Append(Content(mail, "subject")).Append(mail["recipients"]!["to"]![0]!["displayName"]!.ToString());
        Assert.All(texts, text => Assert.DoesNotContain(text, char.IsControl));
        Assert.StartsWith("Hi Bcc:", Content(mail, "subject"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("dana@example.com\r\nBcc: x@example.com")]
    [InlineData("dana@example.com, erin@example.com")]
    public async Task SendAsync_ARecipientThatIsNoAddress_IsRefused(string to)
    {
        await Assert.ThrowsAsync<FormatException>(() => _mailer.SendAsync(Plain with { To = to }, Cancellation));
        Assert.Empty(_service.Log);
    }

    [Fact]
    public void AcsMailer_ASenderThatIsNoAddress_IsRefused()
    {
        Assert.Throws<FormatException>(() => Mailer(MailLimits.CustomDomain, "nobody"));
    }

    [Fact]
    public async Task SendAsync_TheSameOperationOfAnotherProcess_IsTheServicesOwnAnswer()
    {
        using var other = Mailer(MailLimits.CustomDomain);
        Assert.Equal(await _mailer.SendAsync(Plain, Cancellation), await other.SendAsync(Plain, Cancellation));
        Assert.Single(_service.Mails);
        Assert.Equal(2, _service.Log.Count);
    }

    [Fact]
    public async Task SendAsync_BeyondTheMinute_IsKeptBackUntilThereIsRoom()
    {
        for (var i = 1; i <= 5; i++) await _mailer.SendAsync(Plain with { OperationId = Operation(i) }, Cancellation);
        var error = await Assert.ThrowsAsync<PortUnavailableException>(() => _mailer.SendAsync(Plain, Cancellation));
        Assert.Equal("mail service: the number of mails that the domain may send is used up on this side; not asked before 2026-12-01T09:01:00Z", error.Message);
        Assert.Equal(_time.GetUtcNow().AddMinutes(1), error.RetryAt);
        Assert.Equal(5, _service.Log.Count);

        _time.AdvanceTo(error.RetryAt!.Value);
        await _mailer.SendAsync(Plain, Cancellation);
        Assert.Equal(6, _service.Mails.Count);
    }

    [Fact]
    public async Task SendAsync_BeyondTheHour_IsKeptBackUntilThereIsRoom()
    {
        for (var i = 1; i <= 10; i++)
        {
            await _mailer.SendAsync(Plain with { OperationId = Operation(i) }, Cancellation);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        var error = await Assert.ThrowsAsync<PortUnavailableException>(() => _mailer.SendAsync(Plain, Cancellation));
        Assert.Equal(_time.GetUtcNow().AddMinutes(50), error.RetryAt);
        Assert.NotEmpty(await _mailer.SendAsync(Plain with { OperationId = Operation(3) }, Cancellation));
    }

    [Theory]
    [InlineData("120", 120)]
    [InlineData(null, 60)]
    public async Task SendAsync_Throttled_IsNotRepeatedAndWaits(string? retryAfter, int seconds)
    {
        if (retryAfter is null) _service.Scripted.Add(429);
        else _service.Scripted.Add(429, "", ("Retry-After", retryAfter));
        var at = _time.GetUtcNow().AddSeconds(seconds);
        using var mailer = new AcsMailer(
            AzureClients.Mail(Rerouted.Endpoint, new FakeCredential(), null, Rerouted.To(_service.Url)), Sender, MailLimits.CustomDomain, _time);

        Assert.Equal(at, (await Assert.ThrowsAsync<PortUnavailableException>(() => mailer.SendAsync(Plain, Cancellation))).RetryAt);
        Assert.Single(_service.Log);
        var kept = await Assert.ThrowsAsync<PortUnavailableException>(() => mailer.SendAsync(Plain with { OperationId = Operation(2) }, Cancellation));
        Assert.Equal(at, kept.RetryAt);
        Assert.Contains("the service asked to wait", kept.Message, StringComparison.Ordinal);
        Assert.Single(_service.Log);

        _time.AdvanceTo(at);
        await mailer.SendAsync(Plain, Cancellation);
        Assert.Single(_service.Mails);
    }

    [Fact]
    public async Task SendAsync_OfAServiceThatSaysWhenItIsBack_WaitsForIt()
    {
        _service.Scripted.Add(503, "", ("Retry-After", "120"));
        var at = _time.GetUtcNow().AddSeconds(120);
        Assert.Equal(at, (await Assert.ThrowsAsync<PortUnavailableException>(() => _mailer.SendAsync(Plain, Cancellation))).RetryAt);
        Assert.Equal(at, (await Assert.ThrowsAsync<PortUnavailableException>(() => _mailer.SendAsync(Plain with { OperationId = Operation(2) }, Cancellation))).RetryAt);
        Assert.Single(_service.Log);

        _time.AdvanceTo(at);
        await _mailer.SendAsync(Plain, Cancellation);
        Assert.Single(_service.Mails);
    }

    [Fact]
    public async Task SendAsync_WhileTheMailBeforeHangs_WaitsAMomentAndHoldsNoPlace()
    {
        var hanging = new HangingTransport();
        using var mailer = new AcsMailer(
            AzureClients.Mail(Rerouted.Endpoint, new FakeCredential(), Rerouted.Quick, options => options.Transport = hanging), Sender, MailLimits.CustomDomain, _time);
        using var givenUp = new CancellationTokenSource();
        var first = mailer.SendAsync(Plain, givenUp.Token);
        await hanging.AskedAsync(1);

        var second = mailer.SendAsync(Plain with { OperationId = Operation(2) }, Cancellation);
        _time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(second.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        var error = await Assert.ThrowsAsync<PortUnavailableException>(() => second);
        Assert.Contains("the mail before has no answer yet", error.Message, StringComparison.Ordinal);
        Assert.Equal(_time.GetUtcNow().AddMinutes(1), error.RetryAt);

        // Whoever gives the hanging one up frees its place.
        await givenUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        var third = mailer.SendAsync(Plain with { OperationId = Operation(3) }, givenUp.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
        using var enough = new CancellationTokenSource();
        var fourth = mailer.SendAsync(Plain with { OperationId = Operation(4) }, enough.Token);
        await hanging.AskedAsync(2);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fourth);
    }

    [Fact]
    public async Task SendAsync_RefusedByTheService_SaysWhy()
    {
        _service.Scripted.Add(400, """{"error":{"code":"DomainNotLinked","message":"The specified sender domain has not been linked."}}""");
        var error = await Assert.ThrowsAsync<PortUnavailableException>(() => _mailer.SendAsync(Plain, Cancellation));
        Assert.Equal("mail service: answered 400 DomainNotLinked: The specified sender domain has not been linked.", error.Message);
        Assert.Null(error.RetryAt);
    }

    [Fact]
    public async Task SendAsync_AShortFault_IsRepeatedUnderTheSameOperation()
    {
        _service.Scripted.Add(503);
        await _mailer.SendAsync(Plain, Cancellation);
        Assert.Equal(["POST /emails:send 503", "POST /emails:send 202"], _service.Log);
    }

    [Fact]
    public async Task DeliveryAsync_FollowsTheOperation()
    {
        await _mailer.SendAsync(Plain, Cancellation);
        Assert.Equal(new MailDelivery(MailProgress.UnderWay, ""), await StatusAsync());
        _service.Set(Plain.OperationId, "Succeeded");
        Assert.Equal(new MailDelivery(MailProgress.Delivered, ""), await StatusAsync());
        Assert.Equal(MailProgress.Unknown, (await _mailer.DeliveryAsync(Operation(9), Cancellation)).Progress);
    }

    [Theory]
    [InlineData("Failed", "EmailDroppedAllRecipientsSuppressed", "All recipients are suppressed.")]
    [InlineData("Canceled", null, "canceled, or failed without a reason")]
    public async Task DeliveryAsync_AMailThatDidNotGoOut_SaysWhy(string status, string? code, string message)
    {
        _service.Set(Plain.OperationId, status, code, message);
        var delivery = await StatusAsync();
        Assert.Equal(MailProgress.Failed, delivery.Progress);
        Assert.Equal(code is null ? message : $"{code}: {message}", delivery.Details);
    }

    [Theory]
    [InlineData(true, 10)]
    [InlineData(false, 60)]
    public async Task DeliveryAsync_AskedMoreOftenThanTheDomainAllows_IsKeptBack(bool managed, int allowed)
    {
        using var mailer = Mailer(managed ? MailLimits.ManagedDomain : MailLimits.CustomDomain);
        for (var i = 0; i < allowed; i++) await mailer.DeliveryAsync(Plain.OperationId, Cancellation);
        var error = await Assert.ThrowsAsync<PortUnavailableException>(() => mailer.DeliveryAsync(Plain.OperationId, Cancellation));
        Assert.Equal(_time.GetUtcNow().AddMinutes(1), error.RetryAt);
    }

    private static Guid Operation(int number) => new(number, 0, 0, new byte[8]);

    private static string Content(JsonObject mail, string name) => mail["content"]![name]!.ToString();

    private Task<MailDelivery> StatusAsync() => _mailer.DeliveryAsync(Plain.OperationId, Cancellation);

    private AcsMailer Mailer(MailLimits limits, string replyTo = "") => new(
        AzureClients.Mail(Rerouted.Endpoint, new FakeCredential(), Rerouted.Quick, Rerouted.To(_service.Url)), Sender, limits, _time, replyTo);
}
