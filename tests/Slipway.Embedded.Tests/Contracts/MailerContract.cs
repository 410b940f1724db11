using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Tests.Contracts;

/// <summary>What every mailer must do.</summary>
public abstract class MailerContract
{
    protected static OutgoingMail Mail { get; } = new(
        new Guid("6f0c5a52-3c0e-4f5b-9b1e-0d9f3a1c7e11"), "dana@example.com", "Dana", "Stage 1 of 4", "Hello\n", "<p>Hello</p>\n", "search-v2");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract IMailer Mailer { get; }

    /// <summary>How many mails went out.</summary>
    protected abstract Task<int> CountAsync();

    [Fact]
    public async Task SendAsync_SaysWhereTheMailWent()
    {
        Assert.NotEmpty(await Mailer.SendAsync(Mail, Cancellation));
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task SendAsync_TheSameOperationAgain_GoesOutOnce()
    {
        var first = await Mailer.SendAsync(Mail, Cancellation);
        Assert.Equal(first, await Mailer.SendAsync(Mail with { Subject = "Other words" }, Cancellation));
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task SendAsync_TheSameOperationManyTimesAtOnce_GoesOutOnce()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Mailer.SendAsync(Mail, Cancellation)));
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task SendAsync_AnotherOperation_IsAnotherMail()
    {
        await Mailer.SendAsync(Mail, Cancellation);
        await Mailer.SendAsync(Mail with { OperationId = new Guid("00000000-0000-0000-0000-000000000002") }, Cancellation);
        Assert.Equal(2, await CountAsync());
    }
}
