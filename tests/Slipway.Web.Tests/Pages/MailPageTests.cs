using System.Net;
using Slipway.Core.Ledgers;
using Slipway.Core.Messages;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Web.Messages;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Pages;

/// <summary>The page of a release's mails: what was sent, as it was, and what is to come.</summary>
public sealed class MailPageTests
{
    private const string Id = "6f1c2f0e-6f5a-4b2e-9d57-1f2c3a4b5c6d";
    private readonly ApiWorld _world = new();

    [Fact]
    public async Task A_mail_is_shown_as_it_was_sent_with_its_recipient_and_its_tries()
    {
        var release = await _world.StartSampleAsync();
        var facts = Facts(release, Checkpoint.Stage, "Stage 1 of 3: 5 % of users");
        await SentAsync(release, new MessageRecord(facts, "Support", null, false), "support@example.com", "no route to host");
        await _world.AppendAsync(release, new MessageSent(Id, Checkpoint.Stage, "support@example.com", EffectKind.Mail, true, "outbox/1.eml", true));
        var mail = new MessageComposer().Mail(facts, "Support");

        var page = await _world.SendAsync("GET", $"/releases/{release}/mails", token: ApiWorld.ViewerToken);
        var part = await _world.SendAsync("GET", $"/releases/{release}/mails/2", token: ApiWorld.ViewerToken);

        Assert.Equal((200, 200), (page.Status, part.Status));
        var text = WebUtility.HtmlDecode(page.Body);
        foreach (var said in new[] { mail.Subject, mail.Text, "support@example.com", "no route to host", "outbox/1.eml", "1 sent, 1 of them accepted" })
            Assert.Contains(said, text, StringComparison.Ordinal);
        Assert.Matches($"<iframe sandbox(=\"\")? loading=\"lazy\" title=\"[^\"]+\" src=\"/releases/{release}/mails/2\">", page.Body);
        Assert.Equal(mail.Html, part.Body);
    }

