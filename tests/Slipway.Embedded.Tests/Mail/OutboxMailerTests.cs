using System.Text;
using Slipway.Embedded.Mail;
using Slipway.Embedded.Tests.Contracts;
using Slipway.Embedded.Tests.Storage;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Tests.Mail;

public sealed class OutboxMailerContract : MailerContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly OutboxMailer _mailer;

    public OutboxMailerContract() => _mailer = new OutboxMailer(Path.Combine(_folder.Path, "outbox"), TestClock.AtNine());

    protected override IMailer Mailer => _mailer;

    public void Dispose() => _folder.Dispose();

    protected override Task<int> CountAsync() => Task.FromResult(Directory.GetFiles(_mailer.Folder).Length);
}

public sealed class OutboxMailerTests : IDisposable
{
    private static readonly OutgoingMail Plain = new(
        new Guid("6f0c5a52-3c0e-4f5b-9b1e-0d9f3a1c7e11"), "dana@example.com", "Dana", "Stage 1 of 4", "Hello\n", "<p>Hello</p>\n", "search-v2");

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task SendAsync_WritesTheHeadersOfAnAutomaticMail()
    {
        var mail = await SendAsync(Plain);
        Assert.Equal("Tue, 01 Dec 2026 09:00:00 +0000", mail.Header("Date"));
        Assert.Equal("\"Slipway\" <slipway@example.org>", mail.Header("From"));
        Assert.Equal("\"Dana\" <dana@example.com>", mail.Header("To"));
        Assert.Equal("Stage 1 of 4", mail.Header("Subject"));
        Assert.Equal("<6f0c5a523c0e4f5b9b1e0d9f3a1c7e11@example.org>", mail.Header("Message-ID"));
        Assert.Equal("auto-generated", mail.Header("Auto-Submitted"));
        Assert.Equal("1.0", mail.Header("MIME-Version"));
        Assert.Equal(mail.Header("References"), mail.Header("In-Reply-To"));
        Assert.EndsWith(Plain.OperationId.ToString("D") + ".eml", mail.Path, StringComparison.Ordinal);
        Assert.Equal([mail.Path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task SendAsync_MailsOfOneReleaseShareAThread()
    {
        var one = await SendAsync(Plain);
        var two = await SendAsync(Plain with { OperationId = new Guid("00000000-0000-0000-0000-000000000002") });
        var other = await SendAsync(Plain with { OperationId = new Guid("00000000-0000-0000-0000-000000000003"), ThreadId = "another" });
        Assert.Equal(one.Header("References"), two.Header("References"));
        Assert.NotEqual(one.Header("References"), other.Header("References"));
    }

    [Theory]
    [InlineData("Hello\n")]
    [InlineData("Änderung: Straße – 5 % → 25 % 🚀\n")]
    [InlineData("a = b; trailing blank \ntrailing tab\t\n.\n..dots\nFrom the start\n--=_boundary\n")]
    [InlineData("\n\n\n")]
    [InlineData("no line break at the end")]
    [InlineData("windows\r\nand old mac\rlines\n")]
    public async Task SendAsync_Bodies_ComeBackToTheLetter(string text)
    {
        var mail = await SendAsync(Plain with { Text = text, Html = $"<p>{text}</p>" });
        Assert.Equal(["text/plain; charset=utf-8", "text/html; charset=utf-8"], mail.Parts.Select(part => part.ContentType));
        Assert.Equal(Lines(text), mail.Parts[0].Content);
        Assert.Equal(Lines($"<p>{text}</p>"), mail.Parts[1].Content);
    }

    [Fact]
    public async Task SendAsync_LongLines_StayWithinWhatMailAllowsAndComeBack()
    {
        for (var length = 60; length < 240; length += 3)
        {
            var text = new string('x', length % 80) + string.Concat(Enumerable.Repeat(". é =", length / 5)) + ".";
            var mail = await SendAsync(Plain with { Text = text, OperationId = new Guid(length, 0, 0, new byte[8]) });
            Assert.All(mail.Raw.Split("\r\n"), line => Assert.InRange(line.Length, 0, 76));
            Assert.DoesNotContain("\r\n.", mail.Raw, StringComparison.Ordinal);
            Assert.Equal(Lines(text), mail.Parts[0].Content);
        }
    }

    [Theory]
    [InlineData("Stage 2 of 4: 25 % of users")]
    [InlineData("Rückabwicklung: „Suche“ ist zurück auf 2.3.7 – niemand ist mehr auf 2.4.0, alle Schalter sind aus 🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀")]
    [InlineData("=?utf-8?B?SGVsbG8=?= is not what it says")]
    [InlineData("A subject of many plain words that is far too long for one line of a mail and therefore is folded at its blanks, twice or so")]
    [InlineData("double  blanks")]
    public async Task SendAsync_Subjects_ComeBackToTheLetter(string subject)
    {
        var mail = await SendAsync(Plain with { Subject = subject });
        Assert.Equal(subject, EmlFile.Decode(mail.Header("Subject")));
        Assert.All(mail.Raw.Split("\r\n"), line => Assert.InRange(line.Length, 0, 78));
        Assert.True(mail.Raw.All(char.IsAscii));
    }

    [Theory]
    [InlineData("Hi\r\nBcc: everybody@example.com")]
    [InlineData("Hi\nBcc: everybody@example.com")]
    [InlineData("Hi\rBcc: everybody@example.com\r\n\r\n<script>")]
    [InlineData("Hi\u2028Bcc: everybody@example.com\u0000\u0085Bcc: x@example.com")]
    public async Task SendAsync_LineBreaksInSubjectOrName_AddNoHeader(string evil)
    {
        var mail = await SendAsync(Plain with { Subject = evil, ToName = evil });
        Assert.Equal(
            ["Date", "From", "To", "Subject", "Message-ID", "In-Reply-To", "References", "Auto-Submitted", "MIME-Version", "Content-Type"],
            mail.HeaderNames);
        Assert.StartsWith("Hi Bcc:", EmlFile.Decode(mail.Header("Subject")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SendAsync_ANameWithQuotesOrLetters_IsQuotedOrEncoded()
    {
        Assert.Equal("\"Dana \\\"D\\\\\\\" <x@example.com>\" <dana@example.com>", (await SendAsync(Plain with { ToName = "Dana \"D\\\" <x@example.com>" })).Header("To"));
        var encoded = (await SendAsync(Plain with { ToName = "Zoë", OperationId = Guid.Empty })).Header("To");
        Assert.Equal("Zoë <dana@example.com>", EmlFile.Decode(encoded));
        var bare = await SendAsync(Plain with { ToName = "", OperationId = new Guid("00000000-0000-0000-0000-000000000009") });
        Assert.Equal("dana@example.com", bare.Header("To"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("dana")]
    [InlineData("dana@example.com\r\nBcc: x@example.com")]
    [InlineData("dana@example.com, erin@example.com")]
    [InlineData("<dana@example.com>")]
    [InlineData("dana @example.com")]
    [InlineData("dänä@example.com")]
    [InlineData("dana@-example.com")]
    public async Task SendAsync_ARecipientThatIsNoAddress_IsRefused(string to)
    {
        await Assert.ThrowsAsync<FormatException>(() => SendAsync(Plain with { To = to }));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task SendAsync_IntoAFolderThatCannotBe_IsWorthAnotherTry()
    {
        var file = Path.Combine(_folder.Path, "file");
        await File.WriteAllTextAsync(file, "", Cancellation);
        var error = await Assert.ThrowsAsync<PortUnavailableException>(() => new OutboxMailer(file, TestClock.AtNine()).SendAsync(Plain, Cancellation));
        Assert.Equal("outbox", error.System);
    }

    private static string Lines(string text) => text.ReplaceLineEndings("\r\n");

    private async Task<EmlFile> SendAsync(OutgoingMail mail)
    {
        var mailer = new OutboxMailer(_folder.Path, TestClock.AtNine(), "slipway@example.org");
        var path = await mailer.SendAsync(mail, Cancellation);
        return new EmlFile(path, Encoding.UTF8.GetString(await File.ReadAllBytesAsync(path, Cancellation)));
    }
}
