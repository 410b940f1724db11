using System.Text.Json;
using System.Text.RegularExpressions;
using Slipway.Core.Messages;
using Slipway.Core.Requests;
using Slipway.Web.Messages;

namespace Slipway.Web.Tests.Messages;

public sealed class MessageComposerTests
{
    private static readonly MessageFacts Facts = new()
    {
        ReleaseId = "search-v2",
        Title = "Streaming search",
        Version = "2.4.0",
        Checkpoint = Checkpoint.Stage,
        Headline = "Stage 2 of 4: 25 % of users",
        Details = "Error rate 0.4 % over 18,240 requests, limit 1 %.\nControl 0.4 %.",
        Percentage = 25m,
        Next = "Stage 3 at 14:30 UTC",
        At = new DateTimeOffset(2026, 12, 1, 9, 0, 0, TimeSpan.FromHours(1)),
        Url = "https://slipway.example/releases/search-v2?a=1&b=2",
    };

    private static readonly MessageFacts Hostile = Facts with
    {
        Title = "<script>alert(1)</script>\r\nBcc: everyone@example.com",
        Headline = "5 > 3 & \"quoted\" <b>bold</b>\nX-Header: 1",
        Details = "[click](https://evil.example) <!channel> ${jndi:ldap://x}\u202Etxt.exe\u0000",
        Next = "<img src=x onerror=alert(2)>",
        Url = "javascript:alert(3)",
        ReleaseId = "x; rm -rf /",
    };

    private readonly MessageComposer _composer = new();

    [Fact]
    public void Lines_of_the_details_are_lines_in_the_html_part_too() =>
        Assert.Contains("limit 1 %.<br>\nControl 0.4 %.", _composer.Mail(Facts, "Dana").Html, StringComparison.Ordinal);

    [Fact]
    public void Mail_says_everything_in_its_text_part()
    {
        var text = _composer.Mail(Facts, "Dana").Text;

        Assert.Equal(
            """
            Hello Dana,

            Stage 2 of 4: 25 % of users

            Error rate 0.4 % over 18,240 requests, limit 1 %.
            Control 0.4 %.

            Release: Streaming search 2.4.0
            Id: search-v2
            Exposure: 25 % of users
            Time: 2026-12-01 08:00:00 UTC
            Next: Stage 3 at 14:30 UTC

            See it: https://slipway.example/releases/search-v2?a=1&b=2
            Or run: slipway show search-v2

            --{SPACE}
            Sent by Slipway. Nobody reads answers to this address.

            """.ReplaceLineEndings("\n").Replace("{SPACE}", " ", StringComparison.Ordinal),
            text);
    }

