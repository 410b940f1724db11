using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;

namespace Slipway.Web.Access;

/// <summary>
/// Links that sign a browser in once, so that no long-lived token has to be pasted into a page: made for an authenticated caller, good for
/// ten minutes, used up by their first use. What was used is kept in memory until it would have expired anyway; a restart forgets it, and
/// a link of the last ten minutes could then be used a second time.
/// </summary>
/// <param name="keys">Sign the code.</param>
/// <param name="time">The clock of its expiry.</param>
public sealed class SignInLinks(WebKeys keys, TimeProvider time)
{
    /// <summary>For how long a link is good.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, long> _used = new(StringComparer.Ordinal);

    /// <summary>A code for a caller.</summary>
    public string Make(Caller caller) => SignedText.Write(
        keys.SignIns, caller.Name, ((int)caller.Roles).ToString(CultureInfo.InvariantCulture),
        (time.GetUtcNow() + Lifetime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), RandomNumberGenerator.GetHexString(16, lowercase: true));

    /// <summary>Who a code is for, without using it; null: it is not good (any more).</summary>
    public Caller? Look(string code) => Read(code)?.Caller;

    /// <summary>Uses a code up; null: it is not good (any more).</summary>
    public Caller? Use(string code)
    {
        if (Read(code) is not { } read) return null;
        Forget();
        return _used.TryAdd(read.Nonce, read.Until) ? read.Caller : null;
    }

    private (Caller Caller, string Nonce, long Until)? Read(string code)
    {
        if (SignedText.Read(keys.SignIns, code) is not [var name, var roles, var ends, var nonce]
            || !long.TryParse(ends, NumberStyles.None, CultureInfo.InvariantCulture, out var until) || until <= time.GetUtcNow().ToUnixTimeSeconds()
            || !int.TryParse(roles, NumberStyles.None, CultureInfo.InvariantCulture, out var flags)
            || _used.ContainsKey(nonce)) return null;
        return (new Caller(name, (ApiRoles)flags), nonce, until);
    }

    private void Forget()
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        foreach (var (nonce, until) in _used)
        {
            if (until <= now) _used.TryRemove(nonce, out _);
        }
    }
}
