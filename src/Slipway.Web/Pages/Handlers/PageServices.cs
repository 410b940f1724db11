using Microsoft.AspNetCore.Http;
using Slipway.Web.Access;

namespace Slipway.Web.Pages.Handlers;

/// <summary>What pages need beside the API's services.</summary>
public sealed record PageServices
{
    /// <summary>Browser sessions.</summary>
    public required BrowserSessions Sessions { get; init; }

    /// <summary>Links that sign in once.</summary>
    public required SignInLinks SignIns { get; init; }

    /// <summary>Anti-forgery tokens.</summary>
    public required FormTokens Forms { get; init; }

    /// <summary>API keys, as a person types one.</summary>
    public required TokenAccessControl Keys { get; init; }

    /// <summary>Whom the platform in front of this host has signed in, where there is one: such a person needs no key to begin a session. Null:
    /// there is no such platform.</summary>
    public Func<HttpContext, Caller?>? Platform { get; init; }

    /// <summary>Makes them over keys of a host.</summary>
    /// <param name="keys">The host's keys.</param>
    /// <param name="tokens">API keys.</param>
    /// <param name="time">The clock.</param>
    /// <param name="secure">Whether browsers reach the host over https whatever a request looks like here, behind a platform that ends TLS.</param>
    public static PageServices Over(WebKeys keys, TokenAccessControl tokens, TimeProvider time, bool secure = false) => new()
    {
        Sessions = new BrowserSessions(keys, time, secure),
        SignIns = new SignInLinks(keys, time),
        Forms = new FormTokens(keys, time),
        Keys = tokens,
    };
}
