using Azure;
using Slipway.Azure.Mail;
using Slipway.Azure.Tests.Storage;
using Slipway.Embedded.Tests.Contracts;
using Slipway.Embedded.Time;
using Slipway.Workflow.Ports;

namespace Slipway.Azure.Tests.Mail;

/// <summary>Mails that the service's limits hold back wait in storage, and go out once.</summary>
public sealed class QueuedMailerTests : MailerContract, IAsyncDisposable
{
    private readonly BlobWorld _world = BlobWorld.OnServer();
    private readonly VirtualTimeProvider _time = TestClock.AtNine();
    private readonly HandingOver _service;
    private readonly QueuedMailer _mailer;

    public QueuedMailerTests()
    {
        _service = new HandingOver(_time);
        _mailer = new QueuedMailer(_service, _world.Container, _time);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected override IMailer Mailer => _mailer;

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task What_the_limits_hold_back_waits_and_goes_out_with_the_next_drain()
    {
        _service.Room = 0;
        var waits = await Assert.ThrowsAsync<PortUnavailableException>(() => _mailer.SendAsync(Mail, Cancellation));
        Assert.Contains("waits in the queue since 2026-12-01T09:00:00Z", waits.Message, StringComparison.Ordinal);
        Assert.Equal(0, await _mailer.DrainAsync(Cancellation));

        _service.Room = 5;
        Assert.Equal(1, await _mailer.DrainAsync(Cancellation));
        Assert.Equal("accepted as operation 1", await _mailer.SendAsync(Mail, Cancellation));
        Assert.Equal(Mail, Assert.Single(_service.Mails));
        Assert.Empty(_world.Service!.Names.SelectMany(name => _world.Service[name]));
    }

    [Fact]
    public async Task The_oldest_goes_first_and_the_limits_end_a_drain()
    {
        _service.Room = 0;
        for (var number = 1; number <= 3; number++)
        {
            await Assert.ThrowsAsync<PortUnavailableException>(() => _mailer.SendAsync(Numbered(number), Cancellation));
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        _service.Room = 2;
        Assert.Equal(2, await _mailer.DrainAsync(Cancellation));
        Assert.Equal(["Mail 1", "Mail 2"], _service.Mails.Select(mail => mail.Subject));
    }

    [Fact]
    public async Task A_mail_that_nobody_asks_for_any_more_is_not_sent()
    {
        _service.Room = 0;
        await Assert.ThrowsAsync<PortUnavailableException>(() => _mailer.SendAsync(Numbered(1), Cancellation));
        await Assert.ThrowsAsync<PortUnavailableException>(() => _mailer.SendAsync(Numbered(2), Cancellation));
        for (var minutes = 0; minutes < 15; minutes += 5)
        {
            _time.Advance(TimeSpan.FromMinutes(5));
            await Assert.ThrowsAsync<PortUnavailableException>(() => _mailer.SendAsync(Numbered(2), Cancellation));
        }

        _service.Room = 9;
        Assert.Equal(1, await _mailer.DrainAsync(Cancellation));
        Assert.Equal("Mail 2", Assert.Single(_service.Mails).Subject);
        Assert.Single(_world.Service!.Names);
    }

    [Fact]
    public async Task Another_process_knows_what_was_accepted_and_forgets_it_after_two_days()
    {
        await _mailer.SendAsync(Mail, Cancellation);
        var other = new QueuedMailer(new HandingOver(_time), _world.Container, _time);
        Assert.Equal("accepted as operation 1", await other.SendAsync(Mail, Cancellation));

        _time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(0, await other.DrainAsync(Cancellation));
        Assert.Empty(_world.Service!.Names);
    }

    [Fact]
    public async Task A_refusal_that_no_limit_is_behind_is_told_and_does_not_wait()
    {
        _service.Refuses = true;
        var refused = await Assert.ThrowsAsync<PortUnavailableException>(() => _mailer.SendAsync(Mail, Cancellation));
        Assert.Contains("answered 400", refused.Message, StringComparison.Ordinal);
        Assert.Empty(_world.Service!.Names);
    }

    [Fact]
    public async Task A_service_that_does_not_answer_ends_a_drain_and_every_mail_waits_on()
    {
        await QueueAsync(1, 2);
        _service.Room = 9;
        _service.Fails = _ => new PortUnavailableException("mail service", "no answer in time", new OperationCanceledException());
        Assert.Equal(0, await _mailer.DrainAsync(Cancellation));
        Assert.Equal(1, _service.Tries);
        Assert.Equal(2, _world.Service!.Names.Count);

        _service.Fails = _ => null;
        Assert.Equal(2, await _mailer.DrainAsync(Cancellation));
    }

    [Fact]
    public async Task A_mail_that_the_service_refuses_is_given_up_and_the_others_go_out()
    {
        await QueueAsync(1, 2, 3);
        _service.Room = 9;
        _service.Fails = mail => mail.Subject == "Mail 1" ? new PortUnavailableException("mail service", "answered 400", new RequestFailedException(400, "the recipient is suppressed")) : null;
        Assert.Equal(2, await _mailer.DrainAsync(Cancellation));
        Assert.Equal(["Mail 2", "Mail 3"], _service.Mails.Select(mail => mail.Subject));

        // The release that asks hears it itself.
        Assert.Contains("answered 400", (await Assert.ThrowsAsync<PortUnavailableException>(() => _mailer.SendAsync(Numbered(1), Cancellation))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_that_went_out_elsewhere_between_list_and_read_is_not_sent_again()
    {
        await QueueAsync(1, 2);
        _service.Room = 9;
        var first = _world.Service!.Names.Single(name => name.EndsWith($"{Numbered(1).OperationId:N}", StringComparison.Ordinal))["state/".Length..];
        _world.Service.LosesAnswer = said =>
        {
            if (said.EndsWith("comp=list", StringComparison.Ordinal)) _world.Container.DeleteBlob(first);
            return false;
        };
        Assert.Equal(1, await _mailer.DrainAsync(Cancellation));
        Assert.Equal("Mail 2", Assert.Single(_service.Mails).Subject);
    }

    [Fact]
    public async Task A_mail_that_was_handed_over_and_not_remembered_is_handed_over_under_the_same_operation()
    {
        await QueueAsync(1);
        _service.Room = 9;
        _world.Service!.LosesAnswer = said =>
        {
            // The next request is the one that remembers.
            if (said.StartsWith("GET /state/mail/", StringComparison.Ordinal)) _world.Service.Script.Add(403);
            return false;
        };
        Assert.Contains("mail queue", (await Assert.ThrowsAsync<PortUnavailableException>(() => _mailer.DrainAsync(Cancellation))).Message, StringComparison.Ordinal);
        Assert.Single(_world.Service.Names);

        _world.Service.LosesAnswer = _ => false;
        Assert.Equal(1, await _mailer.DrainAsync(Cancellation));
        Assert.Single(_service.Mails);
        Assert.Equal("accepted as operation 1", await _mailer.SendAsync(Numbered(1), Cancellation));
    }

    private async Task QueueAsync(params int[] numbers)
    {
        _service.Room = 0;
        foreach (var number in numbers)
        {
            await Assert.ThrowsAsync<PortUnavailableException>(() => _mailer.SendAsync(Numbered(number), Cancellation));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        _service.Tries = 0;
    }

    protected override Task<int> CountAsync() => Task.FromResult(_service.Mails.Select(mail => mail.OperationId).Distinct().Count());

    private static OutgoingMail Numbered(int number) => Mail with { OperationId = new Guid(number, 0, 0, new byte[8]), Subject = $"Mail {number}" };

    /// <summary>A service that has room for so many mails.</summary>
    private sealed class HandingOver(TimeProvider time) : IMailer
    {
        private readonly Lock _lock = new();

        public int Room { get; set; } = 1000;

        public bool Refuses { get; set; }

        public Func<OutgoingMail, PortUnavailableException?> Fails { get; set; } = _ => null;

        public int Tries { get; set; }

        public List<OutgoingMail> Mails { get; } = [];

        public Task<string> SendAsync(OutgoingMail mail, CancellationToken cancellation)
        {
            lock (_lock)
            {
                Tries++;
                if (Fails(mail) is { } failure) throw failure;
                if (Refuses) throw new PortUnavailableException("mail service", "answered 400 DomainNotLinked: the domain is not linked");
                if (Mails.FindIndex(sent => sent.OperationId == mail.OperationId) is >= 0 and var known) return Task.FromResult($"accepted as operation {known + 1}");
                if (Room-- <= 0) throw new PortUnavailableException("mail service", "the number of mails is used up") { RetryAt = time.GetUtcNow().AddMinutes(1) };
                Mails.Add(mail);
                return Task.FromResult($"accepted as operation {Mails.Count}");
            }
        }
    }
}
