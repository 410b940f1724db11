using Slipway.Core.Releases;

namespace Slipway.Core.Ledgers;

/// <summary>
/// What the ledger says of an effect, as people see it. The ledger names what was touched by its whole address; whoever reads a report, a page or a
/// mail is told no more of it than it takes to recognise it. Pure.
/// </summary>
public static class ShownEffect
{
    /// <summary>A target, a detail: the addresses in it without what they keep secret, which for a webhook is the path as well.</summary>
    public static string Text(EffectKind kind, string text) => kind == EffectKind.Webhook ? ShownUrl.OfWebhook(text) : ShownUrl.Of(text);
}
