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

    protected override Task<int> CountAsync() => Task.FromResult(_service.Mails.Select(mail => mail.OperationId).Distinct().Count());

    private static OutgoingMail Numbered(int number) => Mail with { OperationId = new Guid(number, 0, 0, new byte[8]), Subject = $"Mail {number}" };

    /// <summary>A service that has room for so many mails.</summary>
    private sealed class HandingOver(TimeProvider time) : IMailer
    {
        private readonly Lock _lock = new();

        public int Room { get; set; } = 1000;

        public bool Refuses { get; set; }

        public List<OutgoingMail> Mails { get; } = [];

        public Task<string> SendAsync(OutgoingMail mail, CancellationToken cancellation)
        {
            lock (_lock)
            {
                if (Refuses) throw new PortUnavailableException("mail service", "answered 400 DomainNotLinked: the domain is not linked");
                if (Mails.FindIndex(sent => sent.OperationId == mail.OperationId) is >= 0 and var known) return Task.FromResult($"accepted as operation {known + 1}");
                if (Room-- <= 0) throw new PortUnavailableException("mail service", "the number of mails is used up") { RetryAt = time.GetUtcNow().AddMinutes(1) };
                Mails.Add(mail);
                return Task.FromResult($"accepted as operation {Mails.Count}");
            }
        }
    }
}
