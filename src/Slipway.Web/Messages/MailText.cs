using System.Text;
using Slipway.Core.Messages;

namespace Slipway.Web.Messages;

/// <summary>The text part: says everything that the HTML part says, with the bare URL and the command.</summary>
internal static class MailText
{
    public static string Write(MessageFacts facts, string recipientName)
    {
        var text = new StringBuilder();
        if (recipientName.Length > 0)
            text.Append("Hello ").Append(recipientName).Append(",\n\n");
        text.Append(facts.Headline).Append("\n\n");
        if (facts.Details.Length > 0)
            text.Append(facts.Details).Append("\n\n");
        foreach (var (name, value) in MailRows.Of(facts))
            text.Append(name).Append(": ").Append(value).Append('\n');
        text.Append(MessageText.Asks(facts) ? "\nDecide here: " : "\nSee it: ").Append(facts.Url).Append('\n');
        if (MessageText.Command(facts) is { } command)
            text.Append("Or run: ").Append(command).Append('\n');
        return text.Append("\n-- \nSent by Slipway. Nobody reads answers to this address.\n").ToString();
    }
}
