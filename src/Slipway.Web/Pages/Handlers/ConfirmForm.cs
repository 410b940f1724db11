using Slipway.Web.Access;
using Slipway.Web.Api;

namespace Slipway.Web.Pages.Handlers;

/// <summary>What every form that confirms something is checked for before it does anything. Pure but for the token's clock.</summary>
internal static class ConfirmForm
{
    /// <summary>Why the form does nothing; null: it may.</summary>
    /// <param name="form">The posted form.</param>
    /// <param name="tokens">Know whether it came from this server's page.</param>
    /// <param name="purpose">The form's purpose.</param>
    /// <param name="caller">Who sent it.</param>
    /// <param name="typed">The word to type; null: none.</param>
    public static string? Problem(FormBody form, FormTokens tokens, string purpose, Caller caller, string? typed)
    {
        if (!tokens.Accepts(form[FormTokens.Field], purpose, caller.Holder()))
            return "The form was open for too long, or did not come from this page. Look at what it says, and send it again.";
        if (typed is not null && !string.Equals(form["confirm"].Trim(), typed, StringComparison.Ordinal))
            return $"The confirmation is not the release's id: type {typed}.";
        return form["reason"].Length > CommandBody.LongestReason
            ? $"The reason has {form["reason"].Length} characters; at most {CommandBody.LongestReason} are kept."
            : null;
    }
}
