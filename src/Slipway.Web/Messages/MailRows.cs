using Slipway.Core.Messages;

namespace Slipway.Web.Messages;

/// <summary>The facts table of a mail; the same rows in both parts.</summary>
internal static class MailRows
{
    public static IEnumerable<(string Name, string Value)> Of(MessageFacts facts)
    {
        yield return ("Release", MessageText.Name(facts));
        yield return ("Id", facts.ReleaseId);
        yield return ("Exposure", MessageText.Share(facts.Percentage));
        yield return ("Time", MessageText.Moment(facts.At));
        if (facts.Next.Length > 0)
            yield return ("Next", facts.Next);
    }
}
