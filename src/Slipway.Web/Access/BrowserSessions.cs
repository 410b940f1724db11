using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Slipway.Web.Access;

/// <summary>
/// Browser sessions: a signed cookie with name, roles, expiry and nonce, so that a restart of the server signs nobody out. HttpOnly and
/// SameSite=Lax: no script reads it, and no other site's form carries it.
/// </summary>
/// <param name="keys">Sign it.</param>
/// <param name="time">The clock of its expiry.</param>
/// <param name="secure">Whether the cookie is for https alone although a request does not look like it, behind a platform that ends TLS.</param>
public sealed class BrowserSessions(WebKeys keys, TimeProvider time, bool secure = false)
{
    /// <summary>The cookie's name.</summary>
    public const string Cookie = "slipway_session";

    /// <summary>For how long a session lasts.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    /// <summary>Signs a caller in: sets the cookie.</summary>
    public void Begin(HttpContext context, Caller caller)
    {
        var ends = time.GetUtcNow() + Lifetime;
        var value = SignedText.Write(
            keys.Sessions, caller.Name, ((int)caller.Roles).ToString(CultureInfo.InvariantCulture),
            ends.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), RandomNumberGenerator.GetHexString(16, lowercase: true));
        context.Response.Cookies.Append(Cookie, value, Options(context, ends));
    }

    /// <summary>Signs out: removes the cookie.</summary>
    public void End(HttpContext context) => context.Response.Cookies.Delete(Cookie, Options(context, null));

    /// <summary>Whose session a request carries; null: none that counts.</summary>
    public Caller? Read(HttpContext context)
    {
        if (context.Request.Cookies[Cookie] is not { Length: > 0 } value
            || SignedText.Read(keys.Sessions, value) is not [var name, var roles, var ends, var nonce]) return null;
        return long.TryParse(ends, NumberStyles.None, CultureInfo.InvariantCulture, out var until) && until > time.GetUtcNow().ToUnixTimeSeconds()
            && int.TryParse(roles, NumberStyles.None, CultureInfo.InvariantCulture, out var flags)
                ? new Caller(name, (ApiRoles)flags) { Session = nonce }
                : null;
    }

    private CookieOptions Options(HttpContext context, DateTimeOffset? ends) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = secure || context.Request.IsHttps,
        Path = "/",
        Expires = ends,
        IsEssential = true,
    };
}
