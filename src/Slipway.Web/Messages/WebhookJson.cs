using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Core.Messages;
using Slipway.Core.Serialization;

namespace Slipway.Web.Messages;

/// <summary>The JSON bodies of webhooks.</summary>
internal static class WebhookJson
{
    private static readonly JsonSerializerOptions Options = SlipwayJson.Options;

    /// <summary>Slipway's own shape.</summary>
    public static string Plain(MessageFacts facts) => new JsonObject
    {
        ["schema"] = "slipway.message.v1",
        ["release_id"] = facts.ReleaseId,
        ["title"] = facts.Title,
        ["version"] = facts.Version,
        ["checkpoint"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(facts.Checkpoint.ToString()),
        ["headline"] = facts.Headline,
        ["details"] = facts.Details,
        ["percentage"] = facts.Percentage,
        ["next"] = facts.Next,
        ["at"] = MessageText.Machine(facts.At),
        ["url"] = facts.Url,
    }.ToJsonString(Options);

    /// <summary>Slack: blocks, with <c>text</c> for notifications. Values stand in <c>plain_text</c>, where nothing is markup.</summary>
    public static string Slack(MessageFacts facts)
    {
        var blocks = new JsonArray(
            new JsonObject { ["type"] = "header", ["text"] = PlainText(facts.Headline, 150) },
            new JsonObject
            {
                ["type"] = "section",
                ["fields"] = new JsonArray([.. MailRows.Of(facts).Select(row => (JsonNode)PlainText($"{row.Name}: {row.Value}", 2000))]),
            });
        if (facts.Details.Length > 0)
            blocks.Insert(1, new JsonObject { ["type"] = "section", ["text"] = PlainText(facts.Details, 3000) });
        if (MessageText.Link(facts) is { } link)
        {
            blocks.Add(new JsonObject
            {
                ["type"] = "actions",
                ["elements"] = new JsonArray(new JsonObject
                {
                    ["type"] = "button",
                    ["text"] = PlainText("See the release", 75),
                    ["url"] = link,
                }),
            });
        }

        return new JsonObject { ["text"] = SlackEscape($"{MessageText.Subject(facts)}"), ["blocks"] = blocks }.ToJsonString(Options);
    }

    /// <summary>Teams: a message with one Adaptive Card, as its workflow webhooks expect it.</summary>
    public static string Teams(MessageFacts facts)
    {
        var body = new JsonArray(
            Block(MessageText.CheckpointWord(facts.Checkpoint), ("isSubtle", true)),
            Block(facts.Headline, ("size", "Large"), ("weight", "Bolder")));
        if (facts.Details.Length > 0)
            body.Add(Block(facts.Details));
        body.Add(new JsonObject
        {
            ["type"] = "FactSet",
            ["facts"] = new JsonArray([.. MailRows.Of(facts).Select(row => (JsonNode)new JsonObject
            {
                ["title"] = row.Name,
                ["value"] = CardText(row.Value),
            })]),
        });
        var card = new JsonObject
        {
            ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
            ["type"] = "AdaptiveCard",
            ["version"] = "1.4",
            ["fallbackText"] = MessageText.Subject(facts),
            ["body"] = body,
        };
        if (MessageText.Link(facts) is { } link)
            card["actions"] = new JsonArray(new JsonObject { ["type"] = "Action.OpenUrl", ["title"] = "See the release", ["url"] = link });
        return new JsonObject
        {
            ["type"] = "message",
            ["attachments"] = new JsonArray(new JsonObject
            {
                ["contentType"] = "application/vnd.microsoft.card.adaptive",
                ["contentUrl"] = null,
                ["content"] = card,
            }),
        }.ToJsonString(Options);
    }

    private static JsonObject PlainText(string text, int limit) => new()
    {
        ["type"] = "plain_text",
        ["text"] = text.Length <= limit ? text : text[..(limit - 1)] + "…",
        ["emoji"] = false,
    };

    private static JsonObject Block(string text, params ReadOnlySpan<(string Name, JsonNode Value)> members)
    {
        var block = new JsonObject { ["type"] = "TextBlock", ["text"] = CardText(text), ["wrap"] = true };
        foreach (var (name, value) in members)
            block[name] = value;
        return block;
    }

    // Slack's top-level text is mrkdwn: these three characters are its whole markup for links and mentions.
    private static string SlackEscape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    // A card's text is a Markdown subset: without square brackets nobody's title becomes a link to somewhere else.
    private static string CardText(string text)
    {
        var escaped = new System.Text.StringBuilder(text.Length);
        foreach (var letter in text)
        {
            if (letter is '[' or ']' or '\\')
                escaped.Append('\\');
            escaped.Append(letter);
        }

        return escaped.ToString();
    }
}