    [Fact]
    public async Task The_html_part_runs_nothing_and_only_this_server_frames_it()
    {
        var release = await _world.StartSampleAsync();
        await SentAsync(release, new MessageRecord(Facts(release, Checkpoint.Stage, "<script>alert(1)</script>"), "", null, false), "support@example.com", "sent");
        var page = await _world.SendAsync("GET", $"/releases/{release}/mails", token: ApiWorld.ViewerToken);
        var part = await _world.SendAsync("GET", $"/releases/{release}/mails/2", token: ApiWorld.ViewerToken);

        var policy = part.Headers.ContentSecurityPolicy.ToString();
        foreach (var rule in new[] { "default-src 'none'", "style-src 'unsafe-inline'", "frame-ancestors 'self'", "form-action 'none'", "sandbox" }) Assert.Contains(rule, policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src", policy, StringComparison.Ordinal);
        Assert.Equal("SAMEORIGIN", part.Headers.XFrameOptions.ToString());
        Assert.DoesNotContain("unsafe-inline", page.Headers.ContentSecurityPolicy.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", page.Body + part.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_approval_link_is_never_shown()
    {
        var release = await _world.StartSampleAsync();
        await SentAsync(release, new MessageRecord(Facts(release, Checkpoint.Approval, "Approval needed: start at 5 %"), "", null, true), "ada@example.com", "sent");
        var page = WebUtility.HtmlDecode((await _world.SendAsync("GET", $"/releases/{release}/mails", token: ApiWorld.ViewerToken)).Body);

        Assert.Contains("http://localhost:5180/approvals/(only-in-the-mail)", page, StringComparison.Ordinal);
        Assert.Contains("Or run: slipway approve TOKEN", page, StringComparison.Ordinal);
        Assert.Contains("it stands in its recipient's mail alone", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_mail_that_asks_is_shown_with_rehearsal_and_power_only_where_it_was_sent_with_them(bool evidence)
    {
        var release = await _world.StartSampleAsync();
        await _world.AppendAsync(
            release,
            new EffectIntended($"message:{Id}", EffectKind.Mail, "ada@example.com", "tell ada") { Message = new MessageRecord(Facts(release, Checkpoint.Approval, "Approval needed: start at 5 %"), "", null, true) },
            new MessageSent(Id, Checkpoint.Approval, "ada@example.com", EffectKind.Mail, true, "sent", false) { Evidence = evidence });

        Assert.Equal(evidence, (await _world.SendAsync("GET", $"/releases/{release}/mails/2", token: ApiWorld.ViewerToken)).Body.Contains("Rehearsal of the way back", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_webhook_is_shown_as_its_json()
    {
        var release = await _world.StartSampleAsync();
        var facts = Facts(release, Checkpoint.Stage, "Stage 1 of 3: 5 % of users");
        await SentAsync(release, new MessageRecord(facts, "ops", WebhookShape.Slack, false), "ops", "accepted");

        Assert.Contains(new MessageComposer().Webhook(facts, WebhookShape.Slack), WebUtility.HtmlDecode((await _world.SendAsync("GET", $"/releases/{release}/mails", token: ApiWorld.ViewerToken)).Body), StringComparison.Ordinal);
        Assert.Equal(404, (await _world.SendAsync("GET", $"/releases/{release}/mails/2", token: ApiWorld.ViewerToken)).Status);
    }

    [Fact]
    public async Task What_is_to_come_is_shown_as_it_would_be_in_its_order()
    {
        var release = await _world.StartSampleAsync();
        var page = WebUtility.HtmlDecode((await _world.SendAsync("GET", $"/releases/{release}/mails", token: ApiWorld.ViewerToken)).Body);

        var from = 0;
        foreach (var said in new[]
        {
            "Nobody was told anything yet", "[Started]", "when it starts", "Stage 1 of 3: 5 % of users", "Stage 3 of 3: 100 % of users", "[Done]", "Review of the first hour", "1h after the end",
            "Review of the first week", "only if it is held", "only if a limit is crossed", "only if it is rolled back", "when a rollback has ended",
        })
        {
            var found = page.IndexOf(said, from, StringComparison.Ordinal);
            Assert.True(found >= 0, $"'{said}' does not follow in:\n{page}");
            from = found;
        }

        Assert.Contains("Stage 1 of 3", (await _world.SendAsync("GET", $"/releases/{release}/mails/next-2", token: ApiWorld.ViewerToken)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_not_see_releases_sees_no_mail_and_what_is_not_there_is_said()
    {
        var release = await _world.StartSampleAsync();

        Assert.Equal(303, (await _world.SendAsync("GET", $"/releases/{release}/mails", token: null)).Status);
        Assert.Equal(403, (await _world.SendAsync("GET", $"/releases/{release}/mails/1", token: ApiWorld.TelemetryToken)).Status);
        Assert.Equal(404, (await _world.SendAsync("GET", "/releases/no-such/mails", token: ApiWorld.ViewerToken)).Status);
        Assert.Equal(404, (await _world.SendAsync("GET", $"/releases/{release}/mails/99", token: ApiWorld.ViewerToken)).Status);
    }

    private async Task SentAsync(ReleaseId release, MessageRecord record, string recipient, string details)
    {
        var kind = record.Shape is null ? EffectKind.Mail : EffectKind.Webhook;
        await _world.AppendAsync(
            release,
            new EffectIntended($"message:{Id}", kind, recipient, $"tell {recipient}") { Message = record },
            new MessageSent(Id, record.Facts.Checkpoint, recipient, kind, details is "sent" or "accepted", details, false));
    }

    private static MessageFacts Facts(ReleaseId release, Checkpoint checkpoint, string headline) => new()
    {
        ReleaseId = release.Value,
        Title = "Streaming search indexer",
        Version = "2.4.0",
        Checkpoint = checkpoint,
        Headline = headline,
        Details = "error rate 0.4 % over 18,240 requests",
        Percentage = 5,
        At = ApiWorld.Start,
        Url = $"http://localhost:5180/releases/{release}",
    };
}
