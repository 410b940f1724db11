using System.Globalization;

namespace Slipway.Web.Access;

/// <summary>
/// Anti-forgery tokens. A form carries one that is bound to its purpose and to whom it was shown (the session's nonce, or the approval
/// link), so that no other site can make a browser post it, and no token is good for another form. Good for two hours.
/// </summary>
/// <param name="keys">Sign it.</param>
/// <param name="time">The clock of its expiry.</param>
public sealed class FormTokens(WebKeys keys, TimeProvider time)
{
    /// <summary>The form field's name.</summary>
    public const string Field = "form_token";

    /// <summary>For how long a form may stay open.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(2);

    /// <summary>A token for a form.</summary>
    /// <param name="purpose">The form, for example <c>command:search-v2</c>.</param>
    /// <param name="holder">Whom it was shown to.</param>
    public string Make(string purpose, string holder) => SignedText.Write(
        keys.Forms, purpose, holder, (time.GetUtcNow() + Lifetime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));

    /// <summary>Whether a token is good for a form of a holder.</summary>
    public bool Accepts(string token, string purpose, string holder) =>
        SignedText.Read(keys.Forms, token) is [var madeFor, var madeTo, var ends]
        && madeFor == purpose && madeTo == holder
        && long.TryParse(ends, NumberStyles.None, CultureInfo.InvariantCulture, out var until) && until > time.GetUtcNow().ToUnixTimeSeconds();
}