    [Fact]
    public void Mail_html_is_narrow_dark_ready_has_a_language_and_loads_nothing()
    {
        var html = _composer.Mail(Facts, "Dana").Html;

        Assert.StartsWith("<!DOCTYPE html>\n<html lang=\"en\">", html.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("max-width:600px", html, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme: dark", html, StringComparison.Ordinal);
        Assert.Contains("href=\"https://slipway.example/releases/search-v2?a=1&amp;b=2\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@import", html, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Mail_html_has_the_rows_of_the_text_part()
    {
        var mail = _composer.Mail(Facts, "Dana");
        var seen = System.Net.WebUtility.HtmlDecode(Regex.Replace(mail.Html[mail.Html.IndexOf("<body", StringComparison.Ordinal)..], "<[^>]+>", " "));

        foreach (var value in new[] { "Streaming search 2.4.0", "search-v2", "25 % of users", "2026-12-01 08:00:00 UTC", "Stage 3 at 14:30 UTC", "Hello Dana" })
            Assert.Contains(value, seen, StringComparison.Ordinal);
    }

    [Fact]
    public void Mail_of_hostile_facts_has_a_subject_of_one_line()
    {
        var subject = _composer.Mail(Hostile, "Dana").Subject;

        Assert.DoesNotContain(subject, char.IsControl);
        Assert.StartsWith("[Stage] ", subject, StringComparison.Ordinal);
        Assert.True(subject.Length <= 160);
    }

    [Fact]
    public void Mail_of_hostile_facts_encodes_every_value_and_links_nowhere()
    {
        var html = _composer.Mail(Hostile, "<i>Dana</i>\r\nCc: x").Html;

        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<i>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("href=", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Mail_of_hostile_facts_offers_no_command_and_keeps_no_direction_marks()
    {
        var text = _composer.Mail(Hostile, "").Text;

        Assert.DoesNotContain("Or run", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202E', text);
        Assert.DoesNotContain('\0', text);
        Assert.DoesNotContain("Hello", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Subject_is_cut_between_whole_characters()
    {
        var subject = _composer.Mail(Facts with { Headline = string.Concat(Enumerable.Repeat("🚀", 200)) }, "").Subject;

        Assert.True(subject.Length <= 160);
        Assert.EndsWith("🚀…", subject, StringComparison.Ordinal);
    }

    [Fact]
    public void Webhook_plain_has_every_fact()
    {
        using var json = JsonDocument.Parse(_composer.Webhook(Facts, WebhookShape.Plain));
        var root = json.RootElement;

        Assert.Equal("slipway.message.v1", root.GetProperty("schema").GetString());
        Assert.Equal("search-v2", root.GetProperty("release_id").GetString());
        Assert.Equal("stage", root.GetProperty("checkpoint").GetString());
        Assert.Equal(25m, root.GetProperty("percentage").GetDecimal());
        Assert.Equal("2026-12-01T08:00:00Z", root.GetProperty("at").GetString());
        Assert.Equal(Facts.Url, root.GetProperty("url").GetString());
        Assert.Equal(Facts.Details, root.GetProperty("details").GetString());
    }

    [Fact]
    public void Webhook_slack_keeps_values_in_plain_text_and_escapes_its_fallback()
    {
        using var json = JsonDocument.Parse(_composer.Webhook(Hostile, WebhookShape.Slack));
        var root = json.RootElement;

        Assert.DoesNotContain('<', root.GetProperty("text").GetString()!);
        var blocks = root.GetProperty("blocks").EnumerateArray().ToList();
        Assert.Equal(["header", "section", "section"], blocks.Select(block => block.GetProperty("type").GetString()));
        Assert.Equal("plain_text", blocks[1].GetProperty("text").GetProperty("type").GetString());
        Assert.All(blocks[2].GetProperty("fields").EnumerateArray(), field => Assert.Equal("plain_text", field.GetProperty("type").GetString()));
    }

    [Fact]
    public void Webhook_slack_has_a_button_to_the_release()
    {
        using var json = JsonDocument.Parse(_composer.Webhook(Facts, WebhookShape.Slack));

        var button = json.RootElement.GetProperty("blocks").EnumerateArray().Last().GetProperty("elements")[0];
        Assert.Equal(Facts.Url, button.GetProperty("url").GetString());
    }

    [Fact]
    public void Webhook_teams_is_one_adaptive_card_without_foreign_links()
    {
        using var json = JsonDocument.Parse(_composer.Webhook(Hostile, WebhookShape.Teams));

        var attachment = Assert.Single(json.RootElement.GetProperty("attachments").EnumerateArray());
        Assert.Equal("application/vnd.microsoft.card.adaptive", attachment.GetProperty("contentType").GetString());
        var card = attachment.GetProperty("content");
        Assert.Equal("AdaptiveCard", card.GetProperty("type").GetString());
        Assert.False(card.TryGetProperty("actions", out _));
        Assert.Contains(card.GetProperty("body").EnumerateArray(), block =>
            block.TryGetProperty("text", out var text) && text.GetString()!.StartsWith("\\[click\\](https", StringComparison.Ordinal));
    }

    [Fact]
    public void Webhook_teams_links_to_the_release()
    {
        using var json = JsonDocument.Parse(_composer.Webhook(Facts, WebhookShape.Teams));

        var action = json.RootElement.GetProperty("attachments")[0].GetProperty("content").GetProperty("actions")[0];
        Assert.Equal(Facts.Url, action.GetProperty("url").GetString());
    }

    [Theory]
    [InlineData(WebhookShape.Plain)]
    [InlineData(WebhookShape.Slack)]
    [InlineData(WebhookShape.Teams)]
    public void Webhook_of_the_same_facts_is_the_same(WebhookShape shape) =>
        Assert.Equal(_composer.Webhook(Facts, shape), _composer.Webhook(Facts with { }, shape));
}
